package io.sqletl.engine.typing;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.job.SourceText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What schema files may say, and what a wrong one is told. */
class SchemaTest {

  private final List<Problem> problems = new ArrayList<>();
  private final List<Problem> warnings = new ArrayList<>();

  @Test
  void aListOrAnObjectWithAListIsASchema() {
    String column = "{name: a, type: string, nullable: true}";

    assertThat(parse("[" + column + "]")).isPresent();
    assertThat(parse("{n: a, schema: [{name: ${n}, type: string, nullable: true}]}"))
        .hasValueSatisfying(schema -> assertThat(schema.columns().get(0).name()).isEqualTo("a"));
    assertThat(problems).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          [] ${nothing}               | Could not resolve substitution to a value: ${nothing}
          {n: a, schema: [] ${n}}     | Cannot concatenate object or list with a non-object-or-list
          [{name: ${"x}y"}}]          | Could not resolve substitution to a value: ${"x}y"}
          {n: a, schema: {} ${n}}     | Cannot concatenate object or list with a non-object-or-list
          """)
  void whatCannotBePutTogetherIsSaidOnce(String schema, String message) {
    assertThat(parse(schema)).isEmpty();
    assertThat(problems)
        .singleElement()
        .extracting(Problem::headline)
        .asString()
        .startsWith("s.json line 1: ")
        .contains(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {type: string, nullable: true}                                          | name
          {name: a, nullable: true}                                               | type
          {name: a, type: string}                                                 | nullable
          {name: a, type: strin, nullable: true}                                  | string
          {name: a, type: date, nullable: true}                                   | formatters
          {name: a, type: time, nullable: true}                                   | add formatters: ["HH:mm:ss"]
          {name: a, type: timestamp, nullable: true, timezoneId: UTC}             | add formatters: ["uuuu-MM-dd HH:mm:ss"]
          {name: a, type: decimal, nullable: true, precision: 9, scale: 2, formatters: ["#.##0,00"]} | -Duser.language=de
          {name: a, type: date, nullable: true, formatters: ["qqqqqqq"]}          | Too many pattern letters
          {name: a, type: timestamp, nullable: true, formatters: ["uuuu"]}        | timezoneId
          {name: a, type: timestamp, nullable: true, formatters: ["uuuu"], timezoneId: Nowhere} | Nowhere
          {name: a, type: decimal, nullable: true, precision: 5}                  | scale
          {name: a, type: boolean, nullable: true, trueValues: [Y]}               | falseValues
          {name: a, type: binary, nullable: true, encoding: base32}               | base64
          {name: a, type: string, nullable: true, regex: "["}                     | regex
          {name: a, type: struct, nullable: true, fields: []}                     | at least 1 element
          {name: a, type: array, nullable: true}                                  | elementType
          {name: a, type: integer, nullable: true, formatters: ["#.#.#"]}         | #.#.#
          {name: a, type: string, nullable: true, metadata: {x: []}}              | x
          """)
  void whatIsWrongWithAColumnIsNamedWithItsPlace(String column, String named) {
    assertThat(parse("[\n{name: ok, type: string, nullable: true},\n" + column + "\n]")).isEmpty();

    assertThat(problems)
        .anySatisfy(
            problem -> {
              assertThat(problem.code()).isEqualTo(ErrorCode.INVALID_SCHEMA);
              assertThat(problem.headline()).startsWith("s.json line 3: ");
              assertThat(problem.headline() + "; " + problem.remedy()).contains(named);
            });
  }

  @Test
  void allThatIsWrongIsSaidAtOnce() {
    parse("[\n{name: a, type: strin, nullable: true}\n{name: b, type: date, nullable: true}\n]");

    assertThat(problems).hasSize(2);
  }

  @Test
  void textThatIsNoSchemaIsRefused() {
    assertThat(parse("{columns: []}")).isEmpty();
    assertThat(parse("[{")).isEmpty();
    assertThat(problems).hasSize(2).allSatisfy(p -> assertThat(p.headline()).contains("s.json"));
  }

  @ParameterizedTest
  @CsvSource({
    "d/M/u, any number of digits",
    "YYYY-'W'ww-e, counts weeks",
    "uuuu-MM-dd'T'HH:mm:ss'Z', mere letters",
    "uuuu-MM-dd HH:mm:ss'+00:00', mere letters"
  })
  void aPatternThatReadsOtherwiseThanItLooksIsTold(String pattern, String sign) {
    parse(
        "[{name: a, type: timestamp, nullable: true, timezoneId: America/New_York, formatters: [\""
            + pattern
            + "\"]}]");

    assertThat(problems).isEmpty();
    assertThat(warnings).singleElement().asString().contains(sign);
  }

