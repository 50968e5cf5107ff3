package io.sqletl.engine.cli;

import static io.sqletl.engine.cli.CommandLineFixture.etl;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is told before a run: the slip at its place, all at once, and nothing that is not so. */
class PlanningMessagesTest {

  @TempDir private Path folder;

  static Stream<Arguments> slips() {
    return Stream.of(
        arguments("{a: q b: true}", "a comma is missing before \"b\"", 6),
        arguments("{a: \"q\" \"b\": true}", "a comma is missing before \"b\"", 8),
        arguments("{a: {x: 1} b: true}", "a comma is missing before \"b\"", 11),
        arguments("{a: \"q, b: true}", "this quote is not closed on its line", 5),
        arguments("{a: \"\"\"q, b: true}", "this text in three quotes is not closed", 5),
        arguments("{a: [1, 2, b: true}", "a list holds values, not keys", 13),
        arguments("{a: [1, 2}", "this } stands where ] should", 10),
        arguments("{a: 1", "this { is not closed", 1),
        arguments("{a: 1}}", "this } closes nothing", 7),
        arguments("{a: 1,, b: 2}", "there are two commas", 7),
        arguments("{a \"q\"}", "a colon is missing between the key and its value", 3),
        arguments("{a: , b: 2}", "here a value is missing", 5),
        arguments("{a: \"C:\\data\"}", "\\d is no escape", 8),
        arguments("{a: s3a://b/c}", "a value with : in it must be quoted", 5),
        arguments("{a: *.csv}", "the sign * cannot stand outside of quotes", 5),
        arguments("{a: ${X, b: 2}", "this ${ is not closed", 5));
  }

  @ParameterizedTest
  @MethodSource("slips")
  void aSlipInHocon(String cell, String message, int column) {
    String errors = errors(cell);

    assertThat(errors)
        .contains("cell 1 line 1: This is no JSON or HOCON: ", message, "[CONFIG_SYNTAX]");
    assertThat(caret(errors)).isEqualTo(column);
  }

  static Stream<Arguments> signs() {
    return Stream.of(
        arguments(extract("“data/p.csv”"), "the typographic quote “ (U+201C)"),
        arguments(extract("‘data/p.csv’"), "the typographic quote ‘ (U+2018)"),
        arguments(extract("„data/p.csv“"), "the typographic quote „ (U+201E)"),
        arguments(extract("«data/p.csv»"), "the typographic quote « (U+00AB)"),
        arguments(extract("＂data/p.csv＂"), "the typographic quote ＂ (U+FF02)"),
        arguments(extract("\"data/p.csv\u00A0\""), "a non-breaking blank (U+00A0)"),
        arguments(extract("\"data/\u200Bp.csv\""), "a sign that cannot be seen (U+200B)"),
        arguments(
            extract("\"p.csv\"").replace("header: true", "header：true"),
            "the full-width sign ： (U+FF1A)"),
        arguments(
            "%sql name=a outputView=v environments=test\nSELECT ‘x’ AS a",
            "the typographic quote ‘ (U+2018)"),
        arguments(
            "%sql name=a outputView=v environments=test\nSELECT 1 AS a，2 AS b",
            "the full-width sign ， (U+FF0C)"),
        arguments(
            "%sql name=a outputView=v environments=test\nSELECT 'it’s' AS a\nWHERE “b” = 1",
            "the typographic quote “ (U+201C)"));
  }

  @ParameterizedTest
  @MethodSource("signs")
  void aSignThatOnlyLooksRight(String cell, String message) {
    assertThat(errors(cell)).contains(message, "line ").hasLineCount(3);
  }

  @Test
  void signsThatAreMeant() {
    CommandLineFixture etl =
        check(
            "{type: SQLTransform, name: \"the “best” rows\", description: it’s “fine”,"
                + " environments: [test], outputView: v, sql: \"SELECT '“x” it’s：' AS a -- “\"}");

    assertThat(etl.err()).isEmpty();
    assertThat(etl.status()).isEqualTo(ExitStatus.DONE);
  }

  @Test
  void bracketsAroundTheStagesOfACell() {
    assertThat(
            check(
                    "[{type: SQLTransform, name: a, environments: [test], outputView: a, sql:"
                        + " \"SELECT 1 AS x\"},\n{type: SQLTransform, name: b, environments:"
                        + " [test], outputView: b, sql: \"SELECT * FROM a\"}]")
                .out())
        .contains("2 stages run");
  }

  @Test
  void headerAndOwnKeysTogetherAndNoErrorThatFollows() {
    String errors =
        errors(
            "{type: SQLTransform, environments: [test], sqll: \"SELECT 1 AS a\"}",
            "{type: SQLTransform, name: b, environments: [test], sql: \"SELECT * FROM nope\","
                + " outputView: b}");

    assertThat(errors)
        .contains(
            "SQLTransform needs the key \"name\" [MISSING_KEY]",
            "SQLTransform has no key \"sqll\"; did you mean \"sql\"? [UNKNOWN_KEY]",
            "SQLTransform needs the key \"outputView\" [MISSING_KEY]",
            "3 errors; nothing ran.")
        .doesNotContain("UNKNOWN_VIEW");
  }

