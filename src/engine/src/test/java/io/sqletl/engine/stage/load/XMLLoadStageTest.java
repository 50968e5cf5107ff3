package io.sqletl.engine.stage.load;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.Folder;
import io.sqletl.engine.stage.SqlJob;
import io.sqletl.engine.stage.StageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Attributes, texts beside elements and declarations of XML are what readers make of them. */
class XMLLoadStageTest {

  private static final String SINGLE = "singleFile: true";

  @TempDir Path directory;
  private Folder folder;

  @BeforeEach
  void makeFolder() {
    folder = new Folder(directory);
  }

  private SqlJob load(String query, String keys) throws Exception {
    return SqlJob.run(
        view("rows", query)
            + stage(
                "XMLLoad", "inputView: rows, outputURI: \"" + folder.of("out") + "\"\n" + keys));
  }

  private String text() throws Exception {
    Path out = directory.resolve("out");
    StringBuilder text = new StringBuilder();
    for (String file : Files.isDirectory(out) ? folder.files("out") : List.of("")) {
      text.append(Files.readString(file.isEmpty() ? out : out.resolve(file)));
    }
    return text.toString();
  }

  private static List<String> found(String pattern, String text) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    return matcher.results().map(result -> result.group(1)).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "date'2024-01-01'",
        "date'0001-01-01'",
        "timestamp'2024-01-01 10:00:00.5Z'",
        "timestamp_ntz'2024-03-31 02:30:00'",
        "x'00FF80'",
        "1.10BD",
        "cast(0.00000001BD as decimal(18,10))",
        "1e22D",
        "0.1F",
        "9223372036854775807L",
        "cast(7 as tinyint)",
        "true",
        "'a & \"b\"'",
      })
  void attributesAreWrittenAsElementsAre(String value) throws Exception {
    String both = "'_v', VALUE, 'v', VALUE".replace("VALUE", value);
    List<String> depths =
        List.of(
            "select VALUE as _v, VALUE as v".replace("VALUE", value),
            "select named_struct(BOTH) as s".replace("BOTH", both),
            "select array(named_struct('i', named_struct(BOTH))) as l".replace("BOTH", both),
            "select map('k', named_struct(BOTH)) as m".replace("BOTH", both),
            "select map(BOTH) as m".replace("BOTH", both));
    for (String query : depths) {
      load(query, "");
      String text = text();
      assertThat(found(" v=\"([^\"]*)\"", text))
          .as(query)
          .hasSize(1)
          .noneMatch(attribute -> attribute.contains("E-") || attribute.contains("["))
          .isEqualTo(
              found("<v>([^<]*)</v>", text).stream()
                  .map(element -> element.replace("\"", "&quot;"))
                  .toList());
    }
  }

  @Test
  void attributesOfDocumentsAreWrittenAsElementsAre() throws Exception {
    load(
        "select named_struct('order', named_struct('_on', date'2024-01-01', 'total', 1.10BD,"
            + " 'line', array(named_struct('_at', timestamp'2024-01-01 10:00:00Z', 'x', 1))))"
            + " as value",
        SINGLE);
    assertThat(text())
        .contains("<order on=\"2024-01-01\">", "<line at=\"2024-01-01T10:00:00.000000Z\">");
  }

  @Test
  void attributesWithoutAValueAreLeftOut() throws Exception {
    load(
        "select 1 as id, date(null) as _a, named_struct('_b', timestamp(null), 'x', 1) as s,"
            + " if(true, null, named_struct('_c', date'2024-01-01')) as t,"
            + " map('_d', date(null), 'e', date'2024-01-01') as m",
        "");
    assertThat(text()).contains("<ROW>", "<s>", "<e>2024-01-01</e>").doesNotContain("<t");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "array('a', 'b') as _v|'_v'|ARRAY<STRING>",
        "named_struct('p', 1) as _v|'_v'|STRUCT<p: INT",
        "map('k', 1) as _v|'_v'|MAP<STRING, INT>",
        "parse_json('[1]') as _v|'_v'|VARIANT",
        "named_struct('_v', array(1)) as s|'s._v'|ARRAY<INT>",
        "array(map('k', named_struct('_v', array(1)))) as l|'l._v'|ARRAY<INT>",
        "map('_v', array(1)) as m|'m'|a key of a map begins with _",
      })
  void attributesAreSingleTexts(String columns, String place, String what) {
    assertThatThrownBy(() -> load("select 1 as id, " + columns, ""))
        .isInstanceOf(StageException.class)
        .hasMessageStartingWith("XMLLoad cannot write the column " + place)
        .hasMessageContaining(what)
        .hasMessageContaining("without the _");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void attributesOfDocumentsAreSingleTexts() {
    assertThatThrownBy(
            () ->
                load(
                    "select named_struct('order', named_struct('_tags', array('a', 'b'))) as value",
                    SINGLE))
        .hasMessageStartingWith("XMLLoad cannot write the column 'value.order._tags'");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void whatATypingSaysOfARowIsLeftOut() throws Exception {
    String schema = folder.with("s.json", SCHEMA).of("s.json");
    SqlJob job =
        SqlJob.run(
            view("texts", "select explode(array('1', 'x')) as n")
                + stage(
                    "TypingTransform",
                    "inputView: texts, outputView: typed, schemaURI: \"" + schema + "\"")
                + stage("XMLLoad", "inputView: typed, outputURI: \"" + folder.of("out") + "\""));
    assertThat(text()).contains("<n>1</n>").doesNotContain("errors");
    assertThat(job.runWarnings()).isEmpty();
  }

  private static final String SCHEMA =
      """
      [{"id": "1", "name": "n", "type": "integer", "trim": true, "nullable": true,
        "nullReplacementValue": null, "nullableValues": [""]}]
      """;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1 as id, 'txt' as _VALUE, 'x' as z",
        "'txt' as _VALUE, 1 as id, array(1, 2) as z",
        "1 as id, named_struct('_k', 1, 'a', 1, '_VALUE', 'txt', 'b', 2) as s"
      })
  void aTextBesideElementsIsNothingButTheText(String columns) throws Exception {
    load("select " + columns, "");
    SqlJob.run(stage("XMLExtract", "inputURI: \"" + folder.of("out") + "\", outputView: back"));
    assertThat(rows("select to_json(struct(*)) from back"))
        .singleElement()
        .asString()
        .contains("\"_VALUE\":\"txt\"");
    assertThat(text().lines()).anyMatch(line -> line.matches(" *<ROW>.*</ROW>"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"XMLLoad", "TextLoad"})
  void anEncodingThatTheFileIsNotInIsRefused(String type) {
    String job =
        view("rows", "select 'a' as value")
            + stage(
                type,
                "inputView: rows, singleFile: true, outputURI: \""
                    + folder.of("out.xml")
                    + "\", prefix: \"<?xml version='1.0' encoding='ENCODING'?>\"");
    assertThat(SqlJob.problems(job.replace("ENCODING", "ISO-8859-1")))
        .singleElement()
        .extracting(Problem::message)
        .asString()
        .contains("encoding=\"ISO-8859-1\"", "written in UTF-8");
    assertThat(SqlJob.problems(job.replace("ENCODING", "utf-8"))).isEmpty();
  }

  /** As rows are, so that no file is made that no parser reads. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          named_struct('a b', 1)                             | names in XML are letters
          named_struct('r', named_struct('2x', 1))           | names in XML are letters
          named_struct('r', named_struct('t', interval 1 day)) | r
          named_struct('r', named_struct('t', concat('a', char(8)))) | holds a control character
          """)
  void whatADocumentCannotHoldIsRefused(String value, String message) {
    assertThatThrownBy(
            () ->
                SqlJob.run(
                    view("rows", "select " + value + " as value")
                        + stage(
                            "XMLLoad",
                            "inputView: rows, singleFile: true, outputURI: \""
                                + folder.of("one.xml")
                                + "\"")))
        .hasStackTraceContaining(message);
    assertThat(Files.exists(directory.resolve("one.xml"))).isFalse();
  }
}