  @Test
  void aDayThatIsAMonthToAnotherPatternIsTold() {
    parse(
        "[{name: a, type: date, nullable: true, formatters: [dd/MM/uuuu, uuuu-MM-dd, MM/dd/uuuu]}]");

    assertThat(warnings).singleElement().asString().contains("'dd/MM/uuuu' and 'MM/dd/uuuu'");
  }

  @Test
  void aZoneInQuotesIsRightInUtc() {
    parse(
        "[{name: a, type: timestamp, nullable: true, timezoneId: UTC, formatters:"
            + " [\"uuuu-MM-dd'T'HH:mm:ss'Z'\"]}]");

    assertThat(warnings).isEmpty();
  }

  @Test
  void aTextThatIsTrueAndFalseIsTold() {
    parse("[{name: a, type: boolean, nullable: true, trueValues: [y, x], falseValues: [n, x]}]");

    assertThat(warnings).singleElement().asString().contains("'x' is in 'trueValues'");
  }

  @Test
  void aValueForNullThatDoesNotFitIsTold() {
    parse("[{name: a, type: integer, nullable: true, nullReplacementValue: \"n/a\"}]");

    assertThat(problems).isEmpty();
    assertThat(warnings).singleElement().asString().contains("each missing value", "'n/a'");
  }

  @Test
  void aColumnThatIsThereTwiceIsRefused() {
    String column = "{name: a, type: string, nullable: true}";
    parse("[" + column + ",\n{name: b, type: string, nullable: true},\n" + column + "]");

    assertThat(problems).singleElement().asString().contains("line 3", "twice");
  }

  @Test
  void aYearWithoutItsEraIsAWarning() {
    parse(date("yyyy-MM-dd HH:mm"));

    assertThat(problems).isEmpty();
    assertThat(warnings).singleElement().asString().contains("24:00");

    parse(date("yyyy-MM-dd"));
    assertThat(warnings).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "date, MM/dd",
    "date, uuuu-MM",
    "date, HH:mm",
    "date, uuuu-DD-MM",
    "time, uuuu-MM-dd",
    "timestamp, uuuu-MM-dd",
    "timestamp, HH:mm"
  })
  void aPatternThatReadsNothingIsTold(String type, String pattern) {
    parse(column(type, pattern));

    assertThat(problems).isEmpty();
    assertThat(warnings).singleElement().asString().contains("The pattern '" + pattern + "'");
  }

  @ParameterizedTest
  @CsvSource({
    "date, uuuuMMdd",
    "date, d MMM uuuu",
    "date, uuuu-DDD",
    "'date', 'EEE, dd MMM uuuu HH:mm:ss'",
    "date, d/M/uuuu[ HH:mm]",
    "date, GG yyyy-MM-dd",
    "time, h:mm a",
    "time, HHmm",
    "timestamp, uuuu-MM-dd'T'HH:mm:ss.SSSXXX",
    "timestamp, uuuu-MM-dd HH:mm VV",
    "timestamp, uuuu-MM-dd HH:mm z",
    "timestamp, dd/MMM/uuuu:HH:mm:ss Z"
  })
  void aPatternThatReadsValuesIsNotTold(String type, String pattern) {
    parse(column(type, pattern));

    assertThat(problems).isEmpty();
    assertThat(warnings).isEmpty();
  }

  private static String column(String type, String pattern) {
    return "[{name: d, type: "
        + type
        + ", nullable: true, formatters: [\""
        + pattern
        + "\"]"
        + (type.equals("timestamp") ? ", timezoneId: Europe/Berlin}]" : "}]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dd/MM/yy", "dd/MM/uu", "uuMMdd", "yy G MM dd", "'on' dd.MM.uu"})
  void aYearOfTwoDigitsIsToldWithItsCentury(String pattern) {
    parse(date(pattern));

    assertThat(warnings).anyMatch(warning -> warning.toString().contains("from 2000 to 2099"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dd/MM/yyyy", "dd/MM/uuuu", "u-MM-dd", "uuuu-MM-dd 'yy'"})
  void aWholeYearHasNoCenturyToTell(String pattern) {
    parse(date(pattern));

    assertThat(problems).isEmpty();
    assertThat(warnings).noneMatch(warning -> warning.toString().contains("2099"));
  }

  private static String date(String pattern) {
    return "[{name: d, type: date, nullable: true, formatters: [\"" + pattern + "\"]}]";
  }

  @Test
  void structsAndArraysAreTypesForReaders() {
    Schema schema =
        TypingSpark.schema(
            "[{name: s, type: struct, nullable: true, fields: ["
                + "{name: l, type: array, nullable: true,"
                + " elementType: {name: e, type: long, nullable: true}}]}]");

    assertThat(schema.toStructType().simpleString()).isEqualTo("struct<s:struct<l:array<bigint>>>");
  }

  private Optional<Schema> parse(String text) {
    return Schema.parse(
        SourceText.ofFile("s.json", text), ConfigFactory.empty(), problems::add, warnings::add);
  }
}
