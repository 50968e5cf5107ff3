package io.sqletl.engine.stage.extract;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.spark;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.Folder;
import io.sqletl.engine.stage.SqlJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.security.AccessControlException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each extract from files says of input that is missing, empty, broken or forbidden. */
class BadFilesTest {

  private static final String SCHEMA =
      """
      [ {name: "a.b", type: long, nullable: true}, {name: "c d", type: string, nullable: true},
        {name: "größe`", type: string, nullable: true} ]
      """;

  @TempDir static Path directory;
  private static Folder folder;

  /**
   * A store that lets files be listed and not read. It stands in for one with permissions, since
   * tests may run as a user whom no permission stops.
   */
  public static final class ForbiddenFiles extends RawLocalFileSystem {

    @Override
    public String getScheme() {
      return "forbidden";
    }

    @Override
    public java.net.URI getUri() {
      return java.net.URI.create("forbidden:///");
    }

    @Override
    public FSDataInputStream open(org.apache.hadoop.fs.Path file, int buffer) throws IOException {
      throw new AccessControlException("Permission denied: " + file.getName());
    }
  }

  @BeforeAll
  static void makeFiles() throws Exception {
    folder =
        new Folder(directory)
            .with("schema.conf", SCHEMA)
            .with("empty/_SUCCESS", "")
            .with("blank/a", "");
    spark()
        .sparkContext()
        .hadoopConfiguration()
        .set("fs.forbidden.impl", ForbiddenFiles.class.getName());
    for (String format : new String[] {"parquet", "orc", "avro"}) {
      spark().range(2).coalesce(1).write().format(format).save(folder.of(format + "-mixed"));
      folder.with(format + "-mixed/zzz." + format, "neither one nor the other");
      Files.copy(
          directory.resolve(format + "-mixed/zzz." + format),
          Files.createDirectories(directory.resolve(format + "-bad")).resolve("a." + format));
    }
  }

  @AfterAll
  static void forget() {
    spark().sparkContext().hadoopConfiguration().unset("fs.forbidden.impl");
  }

  private static SqlJob extract(String type, String input, String keys) throws Exception {
    return SqlJob.run(stage(type, "outputView: v, inputURI: \"" + input + "\"\n" + keys));
  }

