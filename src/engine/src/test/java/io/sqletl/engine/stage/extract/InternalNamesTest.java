package io.sqletl.engine.stage.extract;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;

import io.sqletl.engine.stage.Folder;
import io.sqletl.engine.stage.SqlJob;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Columns of files that are called as Spark or extracts call their own keep their values. */
class InternalNamesTest {

  private static final List<String> NAMES =
      List.of(
          "_corrupt_record",
          "_problems",
          "_problem",
          "_shape",
          "_records",
          "_value",
          "_gap",
          "_rows",
          "__number",
          "__errors",
          "__line",
          "__first",
          "__record",
          "typed",
          "_metadata",
          "value",
          "document");

  @TempDir Path directory;
  private Folder folder;

  @BeforeEach
  void makeFolder() {
    folder = new Folder(directory);
  }

  private void extract(String type, String file, String keys) throws Exception {
    SqlJob.run(stage(type, "inputURI: \"" + folder.of(file) + "\", outputView: seen\n" + keys));
  }

  private static String each(String text, String between) {
    return NAMES.stream().map(text::formatted).collect(Collectors.joining(between));
  }

  private String schemaURI() throws Exception {
    folder.with(
        "schema.json",
        "["
            + each(
                """
        {"name": "%s", "type": "string", "nullable": true, "trim": false, "nullableValues": []}""",
                ",")
            + "]");
    return "schemaURI: \"" + folder.of("schema.json") + "\"\n";
  }

  private static void assertRead() {
    String values =
        rows("select " + each("`%s`", ", ") + " from seen").stream().collect(Collectors.joining());
    assertThat(values).isEqualTo("[" + String.join(",", NAMES) + "]");
  }

  @ParameterizedTest
  @CsvSource({
    "JSONExtract,a.json,''",
    "JSONExtract,a.json,multiLine: false",
    "DelimitedExtract,a.csv,header: true",
    "XMLExtract,a.xml,''"
  })
  void areReadAsTheyAre(String type, String file, String keys) throws Exception {
    folder.with("a.json", "{" + each("\"%1$s\": \"%1$s\"", ",") + "}\n");
    folder.with("a.csv", String.join(",", NAMES) + "\n" + String.join(",", NAMES) + "\n");
    folder.with("a.xml", "<row>" + each("<%1$s>%1$s</%1$s>", "") + "</row>");
    extract(type, file, keys);
    assertRead();
    extract(type, file, schemaURI() + keys);
    assertRead();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Parquet", "ORC", "Avro"})
  void areReadOfFilesThatSayTheirColumns(String format) throws Exception {
    SqlJob.run(
        view("made", "select " + each("'%1$s' as `%1$s`", ", "))
            + stage(format + "Load", "inputView: made, outputURI: \"" + folder.of("made") + "\""));
    extract(format + "Extract", "made", "");
    assertRead();
  }

  @Test
  void areReadOfTextsOfAView() throws Exception {
    SqlJob.run(
        view("texts", "select '{" + each("\"%1$s\": \"%1$s\"", ",") + "}' as t")
            + stage("JSONExtract", "inputView: texts, outputView: seen"));
    assertRead();
  }

  /** A scan of this column alone is how the columns of records are found. */
  @ParameterizedTest
  @ValueSource(strings = {"_shape", "_corrupt_record"})
  void mayBeTheOnlyOne(String name) throws Exception {
    folder.with("a.json", "{\"%s\": \"x\"}\n{\"%1$s\": null}\n".formatted(name));
    extract("JSONExtract", "a.json", "");
    assertThat(rows("select `" + name + "` from seen order by 1")).containsExactly("[null]", "[x]");
  }
}
