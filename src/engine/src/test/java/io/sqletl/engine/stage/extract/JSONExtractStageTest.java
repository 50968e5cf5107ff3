package io.sqletl.engine.stage.extract;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.spark;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.stage.Folder;
import io.sqletl.engine.stage.SqlJob;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JSONExtractStageTest {

  private static final String SCHEMA =
      """
      [ {name: b, type: long, nullable: false, description: "the b"},
        {name: c, type: string, nullable: true} ]
      """;

  @TempDir Path directory;
  private Folder folder;

  @BeforeEach
  void makeFolder() {
    folder = new Folder(directory);
  }

  private SqlJob extract(String input, String keys) throws Exception {
    return SqlJob.run(
        SqlJob.stage(
            "JSONExtract", "inputURI: \"" + folder.of(input) + "\"\noutputView: json\n" + keys));
  }

  private String schemaURI() {
    return "schemaURI: \"" + folder.with("schema.conf", SCHEMA).of("schema.conf") + "\"\n";
  }

  @Test
  void columnsAreFoundInTheData() throws Exception {
    folder.with("a.json", "{\"b\": 1, \"a\": [{\"x\": 1.5}],\n \"d\": \"2020-01-01\"}");
    extract("a.json", "");
    assertThat(spark().table("json").schema().simpleString())
        .isEqualTo(
            "struct<a:array<struct<x:double>>,b:bigint,d:string,_filename:string,_index:bigint,"
                + "_errors:array<struct<field:string,message:string>>>");
  }

  @Test
  void linesAreReadWhetherTheyAreSaidToBeRecordsOrNot() throws Exception {
    folder.with("a.json", "{\"b\": 1}\r\n{\"b\": 2}\r\n");
    extract("a.json", "");
    assertThat(rows("select b, _index from json order by b")).containsExactly("[1,1]", "[2,2]");
    extract("a.json", "multiLine: false");
    assertThat(rows("select b, _index from json order by b")).containsExactly("[1,1]", "[2,2]");
  }

  @Test
  void recordsThatAreNoneStandApart() throws Exception {
    folder.with("a.json", "{\"b\": 1}\nnonsense\n");
    extract("a.json", "multiLine: false");
    assertThat(rows("select b, _corrupt_record, _index from json order by _index"))
        .containsExactly("[1,null,1]", "[null,nonsense,2]");
  }

  @Test
  void aSchemaDecidesWhatIsRead() throws Exception {
    folder.with("a.json", "{\"x\": 0, \"c\": 5, \"b\": 1}\n{\"b\": \"no number\"}\n{}\n");
    extract("a.json", "multiLine: false\n" + schemaURI());
    assertThat(spark().table("json").columns())
        .containsExactly("b", "c", "_filename", "_index", "_errors");
    assertThat(rows("select b, c, _index from json order by _index"))
        .containsExactly("[1,5,1]", "[null,null,2]", "[null,null,3]");
  }

  @Test
  void aSchemaDecidesWhatIsReadOfTextsToo() throws Exception {
    SqlJob.run(
        view("texts", "select '{\"b\": 1, \"x\": 2}' as t")
            + SqlJob.stage("JSONExtract", "inputView: texts, outputView: json\n" + schemaURI()));
    assertThat(rows("select b, c, _filename, _index from json")).containsExactly("[1,null,,1]");
    assertThat(spark().table("json").schema().apply("b").metadata().getString("description"))
        .isEqualTo("the b");
  }

  @Test
  void missingInputIsEmptyWithASchemaAndAnErrorWithoutOne() throws Exception {
    folder.with("hidden/_SUCCESS", "").with("blank/a.json", "").with("white/a.json", "\n");
    String end = " and no schema has been provided to create an empty dataframe.";
    String empty =
        " If it may be empty, name its columns with \"schemaURI\"; else see why nothing was sent.";
    assertThatThrownBy(() -> extract("no", ""))
        .hasMessage(
            "Path '" + folder.of("no") + "' does not exist" + end + " Correct \"inputURI\".");
    assertThatThrownBy(() -> extract("hidden", ""))
        .hasMessage("No files matched '" + folder.of("hidden") + "'" + end + empty);
    for (String input : new String[] {"blank", "white"}) {
      assertThatThrownBy(() -> extract(input, "multiLine: false"))
          .hasMessage("Input '" + folder.of(input) + "' does not contain any fields" + end + empty);
    }
    for (String input : new String[] {"no", "hidden", "blank"}) {
      extract(input, schemaURI());
      assertThat(rows("select * from json")).isEmpty();
      assertThat(spark().table("json").columns())
          .containsExactly("b", "c", "_filename", "_index", "_errors");
      assertThat(spark().table("json").schema().apply("b").nullable()).isFalse();
    }
  }
}