  private static String schema() {
    return "schemaURI: \"" + folder.of("schema.conf") + "\"";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          DelimitedExtract | no    | Path 'DIR/no' does not exist
          DelimitedExtract | empty | No files matched 'DIR/empty'
          DelimitedExtract | blank | Input 'DIR/blank' does not contain any fields
          JSONExtract      | no    | Path 'DIR/no' does not exist
          JSONExtract      | empty | No files matched 'DIR/empty'
          JSONExtract      | blank | Input 'DIR/blank' does not contain any fields
          ParquetExtract   | no    | Path 'DIR/no' does not exist
          ParquetExtract   | empty | No files matched 'DIR/empty'
          ORCExtract       | no    | Path 'DIR/no' does not exist
          ORCExtract       | empty | No files matched 'DIR/empty'
          ORCExtract       | blank | No files matched 'DIR/blank'
          AvroExtract      | no    | Path 'DIR/no' does not exist
          AvroExtract      | empty | No files matched 'DIR/empty'
          TextExtract      | no    | Path 'DIR/no' does not exist
          XMLExtract       | no    | Path 'DIR/no' does not exist
          XMLExtract       | empty | No files matched 'DIR/empty'
          XMLExtract       | blank | Input 'DIR/blank' does not contain any fields
          """)
  void inputWithoutRowsIsAnErrorUnlessASchemaSaysItsColumns(String type, String input, String says)
      throws Exception {
    assertThatThrownBy(() -> extract(type, folder.of(input), ""))
        .hasMessage(
            says.replace("DIR", folder.toString())
                + " and no schema has been provided to create an empty dataframe."
                + (says.startsWith("Path")
                    ? " Correct \"inputURI\"."
                    : " If it may be empty, name its columns with \"schemaURI\"; else see why"
                        + " nothing was sent."));
    assertThat(extract(type, folder.of(input), schema()).runWarnings())
        .extracting(Problem::message)
        .singleElement()
        .asString()
        .endsWith(says.replace("DIR", folder.toString()) + ", so there are no rows");
    assertThat(spark().table("v").columns())
        .startsWith("a.b", "c d", "größe`", "_filename", "_index");
    assertThat(rows("select `a.b`, `c d`, `größe```, _index from v")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "ParquetExtract, parquet",
    "ORCExtract, orc",
    "AvroExtract, avro",
  })
  void aBrokenFileIsNamedWithTheStageAndTheRemedy(String type, String format) {
    for (String keys : new String[] {"", schema()}) {
      assertThatThrownBy(() -> extract(type, folder.of(format + "-bad"), keys))
          .hasMessageStartingWith(type + " cannot read ")
          .hasMessageContaining(format + "-bad")
          .hasMessageEndingWith(
              "; repair the file or take it out of 'inputURI', and see that the run may read it");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ParquetExtract, parquet",
    "ORCExtract, orc",
    "AvroExtract, avro",
  })
  void aBrokenFileAmongGoodOnesIsNamedAtTheLatestWhenTheViewIsUsed(String type, String format) {
    assertThatThrownBy(
            () -> {
              extract(type, folder.of(format + "-mixed"), "");
              rows("select * from v");
            })
        .hasStackTraceContaining("zzz." + format);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DelimitedExtract",
        "JSONExtract",
        "ParquetExtract",
        "ORCExtract",
        "AvroExtract",
        "XMLExtract",
        "TextExtract",
        "BytesExtract",
        "ImageExtract"
      })
  void aFileThatMayNotBeReadIsAFailureAtTheLatestWhenTheViewIsUsed(String type) {
    folder.with("secret/a.bin", "x");
    assertThatThrownBy(
            () -> {
              extract(type, "forbidden://" + folder.of("secret"), "");
              rows("select * from v");
            })
        .hasStackTraceContaining("Permission denied: a.bin");
  }

  @Test
  void columnsThatDifferFromTheSchemaKeepTheirTypesAndNames() throws Exception {
    spark()
        .sql("select 'text' as `a.b`, 1 as `C D`, true as extra")
        .coalesce(1)
        .write()
        .orc(folder.of("other"));
    extract("ORCExtract", folder.of("other"), schema());
    assertThat(spark().table("v").schema().toDDL())
        .startsWith("`a.b` STRING,`C D` INT,extra BOOLEAN,_filename STRING");
  }

  @ParameterizedTest
  @CsvSource({"JSONExtract, '{\"a\":1}'", "DelimitedExtract, 1"})
  void aTextOfAViewThatHoldsNothingIsCounted(String type, String text) throws Exception {
    SqlJob.run(
        view("texts", "select * from values ('" + text + "'), (null), (''), (' ') as t(x)")
            + stage(type, "inputView: texts, outputView: seen"));
    assertThat(rows("select size(_errors), _errors[0].message from seen where size(_errors) > 0"))
        .hasSize(3)
        .anyMatch(row -> row.toLowerCase(Locale.ROOT).contains("the text is null"))
        .anyMatch(row -> row.toLowerCase(Locale.ROOT).contains("the text holds nothing"));
    assertThat(rows("select count(*) from seen")).containsExactly("[4]");
  }

  @ParameterizedTest
  @CsvSource({
    "JSONExtract, '{\"a\": \"é\"}', ''",
    "DelimitedExtract, 'a\né\n', header: true",
    "DelimitedExtract, 'a\né\n', 'multiLine: true'"
  })
  void aMarkOfUtf8UnderAnotherEncodingIsRefused(String type, String text, String keys)
      throws Exception {
    folder.with("marked/a.txt", "\uFEFF" + text);
    assertThatThrownBy(
            () -> extract(type, folder.of("marked"), "encoding: \"windows-1252\"\n" + keys))
        .hasStackTraceContaining("a.txt': it begins with the byte order mark of UTF-8")
        .hasStackTraceContaining("take \"encoding\" out");
  }

  @ParameterizedTest
  @ValueSource(strings = {"JSONExtract", "DelimitedExtract"})
  void everyTextOfAViewOfAFileIsCountedAndNamed(String type) throws Exception {
    folder.with(
        "texts.json",
        "{\"p\":\"{}\"}\n{\"p\":\"x \\\"\"}\n{\"p\":null}\n{\"p\":\"\"}\n{\"p\":\"x \\\"\"}\n");
    SqlJob job =
        SqlJob.run(
            stage("JSONExtract", "outputView: texts, inputURI: \"" + folder.of("texts.json") + "\"")
                + stage(type, "inputView: texts, inputField: p, outputView: seen, persist: true"));
    long broken =
        Long.parseLong(
            rows("select count(*) from seen where size(_errors) > 0").get(0).replaceAll("\\D", ""));
    assertThat(broken).isGreaterThanOrEqualTo(2);
    assertThat(job.rejected(1).orElseThrow().values().value().count()).isEqualTo(broken);
  }

  /** Only one of the view's files begins with the header. */
  @Test
  void aTextOfAViewOfFilesIsAHeaderWhereItIsOneOnly() throws Exception {
    folder
        .with(
            "parts/1.json", "{\"p\":\"a,b\"}\n{\"p\":\"1,2\"}\n{\"p\":\"7,8\"}\n{\"p\":\"a,b\"}\n")
        .with("parts/2.json", "{\"p\":\"3,4\"}\n{\"p\":\"5,6\"}\n");
    SqlJob.run(
        stage("JSONExtract", "outputView: texts, inputURI: \"" + folder.of("parts") + "\"")
            + stage(
                "DelimitedExtract",
                "inputView: texts, inputField: p, header: true, delimiter: Comma, outputView:"
                    + " seen"));
    assertThat(rows("select a, b, size(_errors) from seen order by a"))
        .containsExactly("[1,2,0]", "[3,4,0]", "[5,6,0]", "[7,8,0]");
  }

  @Test
  void aDocumentOfAViewIsToldByItsBeginning() throws Exception {
    String extract = stage("XMLExtract", "inputView: texts, outputView: seen");
    assertThatThrownBy(
            () -> {
              SqlJob.run(
                  view("texts", "select * from values ('<r><a>1</a></r>'), ('<r><b>2</r>') as t(x)")
                      + extract);
              rows("select * from seen");
            })
        .hasStackTraceContaining("a document of the view that begins with '<r><b>2</r>': line 1");
    SqlJob.run(view("texts", "select * from values ('<r><a>1</a></r>'), (null) as t(x)") + extract);
    assertThat(rows("select a, _errors.message from seen order by a"))
        .anyMatch(row -> row.contains("The text is NULL."));
  }
}
