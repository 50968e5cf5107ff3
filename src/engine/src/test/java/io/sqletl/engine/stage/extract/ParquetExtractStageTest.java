package io.sqletl.engine.stage.extract;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.spark;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.stage.Folder;
import io.sqletl.engine.stage.SqlJob;
import java.nio.file.Path;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetExtractStageTest {

  private static final String SCHEMA =
      """
      [ {name: a, type: long, nullable: true, description: "the first"},
        {name: s, type: struct, nullable: true, fields: [
          {name: x, type: integer, nullable: true, description: "within"} ]} ]
      """;

  @TempDir Path directory;
  private Folder folder;

  @BeforeEach
  void makeFolder() {
    folder = new Folder(directory);
  }

  private void write(String name, String query) {
    spark().sql(query).coalesce(1).write().mode("append").parquet(folder.of(name));
  }

  private SqlJob extract(String input, String keys) throws Exception {
    return SqlJob.run(
        SqlJob.stage(
            "ParquetExtract",
            "inputURI: \"" + folder.of(input) + "\"\noutputView: parquet\n" + keys));
  }

  private String schemaURI() {
    return "schemaURI: \"" + folder.with("schema.conf", SCHEMA).of("schema.conf") + "\"\n";
  }

  @Test
  void columnsOfAllFilesAreMerged() throws Exception {
    write("in", "select 1L as a, 'x' as `b.c d`");
    write("in", "select 2L as a, true as `e``f`");
    SqlJob job = extract("in", "");
    assertThat(rows("select a, `b.c d`, `e``f`, _index from parquet order by a"))
        .containsExactly("[1,x,null,1]", "[2,null,true,1]");
    assertThat(job.detail()).containsEntry("inputFiles", 2).containsEntry("outputColumns", 5);
  }

  @Test
  void metadataOfTheSchemaGoToFieldsWithin() throws Exception {
    write("in", "select 1 as a, named_struct('x', 2, 'y', 3) as s");
    extract("in", schemaURI());
    assertThat(rows("select a, s, _index from parquet")).containsExactly("[1,[2,3],1]");
    StructType columns = spark().table("parquet").schema();
    assertThat(columns.apply("a").metadata().getString("description")).isEqualTo("the first");
    assertThat(columns.apply("a").dataType().simpleString()).isEqualTo("int");
    assertThat(columns.apply("s").dataType().json()).contains("within");
  }

  @Test
  void internalColumnsThatWereWrittenAreReadBack() throws Exception {
    write("in", "select 1L as a");
    extract("in", "");
    spark().table("parquet").write().parquet(folder.of("again"));
    extract("again", "");
    assertThat(spark().table("parquet").columns()).containsExactly("a", "_filename", "_index");
    assertThat(spark().table("parquet").schema().apply("_index").metadata().getBoolean("internal"))
        .isTrue();
    assertThat(rows("select _filename like '%/in/%' from parquet")).containsExactly("[true]");
  }

  @Test
  void missingInputIsEmptyWithASchemaAndAnErrorWithoutOne() throws Exception {
    folder.with("hidden/_SUCCESS", "").with("blank/a.parquet", "");
    String end = " and no schema has been provided to create an empty dataframe.";
    assertThatThrownBy(() -> extract("no", ""))
        .hasMessage(
            "Path '" + folder.of("no") + "' does not exist" + end + " Correct \"inputURI\".");
    assertThatThrownBy(() -> extract("hidden", ""))
        .hasMessage(
            "No files matched '"
                + folder.of("hidden")
                + "'"
                + end
                + " If it may be empty, name its columns with \"schemaURI\"; else see why nothing was"
                + " sent.");
    for (String input : new String[] {"no", "hidden"}) {
      SqlJob job = extract(input, schemaURI());
      assertThat(spark().table("parquet").columns())
          .containsExactly("a", "s", "_filename", "_index");
      assertThat(job.detail()).containsEntry("records", 0);
    }
    assertThatThrownBy(() -> extract("blank", schemaURI()))
        .hasStackTraceContaining("is not a Parquet file");
  }
}
