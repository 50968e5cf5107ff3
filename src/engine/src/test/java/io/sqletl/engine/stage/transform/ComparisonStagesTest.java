package io.sqletl.engine.stage.transform;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.run;
import static io.sqletl.engine.stage.SqlJob.spark;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.InternalColumn;
import io.sqletl.engine.stage.SqlJob;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** DiffTransform and EqualityValidate, which agree on when rows are the same. */
class ComparisonStagesTest {

  private static String diff(String left, String right, String keys) {
    return view("l", left)
        + view("r", right)
        + stage(
            "DiffTransform",
            "inputLeftView: l, inputRightView: r, outputIntersectionView: both,"
                + " outputLeftView: only_l, outputRightView: only_r\n"
                + keys);
  }

  /** How many rows are in both, only in the left, only in the right. */
  private static List<String> counts() {
    return rows(
        "select (select count(*) from both), (select count(*) from only_l),"
            + " (select count(*) from only_r)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          values (1, 'a'), (2, 'b') t(k, v)    | values (1, 'a'), (2, 'x') t(k, v)    |                                      | [1,1,1]
          values (1, 'a'), (2, 'b') t(k, v)    | values (1, 'a'), (2, 'x') t(k, v)    | inputLeftKeys: [k], inputRightKeys: [K] | [2,0,0]
          values (1, 'a'), (2, 'b') t(k, v)    | values (1, 'a'), (2, 'x') t(k, v)    | inputLeftKeys: [k, v], inputRightKeys: [k, v] | [1,1,1]
          values (1, null) t(k, v)             | values (1, null) t(k, v)             |                                      | [1,0,0]
          values (1), (1) t(k)                 | values (1), (1), (1) t(k)            |                                      | [6,0,0]
          values (1) t(k)                      | values (1) t(other)                  | inputLeftKeys: [k], inputRightKeys: [other] | [0,1,1]
          values (1) t(k)                      | values (cast(1 as long)) t(k)        |                                      | [1,0,0]
          values (1) t(k)                      | values (1.0) t(k)                    |                                      | [0,1,1]
          values (1, cast(null as string)) t(k, v) | values (1) t(k)                  |                                      | [1,0,0]
          values (1, 'a') t(k, v)              | values ('a', 1) t(V, K)              |                                      | [1,0,0]
          values (1, 2) t(k, v)                | values (1, 2) t(v, k)                |                                      | [0,1,1]
          values (1, 2) t(k, v)                | values (1, 2, 3) t(k, v, w)          |                                      | [0,1,1]
          values (map('a', 1)) t(m)            | values (map('a', 1)) t(m)            |                                      | [1,0,0]
          values (map('a', 1, 'b', 2)) t(m)    | values (map('b', 2, 'a', 1)) t(m)    |                                      | [1,0,0]
          values (map('a', 1, 'b', 2)) t(m)    | values (map('b', 1, 'a', 2)) t(m)    |                                      | [0,1,1]
          values (map('a', 1, 'b', 2)) t(m)    | values (map('b', 2L, 'a', 1L)) t(m)  |                                      | [1,0,0]
          values (map('a', map(1, 2, 3, 4))) t(m) | values (map('a', map(3L, 4, 1L, 2))) t(m) |                              | [1,0,0]
          values (map('a', null)) t(m)         | values (map('a', cast(null as void))) t(m) |                                | [1,0,0]
          values (cast(null as map<string, int>)) t(m) | values (cast(null as map<string, int>)) t(m) |                      | [1,0,0]
          values (double('NaN')) t(d)          | values (double('NaN')) t(d)          |                                      | [1,0,0]
          values (1) t(k) where k > 1          | values (1) t(k)                      |                                      | [0,0,1]
          """)
  void rowsAreTheSameWhenTheirJsonIs(String left, String right, String keys, String expected)
      throws Exception {
    run(diff("select * from " + left, "select * from " + right, keys == null ? "" : keys));
    assertThat(counts()).containsExactly(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "map('a', 1)",
        "array(map('a', 1))",
        "named_struct('x', map('a', array(map('b', 2))))",
        "cast(null as map<string, int>)"
      })
  void timesBesideMapsCountToTheMicrosecond(String map) throws Exception {
    String one = "select timestamp'2024-01-01 10:00:00.123456' as t, " + map + " as m";
    String other = one.replace("123456", "123999");
    run(diff(one, one, ""));
    assertThat(counts()).containsExactly("[1,0,0]");
    run(diff(one, other, ""));
    assertThat(counts()).containsExactly("[0,1,1]");
    equal(one.substring("select ".length()), one.substring("select ".length()));
    assertThatThrownBy(
            () -> equal(one.substring("select ".length()), other.substring("select ".length())))
        .hasMessageContaining("contains 1 rows that are not in 'r'");
  }

  @Test
  void typesThatDifferAreToldWithWhatIsTheSame() throws Exception {
    SqlJob job =
        run(
            diff(
                "select * from values (1), (2) t(k)",
                "select * from values ('1'), ('2') t(k)",
                "inputLeftKeys: [k], inputRightKeys: [k]"));
    assertThat(counts()).containsExactly("[0,2,2]");
    assertThat(job.runWarnings())
        .singleElement()
        .extracting(Problem::message)
        .asString()
        .endsWith(
            "values of two types are the same only if JSON writes them alike, and 1 is none of"
                + " \"1\" and 1.5 none of 1.50: k is int on the left and string on the right");
  }

  @Test
  void timesInMapsCountToTheMicrosecondToo() throws Exception {
    String one = "select map('a', timestamp'2024-01-01 10:00:00.123456') as m";
    run(diff(one, one.replace("123456", "123999"), ""));
    assertThat(counts()).containsExactly("[0,1,1]");
  }

  @Test
  void withKeysTheIntersectionHasBothSides() throws Exception {
    run(
        diff(
            "select 1 as `a.b`, 'x' as v",
            "select 1 as `a.b`, 'y' as v",
            "inputLeftKeys: [\"a.b\"], inputRightKeys: [\"a.b\"]"));
    assertThat(rows("select left.v, right.v, left.`a.b` from both")).containsExactly("[x,y,1]");
  }

  @Test
  void persistCountsTheThreeViewsAndComputesOnce() throws Exception {
    SqlJob job =
        run(
            diff(
                "select * from values (1), (2), (3) t(k)",
                "select * from values (3), (4) t(k)",
                "persist: true"));
    assertThat(job.detail())
        .containsEntry("records", Map.of("intersection", 1L, "left", 2L, "right", 1L))
        .containsEntry("inputLeftKeys", List.of("*"));
    assertThat(rows("select * from only_l order by k")).containsExactly("[1]", "[2]");
    spark().catalog().clearCache();
  }

  @Test
  void aKeyThatIsNoColumnIsNamed() {
    assertThatThrownBy(() -> run(diff("select 1 as k", "select 1 as k", "inputLeftKeys: [kk]")))
        .hasMessage(
            "DiffTransform requires the columns of 'inputLeftKeys' but there is no 'kk'. The view"
                + " has: [k].");
  }

  @Test
  void outputsAreKnownToLaterStages() {
    assertThat(
            SqlJob.problems(
                view("l", "select 1 as k")
                    + stage(
                        "DiffTransform", "inputLeftView: l, inputRightView: l, outputLeftView: o")
                    + view("x", "select * from o")
                    + view("y", "select * from p")))
        .extracting(Problem::message)
        .containsExactly("No earlier stage makes the view \"p\"");
  }

  private static SqlJob equal(String left, String right) throws Exception {
    return run(
        view("l", "select " + left)
            + view("r", "select " + right)
            + stage("EqualityValidate", "leftView: l, rightView: r"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          * from values (1), (1) t(a)       | * from values (1) t(a)
          * from values (1), (2) t(a)       | * from values (2), (1) t(a)
          1 as a, null as b                 | 1 as a, null as b
          map('k', 1) as `m m`              | map('k', 1) as `m m`
          map('a', 1, 'b', 2) as m          | map('b', 2, 'a', 1) as m
          named_struct('x', array(map('a', 1, 'b', 2))) as s | named_struct('x', array(map('b', 2, 'a', 1))) as s
          1 as a where false                | 1 as a where false
          named_struct('x', array(1)) as s  | named_struct('x', array(1)) as s
          X'01' as b, double('NaN') as d    | X'01' as b, double('NaN') as d
          """)
  void viewsWithTheSameRowsAreEqual(String left, String right) throws Exception {
    equal(left, right);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          1 as a, 2 as b   | 1 as a, 2 as c         | 'l' (2 columns) contains columns: ['b'] that are not in 'r' and 'r' (2 columns) contains columns: ['c'] that are not in 'l'. Columns are not equal so cannot the data be compared.
          1 as a           | 1 as a, 2 as `x.y`     | 'l' (1 columns) contains columns: [] that are not in 'r' and 'r' (2 columns) contains columns: ['x.y'] that are not in 'l'. Columns are not equal so cannot the data be compared.
          1 as a, 2 as b   | 2 as b, 1 as a         | 'l' contains columns (ordered): ['a', 'b'] and 'r' contains columns (ordered): ['b', 'a']. Columns are not equal so cannot the data be compared.
          1 as a           | 1L as a                | 'l' contains column types (ordered): ['integer'] and 'r' contains column types (ordered): ['long']. Columns are not equal so cannot the data be compared.
          array(1) as a    | array(1L) as a         | 'l' contains column types (ordered): ['array<int>'] and 'r' contains column types (ordered): ['array<bigint>']. Columns are not equal so cannot the data be compared.
          1 as a           | 2 as a                 | 'l' (1 rows) contains 1 rows that are not in 'r' and 'r' (1 rows) contains 1 rows which are not in 'l'.
          1 as a           | 1 as a where false     | 'l' (1 rows) contains 1 rows that are not in 'r' and 'r' (0 rows) contains 0 rows which are not in 'l'.
          map('k', 1) as a | map('k', 2) as a       | 'l' (1 rows) contains 1 rows that are not in 'r' and 'r' (1 rows) contains 1 rows which are not in 'l'.
          """)
  void aDifferenceIsSaid(String left, String right, String difference) {
    assertThatThrownBy(() -> equal(left, right))
        .hasMessage(
            "EqualityValidate ensures the two input datasets are the same (including column order),"
                + " but "
                + difference);
  }

  @Test
  void internalColumnsDoNotCount(@TempDir Path directory) throws Exception {
    spark()
        .sql("select 1 as a, 'x' as _filename")
        .select(col("a"), col("_filename").as("_filename", InternalColumn.filename()))
        .write()
        .mode("overwrite")
        .parquet(directory + "/marked");
    run(
        view("l", "select * from parquet.`" + directory + "/marked`")
            + view("r", "select 1 as a")
            + stage("EqualityValidate", "leftView: l, rightView: r"));
    assertThat(spark().table("l").columns()).containsExactly("a", "_filename");
  }

  @Test
  void jsonTextsHaveTimesToTheMicrosecond() throws Exception {
    run(
        view(
                "v",
                "select timestamp'2024-01-01 00:00:00.123456' as t,"
                    + " array(timestamp_ntz'2024-01-01 00:00:00.123456') as l, 'x' as k, 'y' as K")
            + stage("JSONTransform", "inputView: v, outputView: j"));
    assertThat(rows("select value from j"))
        .containsExactly(
            "[{\"t\":\"2024-01-01T00:00:00.123456Z\",\"l\":[\"2024-01-01T00:00:00.123456\"],"
                + "\"k\":\"x\",\"K\":\"y\"}]");
  }

  @Test
  void jsonTextsAreMadeOfTextsOnly() {
    for (String value : new String[] {"t", "array(t, 'a')", "named_struct('x', map('k', t))"}) {
      String broken =
          "select " + value + " as v from values ('ü'), (cast(X'63E9' as string)) as w(t)";
      assertThatThrownBy(
              () ->
                  run(
                      view("v", broken)
                          + stage("JSONTransform", "inputView: v, outputView: j, persist: true")))
          .hasStackTraceContaining(
              "JSONTransform cannot write the column 'v': a value is not valid UTF-8. Repair it with"
                  + " make_valid_utf8(…)");
    }
  }

  @Test
  void jsonTextsLeaveOutNullsAndUntypedColumns() throws Exception {
    SqlJob job =
        run(
            view(
                    "v",
                    "select 1 as `a.b`, cast(null as int) as n, 1.20 as `d \"q\"`, null as u,"
                        + " timestamp'2020-01-01 10:00:00' as at")
                + stage("JSONTransform", "inputView: v, outputView: j, persist: true"));
    assertThat(rows("select value from j"))
        .containsExactly(
            "[{\"a.b\":1,\"d \\\"q\\\"\":1.20,\"at\":\"2020-01-01T10:00:00.000000Z\"}]");
    assertThat(job.detail())
        .containsEntry("drop", Map.of("NullType", List.of("u")))
        .containsEntry("records", 1L);
    SqlJob none =
        run(
            view("v", "select 1 as a where false")
                + stage("JSONTransform", "inputView: v, outputView: j"));
    assertThat(none.detail()).containsEntry("drop", Map.of());
    assertThat(rows("select * from j")).isEmpty();
  }

  @Test
  void whatMakesRowsDifferThatLookAlikeIsTold() throws Exception {
    assertThat(told(run(diff("select 1 as k, 'a' as v", "select 'b' as v, 2 as k", ""))))
        .singleElement()
        .asString()
        .contains("in another order");
    assertThat(told(run(diff("select 1.5 as k", "select 1.50 as k", ""))))
        .singleElement()
        .asString()
        .contains("k is decimal(2,1) on the left and decimal(3,2) on the right");
    assertThat(told(run(diff("select 1 as k", "select 1 as k, 2 as v", ""))))
        .singleElement()
        .asString()
        .contains("by 1 columns and the right one by 2");
    assertThat(told(run(diff("select 1 as k", "select 2 as k", "")))).isEmpty();
  }

  private static List<String> told(SqlJob job) {
    return job.runWarnings().stream().map(Problem::message).toList();
  }

  @Test
  void whereARowStandsIsNoPartOfIt(@TempDir Path directory) throws Exception {
    Files.writeString(directory.resolve("a.csv"), "id\n1\n2\n");
    Files.writeString(directory.resolve("b.csv"), "id\n0\n1\n2\n");
    String keys = "header: true, inputURI: \"" + directory;
    SqlJob.run(
        stage("DelimitedExtract", "outputView: one, " + keys + "/a.csv\"")
            + stage("DelimitedExtract", "outputView: other, " + keys + "/b.csv\"")
            + stage(
                "DiffTransform",
                "inputLeftView: one, inputRightView: other, outputIntersectionView: both,"
                    + " outputRightView: new"));
    assertThat(rows("select id from both order by id")).containsExactly("[1]", "[2]");
    assertThat(rows("select id from new")).containsExactly("[0]");
  }
}