  @Test
  void theViewOfAStageWhoseVariableIsMissing() {
    assertThat(
            errors(
                extract("${NOPE_X}"),
                "%sql name=b outputView=b environments=test\nSELECT * FROM raw"))
        .contains("Nothing defines ${NOPE_X}; pass --NOPE_X=VALUE or set it in the environment")
        .doesNotContain("UNKNOWN_VIEW");
  }

  @Test
  void theEnvironmentOfAStageThatDoesNotRunForASlip() {
    assertThat(errors(extract("\"p.csv\"").replace("environments", "environment")))
        .contains("has no key \"environment\"; did you mean \"environments\"? [UNKNOWN_KEY]")
        .doesNotContain("NO_STAGES");
  }

  @Test
  void aSlipInAStageOfAnotherEnvironmentIsAWarning() {
    CommandLineFixture etl =
        check(
            extract("\"p.csv\"").replace("[test]", "[prod]").replace("header", "headr"),
            "%sql name=b outputView=b environments=test\nSELECT 1 AS a");

    assertThat(etl.err())
        .contains("warning: ", "has no key \"headr\"; did you mean \"header\"? [UNKNOWN_KEY]");
    assertThat(etl.status()).isEqualTo(ExitStatus.DONE);
  }

  @Test
  void aViewOfAStageThatDoesNotRunHere() {
    assertThat(
            errors(
                extract("\"p.csv\"").replace("[test]", "[prod]"),
                "%sql name=b outputView=b environments=test\nSELECT * FROM raw"))
        .contains(
            "The stage \"read\" that makes the view \"raw\" does not run here; it is for prod");
  }

  @Test
  void aParameterThatIsMissingIsAdded() {
    assertThat(
            errors(
                "{type: SQLTransform, name: s, environments: [test], outputView: o, sqlParams: {a:"
                    + " \"1\"}, sql: \"SELECT ${a} AS x, ${b} AS y\"}"))
        .contains("add \"b\" to \"sqlParams\" [SQL_PARAMETER]")
        .doesNotContain("did you mean");
  }

  @Test
  void aModelThatIsNotThere() {
    assertThat(
            errors(
                "%sql name=b outputView=b environments=test\nSELECT 1 AS a",
                "{type: MLTransform, name: m, environments: [test], inputURI: \""
                    + folder.resolve("model")
                    + "\", inputView: b, outputView: o}"))
        .contains("There is no model " + folder.resolve("model"), "[FILE_NOT_FOUND]");
  }

  @Test
  void anSqliteFileThatIsNotThere() {
    String there = "jdbcURL: \"jdbc:sqlite:" + folder.resolve("a.db") + "\", tableName: t}";
    String extract = "{type: JDBCExtract, name: e, environments: [test], outputView: v, " + there;
    assertThat(errors(extract))
        .contains("There is no SQLite file " + folder.resolve("a.db"), "[FILE_NOT_FOUND]");
    assertThat(
            check(
                    "%sql name=b outputView=b environments=test\nSELECT 1 AS a",
                    "{type: JDBCLoad, name: l, environments: [test], inputView: b, " + there,
                    extract)
                .err())
        .doesNotContain("FILE_NOT_FOUND");
    assertThat(folder.resolve("a.db")).doesNotExist();
  }

  private static String extract(String uri) {
    return "{type: DelimitedExtract, name: read, environments: [test], inputURI: "
        + uri
        + ", header: true, outputView: raw}";
  }

  private static int caret(String errors) {
    String line =
        errors.lines().filter(text -> text.strip().matches("\\^+")).findFirst().orElse("");
    return line.indexOf('^') - "    1 | ".length() + 1;
  }

  private CommandLineFixture check(String... cells) {
    Path job = NotebookFile.write(folder.resolve("job.ipynb"), cells);
    return etl("check", job.toString());
  }

  private String errors(String... cells) {
    Path job = NotebookFile.write(folder.resolve("job.ipynb"), cells);
    CommandLineFixture etl = etl("run", "--log", "text", job.toString());
    assertThat(etl.status()).isEqualTo(ExitStatus.WRONG);
    return etl.err();
  }

  @Test
  void aFileNamesTheSlipToo() throws IOException {
    Path job = Files.writeString(folder.resolve("job.conf"), "stages = [\n{a: q b: true}\n]\n");

    assertThat(etl("check", job.toString()).err())
        .contains("job.conf line 2: ", "a comma is missing before \"b\"");
  }
}
