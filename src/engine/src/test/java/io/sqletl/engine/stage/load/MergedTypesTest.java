package io.sqletl.engine.stage.load;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.SqlJob;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Columns of a view that go into columns of other types of a Delta table. */
class MergedTypesTest {

  private static final String ZONE = "spark.sql.session.timeZone";
  private static final String ALL = "whenMatchedUpdate: {}, whenNotMatchedByTargetInsert: {}\n";

  @TempDir Path folder;

  @AfterEach
  void showUtc() {
    SqlJob.spark().conf().set(ZONE, "UTC");
  }

  private String table() {
    return folder.resolve("t").toString();
  }

  private SqlJob load(String type, String query, String keys) throws Exception {
    return SqlJob.run(
        view("changes", query)
            + stage(type, "inputView: changes, outputURI: \"" + table() + "\"\n" + keys));
  }

  private SqlJob merge(String query, String keys) throws Exception {
    return load("DeltaLakeMergeLoad", query, "condition: \"source.id = target.id\"\n" + keys);
  }

  private List<String> read(String columns) {
    return rows("select " + columns + " from delta.`" + table() + "` order by id");
  }

  private static List<String> told(SqlJob job) {
    return job.runWarnings().stream().map(Problem::message).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          timestamp_ntz'2024-01-01 00:00:00' | timestamp'2024-10-27 01:30:00Z' | 't' is TIMESTAMP there and TIMESTAMP_NTZ in the table
          timestamp'2024-01-01 00:00:00' | timestamp_ntz'2024-03-31 02:30:00' | 't' is TIMESTAMP_NTZ there and TIMESTAMP in the table
          array(timestamp_ntz'2024-01-01 00:00:00') | array(timestamp'2024-10-27 01:30:00Z') | 't.element' is TIMESTAMP there
          named_struct('a', timestamp_ntz'2024-01-01 00:00:00') | named_struct('a', timestamp'2024-10-27 01:30:00Z') | 't.a' is TIMESTAMP there
          """)
  void momentsAndTimesOfAClockAreNotOneAnother(String there, String value, String message)
      throws Exception {
    load("DeltaLakeLoad", "select 1 as id, " + there + " as t", "");
    List<String> before = read("*");
    SqlJob.spark().conf().set(ZONE, "Europe/Berlin");
    String query = "select 2 as id, " + value + " as t";
    assertThatThrownBy(() -> merge(query, ALL))
        .hasMessageContaining(message)
        .hasMessageContaining("the clocks of Europe/Berlin")
        .hasMessageContaining("SQLTransform, as in CAST(t");
    SqlJob.spark().conf().set(ZONE, "UTC");
    assertThat(read("*")).isEqualTo(before);
    merge(query, ALL);
    assertThat(read("*")).as("clocks of UTC show no time twice").hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "whenMatchedUpdate: {values: {t: \"greatest(source.at, source.at)\"}}",
        "whenNotMatchedByTargetInsert: {values: {id: \"source.id\", T: \"source.at\"}}"
      })
  void expressionsOfAMergeKeepTheirKindOfTime(String clause) throws Exception {
    load("DeltaLakeLoad", "select 1 as id, timestamp_ntz'2024-01-01 00:00:00' as t", "");
    SqlJob.spark().conf().set(ZONE, "Europe/Berlin");
    String query = "select 1 as id, timestamp'2024-10-27 01:30:00Z' as at";
    assertThatThrownBy(() -> merge(query, clause))
        .hasMessageContaining("the \"values\" of inputView 'changes'")
        .hasMessageContaining("is TIMESTAMP there and TIMESTAMP_NTZ in the table");
    merge(
        query,
        clause
            .replace("source.at}", "cast(source.at as timestamp_ntz)}")
            .replace("\"source.at\"", "\"cast(source.at as timestamp_ntz)\"")
            .replace("greatest(source.at, source.at)", "cast(source.at as timestamp_ntz)"));
  }

  /** Each a type of the table, a value of the view, and whether the column can hold it. */
  private static final String NUMBERS =
      """
      float         | 16777217d                        | false
      float         | 16777216d                        | true
      float         | 0.1d                             | true
      float         | 1e20d                            | true
      float         | 1e39d                            | false
      float         | 16777217                         | false
      float         | 16777217L                        | false
      float         | cast(16777217 as decimal(10, 2)) | false
      float         | cast(1.10 as decimal(10, 2))     | true
      float         | cast(12345 as smallint)          | true
      double        | 9007199254740993L                | false
      double        | 9007199254740992L                | true
      double        | 9223372036854775807L             | false
      double        | 9007199254740993bd               | false
      double        | 0.1f                             | true
      bigint        | 9223372036854775808d             | false
      bigint        | 1.5d                             | false
      bigint        | 4e9d                             | true
      int           | 2147483648L                      | false
      smallint      | 32768                            | false
      tinyint       | 127L                             | true
      tinyint       | 128L                             | false
      int           | 7.50bd                           | false
      int           | 7.00bd                           | true
      decimal(9,2)  | 1.005bd                          | false
      decimal(9,2)  | 1.500bd                          | true
      decimal(9,2)  | 12345678bd                       | false
      decimal(9,2)  | 1.25d                            | true
      decimal(9,2)  | 1.005d                           | false
      decimal(9,2)  | double('NaN')                    | false
      decimal(9,2)  | 12345678                         | false
      array<float>  | array(0.5d, 16777217d)           | false
      array<float>  | array(0.5d)                      | true
      map<string,decimal(9,2)> | map('a', 1.005bd)     | false
      map<string,decimal(9,2)> | map('a', 1.500bd)     | true
      struct<a:array<decimal(9,2)>> | named_struct('a', array(1.005bd)) | false
      struct<a:array<decimal(9,2)>> | named_struct('a', array(1.500bd)) | true
      """;

  private record Number(String type, String value, boolean fits) {

    static Number of(String line) {
      String[] parts = line.split("\\|");
      return new Number(parts[0].strip(), parts[1].strip(), Boolean.parseBoolean(parts[2].strip()));
    }
  }

  private static String columns(List<Number> numbers, Predicate<Number> given) {
    return IntStream.range(0, numbers.size())
        .mapToObj(
            i -> {
              Number number = numbers.get(i);
              String value =
                  given.test(number) ? number.value() : "cast(null as " + number.type() + ")";
              return ", " + value + " as v" + i;
            })
        .collect(Collectors.joining());
  }

  @Test
  void aNumberIsStoredAsItIsOrNotAtAll() throws Exception {
    List<Number> numbers = NUMBERS.lines().map(Number::of).toList();
    load("DeltaLakeLoad", "select 1 as id" + columns(numbers, number -> false), "");
    for (Number wrong : numbers.stream().filter(number -> !number.fits()).toList()) {
      assertThatThrownBy(
              () -> merge("select 2 as id" + columns(numbers, number -> number == wrong), ALL))
          .as(wrong.toString())
          .hasMessageStartingWith(
              "DeltaLakeMergeLoad cannot write a value of the column 'v"
                  + numbers.indexOf(wrong)
                  + "'");
    }
    merge("select 2 as id" + columns(numbers, Number::fits), ALL);
    assertThat(read("id")).containsExactly("[1]", "[2]");
  }

  /** Each a type of the table, a value of the view, and what the refusal says of both. */
  private static final String FOREIGN =
      """
      timestamp           | 1767225600000L                   | '%s' is BIGINT there and TIMESTAMP in the table
      timestamp           | 20260101                         | '%s' is INT there
      timestamp           | 20260101.00bd                    | '%s' is DECIMAL(10,2) there
      timestamp           | 1767225600.123d                  | timestamp_seconds(%s), timestamp_millis(%s)
      timestamp_ntz       | 1L                               | '%s' is BIGINT there
      date                | 20260101                         | to_date(string(%s), 'yyyyMMdd')
      boolean             | 2                                | as in %s <> 0
      boolean             | 0.5d                             | '%s' is DOUBLE there and BOOLEAN in the table
      bigint              | timestamp'2026-01-01 00:00:00.9' | as in unix_seconds(%s)
      double              | timestamp'2026-01-01 00:00:00.9' | '%s' is TIMESTAMP there
      int                 | date'2026-01-01'                 | as in unix_date(%s)
      string              | X'FF00C3'                        | as in hex(%s), base64(%s)
      string              | array(X'FF00C3')                 | '%s' is ARRAY<BINARY> there
      binary              | 7                                | '%s' is INT there and BINARY in the table
      timestamp           | true                             | '%s' is BOOLEAN there
      array<timestamp>    | array(1767225600000L)            | '%s.element' is BIGINT there
      map<string,string>  | map('a', X'FF00C3')              | '%s.value' is BINARY there
      struct<a:boolean>   | named_struct('a', 7)             | '%s.a' is INT there
      """;

  private void columnsOfForeignTypesAreRefused(String type, String keys) throws Exception {
    List<String[]> pairs = FOREIGN.lines().map(line -> line.strip().split("\\s*\\|\\s*")).toList();
    String columns =
        IntStream.range(0, pairs.size())
            .mapToObj(i -> ", cast(null as " + pairs.get(i)[0] + ") as v" + i)
            .collect(Collectors.joining());
    load(type, "select 1 as id" + columns + ", 1 as ts", keys);
    for (int i = 0; i < pairs.size(); i++) {
      String name = "v" + i;
      String query =
          ("select 2 as id" + columns + ",")
              .replace(
                  ", cast(null as " + pairs.get(i)[0] + ") as " + name + ",",
                  ", " + pairs.get(i)[1] + " as " + name + ",");
      assertThatThrownBy(() -> load(type, query + " 2 as ts", keys))
          .as(String.join(" | ", pairs.get(i)))
          .hasMessageStartingWith(type + " cannot")
          .hasMessageContaining(pairs.get(i)[2].replace("%s", name))
          .hasMessageContaining("cast them in a SQLTransform");
    }
    assertThat(read("id")).containsExactly("[1]");
  }

  @Test
  void aMergeMakesNoOtherThingOfAValue() throws Exception {
    columnsOfForeignTypesAreRefused(
        "DeltaLakeMergeLoad",
        "condition: \"source.id = target.id\", createTableIfNotExists: true\n" + ALL);
  }

  @Test
  void aHistoryMakesNoOtherThingOfAValue() throws Exception {
    columnsOfForeignTypesAreRefused("DeltaLakeHistoryLoad", "keys: id, sequenceBy: ts");
  }

  @Test
  void valuesThatMeanTheSameInTheTypeOfTheTableAreTaken() throws Exception {
    load(
        "DeltaLakeLoad",
        "select 1 as id, 'x' as a, 'x' as b, 'x' as c, 'x' as d, 'x' as e, X'00' as f, true as g,"
            + " 1 as h, timestamp'2026-01-01 00:00:00' as i, date'2026-01-01' as j, 1 as k,"
            + " timestamp'2026-01-01 00:00:00' as l, timestamp_ntz'2026-01-01 00:00:00' as m,"
            + " 1 as n",
        "");
    merge(
        "select 1 as id, 1.5d as a, timestamp'2026-01-01 00:00:00' as b, date'2026-01-01' as c,"
            + " map('a', 1) as d, true as e, 'text' as f, 'yes' as g, true as h,"
            + " date'2026-01-02' as i, timestamp'2026-01-02 00:00:00' as j, ' 12 ' as k,"
            + " '2026-01-02' as l, date'2026-01-02' as m, null as n",
        ALL);
    assertThat(read("a, b, c, d, e, string(f), g, h, string(i), string(j), k, string(l), m, n, id"))
        .containsExactly(
            "[1.5,2026-01-01 00:00:00,2026-01-01,{a -> 1},true,text,true,1,2026-01-02 00:00:00,"
                + "2026-01-02,12,2026-01-02 00:00:00,2026-01-02T00:00,null,1]");
  }

  @Test
  void theCastsInTheValuesOfAMergeAreTheJobs() throws Exception {
    load("DeltaLakeLoad", "select 1 as id, timestamp'2026-01-01 00:00:00' as t", "");
    merge(
        "select 1 as id, 1767225600000L as ms",
        "whenMatchedUpdate: {values: {t: \"timestamp_millis(source.ms)\"}}");
    assertThat(read("string(t), id")).containsExactly("[2026-01-01 00:00:00,1]");
  }

  @Test
  void wholeNumbersInListsOfAHistoryAreNotRounded() throws Exception {
    String keys = "keys: id, sequenceBy: ts";
    load("DeltaLakeHistoryLoad", "select 1 as id, array(0.5d) as x, 1 as ts", keys);
    assertThatThrownBy(
            () ->
                load(
                    "DeltaLakeHistoryLoad",
                    "select 1 as id, array(9007199254740993L) as x, 2 as ts",
                    keys))
        .hasStackTraceContaining("does not fit the table's type array<double>");
    load("DeltaLakeHistoryLoad", "select 1 as id, array(4L) as x, 2 as ts", keys);
    assertThat(read("x")).hasSize(2);
  }

  @Test
  void theMessageOfAMergeThatOnlyInsertsHasNoSignThatCannotBeSeen() throws Exception {
    load("DeltaLakeLoad", "select 1 as id, 1.5d as g", "");
    assertThatThrownBy(
            () ->
                merge(
                    "select 2L as id, 9007199254740993L as g", "whenNotMatchedByTargetInsert: {}"))
        .hasMessageStartingWith("DeltaLakeMergeLoad cannot write a value of the column 'g'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          named_struct('x', 2L)                     | the view has no field s.y | named_struct('x', s.x, 'y', CAST(NULL AS STRING))
          named_struct('x', 2L, 'y', 'Y', 'z', 'Z') | the table has no field s.z | named_struct('x', s.x, 'y', s.y)
          named_struct('X', 2L, 'z', 'Z') | the table has no field s.z, and the view has no field s.y | mergeSchema
          """)
  void aStructOfOtherFieldsIsRefusedByName(String value, String message, String remedy)
      throws Exception {
    load("DeltaLakeLoad", "select 1L as id, named_struct('x', 1L, 'y', 'a') as s", "");
    String query = "select 1L as id, " + value + " as s";
    assertThatThrownBy(() -> merge(query, ALL))
        .hasMessageContaining(message)
        .hasMessageContaining(remedy);
    merge(query, ALL + "mergeSchema: true");
    assertThat(read("s.x")).containsExactly("[2]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          array(named_struct('x', 2L, 'y', 'Y')) | array(named_struct('x', 2L)) | l.element.y
          map('k', named_struct('x', 2L)) | map('k', named_struct('x', 2L, 'y', 'Y')) | l.value.y
          """)
  void structsInListsAndMapsAreComparedToo(String there, String value, String path)
      throws Exception {
    load("DeltaLakeLoad", "select 1L as id, " + there + " as l", "");
    String query = "select 2L as id, " + value + " as l";
    assertThatThrownBy(() -> merge(query, ALL)).hasMessageContaining("has no field " + path);
    merge(query, ALL + "mergeSchema: true");
    assertThat(read("id")).hasSize(2);
  }

  @Test
  void aStructInAnotherOrderIsTakenByItsNames() throws Exception {
    load("DeltaLakeLoad", "select 1L as id, named_struct('x', 1L, 'y', 'a') as s", "");
    merge("select 1L as id, named_struct('Y', 'b', 'x', 2L) as s", ALL);
    assertThat(read("*")).containsExactly("[1,[2,b]]");
  }

  @Test
  void aHistoryKeepsItsKindOfTime() throws Exception {
    String keys = "keys: id, sequenceBy: ts";
    load(
        "DeltaLakeHistoryLoad",
        "select 1 as id, 'a' as n, timestamp_ntz'2024-10-26 12:00:00' as ts",
        keys);
    SqlJob.spark().conf().set(ZONE, "Europe/Berlin");
    String later = "select 1 as id, 'b' as n, timestamp'2024-10-27 01:30:00Z' as ts";
    assertThatThrownBy(() -> load("DeltaLakeHistoryLoad", later, keys))
        .hasMessageContaining("DeltaLakeHistoryLoad cannot load the view \"changes\"")
        .hasMessageContaining("'ts' is TIMESTAMP there and TIMESTAMP_NTZ in the table");
    assertThat(read("n")).containsExactly("[a]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"9007199254740993", "9223372036854775807"})
  void aHistoryRoundsNoWholeNumber(String number) throws Exception {
    String keys = "keys: id, sequenceBy: ts";
    load("DeltaLakeHistoryLoad", "select 1 as id, 0.5d as x, 1 as ts", keys);
    assertThatThrownBy(
            () ->
                load("DeltaLakeHistoryLoad", "select 1 as id, " + number + "L as x, 2 as ts", keys))
        .hasStackTraceContaining(
            "The value " + number + " of the column \"x\" of the view \"changes\" does not fit")
        .hasStackTraceContaining("in the row of the key {\"id\":1}");
    load("DeltaLakeHistoryLoad", "select 1 as id, 9007199254740992L as x, 2 as ts", keys);
    assertThat(read("x")).hasSize(2);
  }

  @Test
  void numbersThatBecomeTextsAsKeysOfAHistoryAreTold() throws Exception {
    String keys = "keys: id, sequenceBy: ts";
    load("DeltaLakeHistoryLoad", "select '007' as id, 'a' as n, 1 as ts", keys);
    SqlJob job = load("DeltaLakeHistoryLoad", "select 7 as id, 'b' as n, 2 as ts", keys);
    assertThat(told(job))
        .singleElement()
        .asString()
        .contains("The key 'id' is INT in the view and STRING in the table");
    job = load("DeltaLakeHistoryLoad", "select '007' as id, 'b' as n, 2 as ts", keys);
    assertThat(told(job)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          named_struct('a', 1, 'b', 2) | named_struct('b', 2, 'a', 1) | named_struct('B', 3L, 'A', 1L) | {1, 3}
          named_struct('a', 1, 'b', 'x') | named_struct('b', 'x', 'a', 1) | named_struct('b', 'y', 'a', 1) | {1, y}
          array(named_struct('a', 1, 'b', 'x')) | array(named_struct('b', 'x', 'a', 1)) | cast(null as array<struct<b:string, a:int>>) | NULL
          map('k', named_struct('a', 1, 'b', 'x')) | map('k', named_struct('b', 'x', 'A', 1)) | null | NULL
          map(named_struct('a', 1, 'b', 'x'), 1) | map(named_struct('b', 'x', 'a', 1), 1) | map(named_struct('b', 'y', 'a', 1), 1) | {{1, y} -> 1}
          named_struct('a', 1, 'b', named_struct('x', 1, 'y', 2)) | named_struct('b', named_struct('y', 2, 'x', 1), 'a', 1) | null | NULL
          """)
  void aHistoryTakesTheFieldsOfStructsByTheirNames(
      String there, String same, String changed, String stored) throws Exception {
    String keys = "keys: id, sequenceBy: ts";
    load("DeltaLakeHistoryLoad", "select 1 as id, " + there + " as s, 1 as ts", keys);
    load("DeltaLakeHistoryLoad", "select 1 as id, " + same + " as s, 2 as ts", keys);
    assertThat(read("valid_from")).containsExactly("[1]");
    load("DeltaLakeHistoryLoad", "select 1 as id, " + changed + " as s, 3 as ts", keys);
    assertThat(
            rows(
                "select coalesce(string(s), 'NULL') from delta.`" + table() + "` where is_current"))
        .containsExactly("[" + stored + "]");
  }

  @Test
  void aHistoryRefusesStructsOfOtherFields() throws Exception {
    String keys = "keys: id, sequenceBy: ts";
    load("DeltaLakeHistoryLoad", "select 1 as id, named_struct('a', 1) as s, 1 as ts", keys);
    for (String other : List.of("named_struct('b', 1)", "named_struct('a', 1, 'b', 2)")) {
      assertThatThrownBy(
              () ->
                  load("DeltaLakeHistoryLoad", "select 1 as id, " + other + " as s, 2 as ts", keys))
          .hasMessageContaining("The view's column \"s\" is of the type struct<")
          .hasMessageContaining("and the table's of the type struct<a:int>");
    }
  }
}
