package io.sqletl.engine.stage.transform;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.SqlJob;
import io.sqletl.engine.stage.StageException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** MERGE, UPDATE and INSERT written as SQL, held to what loads of a Delta table are held to. */
class WritingStatementTest {

  private static final String ALL =
      " WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *";

  @TempDir Path folder;

  private String table() {
    return folder.resolve("t").toString();
  }

  private void create(String query) throws Exception {
    SqlJob.run(
        view("first", query)
            + stage(
                "DeltaLakeLoad",
                "inputView: first, saveMode: Overwrite, outputURI: \"" + table() + "\""));
  }

  /** Runs a statement, to which the table is the view t and the source the view u. */
  private SqlJob run(String source, String statement) throws Exception {
    return SqlJob.run(
        stage("DeltaLakeExtract", "outputView: t, inputURI: \"" + table() + "\"")
            + view("u", source)
            + view("counts", statement));
  }

  private List<Problem> told(String source, String statement) throws Exception {
    return run(source, statement).runWarnings();
  }

  private List<String> read() {
    return rows("select * from delta.`" + table() + "`").stream().sorted().toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "MERGE INTO t USING u ON t.id = u.id WHEN MATCHED THEN UPDATE SET * | p | 9.999",
        "MERGE INTO t USING u ON t.id = u.id + 5 WHEN NOT MATCHED THEN INSERT * | p | 9.999",
        "MERGE INTO t USING u ON t.id = u.id WHEN MATCHED THEN UPDATE SET d = u.d | d | 2024-02-03 23:59:59",
        "MERGE INTO t USING u ON t.id = u.id WHEN MATCHED THEN UPDATE SET p = u.p * 2 | p | 19.998",
        "MERGE INTO t USING u ON false WHEN NOT MATCHED THEN INSERT (id, p) VALUES (7, '3.999') | p | 3.999",
        "MERGE INTO t USING u ON false WHEN NOT MATCHED THEN INSERT (id, d) VALUES (7, '2026-02-01 23:59') | d | 2026-02-01 23:59",
        "INSERT INTO t SELECT * FROM u | p | 9.999",
        "INSERT OVERWRITE t SELECT * FROM u | p | 9.999",
        "INSERT INTO t BY NAME SELECT 4 AS id, p, st FROM u | p | 9.999",
        "WITH q AS (SELECT * FROM u) INSERT INTO t SELECT * FROM q | p | 9.999",
        "INSERT INTO delta.`TABLE` SELECT * FROM u | p | 9.999",
        "INSERT INTO delta.`TABLE` (id, p) VALUES (4, 2.345) | p | 2.345",
        "INSERT OVERWRITE delta.`TABLE` SELECT * FROM u | p | 9.999",
        "INSERT INTO delta.`TABLE` REPLACE WHERE id = 1 SELECT * FROM u | p | 9.999",
        "INSERT INTO t SELECT id, round(p, 2), to_date(d), named_struct('a', 2.5D), xs, m FROM u | st.a | 2.5",
        "INSERT INTO t SELECT id, round(p, 2), to_date(d), st, array(1, 2.5D), m FROM u | xs.element | 2.5",
        "INSERT INTO t SELECT id, round(p, 2), to_date(d), st, xs, map('k', 2.5D) FROM u | m.value | 2.5",
        "INSERT INTO delta.`TABLE` SELECT id, round(p, 2), to_date(d), named_struct('a', 2.5D), xs, m FROM u | st.a | 2.5",
        "UPDATE t SET id = id / 7 | id | 0.14285714285714285",
        "UPDATE t SET st.a = 1.5D WHERE id = 1 | st.a | 1.5",
        "UPDATE t SET id = 3000000000 | id | 3000000000"
      })
  void aValueThatTheTableWouldAlterEndsTheStatement(String statement, String column, String value)
      throws Exception {
    createTyped();
    List<String> before = read();
    assertThatThrownBy(() -> run(CHANGES, statement.replace("TABLE", table())))
        .isInstanceOf(StageException.class)
        .hasMessageStartingWith(
            "SQLTransform cannot write a value into the column '" + column + "' of the table '")
        .hasMessageContaining("as it is. Say what is meant")
        .hasMessageEndingWith("The first such value is " + value + ".");
    assertThat(read()).isEqualTo(before);
  }

  private static final String CHANGES =
      "SELECT 1L AS id, 9.999D AS p, TIMESTAMP'2024-02-03 23:59:59' AS d, named_struct('a', 2L) AS"
          + " st, array(3L) AS xs, map('k', 4L) AS m";

  private void createTyped() throws Exception {
    create(
        "SELECT 1 AS id, CAST(1.5 AS DECIMAL(9,2)) AS p, DATE'2024-01-01' AS d, named_struct('a',"
            + " 1) AS st, array(1) AS xs, map('k', 1) AS m");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE t SET p = round(p * 1.333, 2), d = DATE'2024-05-05'",
        "UPDATE t SET id = CAST(id / 7 AS INT)",
        "UPDATE t SET id = id / 1, p = 2, d = '2024-05-05', xs = array(1L)",
        "UPDATE t SET id = id / 7 WHERE id > 5",
        "MERGE INTO t USING u ON t.id = u.id WHEN MATCHED THEN UPDATE SET p = CAST(u.p AS DECIMAL(9,2)), d = to_date(u.d)",
        "MERGE INTO t USING u ON t.id = u.id WHEN MATCHED AND u.id = 5 THEN UPDATE SET *",
        "MERGE INTO t USING u ON t.id = u.id WHEN NOT MATCHED THEN INSERT (id, p) VALUES (u.id, u.p)",
        "INSERT INTO t SELECT id, round(p, 2), date_trunc('DAY', d), st, xs, m FROM u",
        "INSERT INTO delta.`TABLE` SELECT id, CAST(p AS DECIMAL(9,2)), to_date(d), st, xs, m FROM u",
        "INSERT INTO t SELECT NULL, NULL, NULL, NULL, array(NULL), map('k', NULL)",
        "INSERT OVERWRITE delta.`TABLE` (id, p) VALUES (1, 2.34), (2, 3)"
      })
  void valuesThatFitAndCastsThatAreWrittenAreTaken(String statement) throws Exception {
    createTyped();
    assertThat(told(CHANGES, statement.replace("TABLE", table()))).isEmpty();
  }

  @Test
  void aTypeThatSaysSomethingElseIsRefused() throws Exception {
    create("SELECT 1 AS id, TIMESTAMP'2020-01-01 00:00:00' AS d");
    assertThatThrownBy(
            () ->
                run(
                    "SELECT 1 AS id, 1767225600000 AS d",
                    "MERGE INTO t USING u ON t.id = u.id" + ALL))
        .hasMessageContaining("'d' is BIGINT there and TIMESTAMP in the table")
        .hasMessageContaining("timestamp_millis(d)");
  }

  @Test
  void keysThatComeTwiceAndKeysThatAreNullAreTold() throws Exception {
    create("SELECT * FROM VALUES (1, 'a'), (NULL, 'n') AS t(id, v)");
    String source = "SELECT * FROM VALUES (1, 'A'), (NULL, 'N'), (3, 'C'), (3, 'D') AS t(id, v)";
    String merge = "MERGE INTO t USING u ON t.id = u.id" + ALL;
    List<Problem> told = told(source, merge);
    assertThat(told)
        .extracting(Problem::code)
        .containsExactly(ErrorCode.LOST_IN_LOAD, ErrorCode.REPEATED_KEY);
    assertThat(told.get(0).message()).contains("1 row of the source has NULL in the key (id)");
    assertThat(told.get(1).message()).contains("more than once: id=3 in 2 rows.");
    assertThat(told("SELECT 9 AS id, 'x' AS v", merge)).isEmpty();
    assertThat(
            told(
                "SELECT INT(NULL) AS id, 'x' AS v",
                merge.replace("t.id = u.id", "t.id <=> u.id AND t.v = 'x'")))
        .isEmpty();
  }

  @Test
  void rowsOfAHistoryThatMatchNothingOnPurposeAreNotTold() throws Exception {
    create("SELECT 1 AS id, 'a' AS v, 1 AS now");
    String source =
        "SELECT id AS merge_key, id, v, now FROM VALUES (1, 'b', 1) AS n(id, v, now)"
            + " UNION ALL SELECT NULL, 1, 'b', 1";
    String values =
        " WHEN MATCHED THEN UPDATE SET now = 0"
            + " WHEN NOT MATCHED THEN INSERT (id, v, now) VALUES (u.id, u.v, u.now)";
    String on = "MERGE INTO t USING u ON t.id = u.merge_key";
    assertThat(told(source, on + " AND t.now = 1" + values)).isEmpty();
    assertThat(read()).containsExactly("[1,a,0]", "[1,b,1]");
    create("SELECT 1 AS id, 'a' AS v, 1 AS now");
    assertThat(told(source, on + " AND t.now = 1 WHEN NOT MATCHED THEN INSERT *")).isEmpty();
  }

  @Test
  void keysOfTypesThatBlurAreTold() throws Exception {
    create("SELECT * FROM VALUES ('007', 'a'), ('8', 'b') AS t(id, v)");
    String set = " WHEN MATCHED THEN UPDATE SET v = u.v";
    assertThat(told("SELECT 7 AS id, 'A' AS v", "MERGE INTO t USING u ON t.id = u.id" + set))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.code()).isEqualTo(ErrorCode.COLUMNS_DIFFER);
              assertThat(problem.message())
                  .contains(
                      "ON compares id of the source (INT) with id of the table (STRING), and several"
                          + " texts, such as 7 and 007, are one value");
            });
    assertThat(
            told(
                "SELECT 7 AS id, 'A' AS v",
                "MERGE INTO t USING u ON CAST(t.id AS INT) = u.id" + set))
        .isEmpty();
  }

  @Test
  void aColumnThatStarLeavesOutIsToldOrAdded() throws Exception {
    create("SELECT 1 AS id, 'a' AS v");
    String source = "SELECT * FROM VALUES (1, 'A', 5), (2, 'B', 6) AS t(id, v, extra)";
    String merge = "MERGE INTO t USING u ON t.id = u.id";
    assertThat(told(source, merge + ALL))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.code()).isEqualTo(ErrorCode.LOST_IN_LOAD);
              assertThat(problem.message())
                  .contains("has no column extra of the source, so the merge leaves it out");
              assertThat(problem.remedy()).contains("MERGE WITH SCHEMA EVOLUTION INTO");
            });
    assertThat(
            told(
                source,
                merge + " WHEN MATCHED AND u.extra = 0 THEN DELETE WHEN MATCHED THEN UPDATE SET *"))
        .as("it has its use")
        .isEmpty();
    assertThat(told(source, merge + " WHEN MATCHED THEN UPDATE SET v = u.v"))
        .as("no clause takes all columns")
        .isEmpty();
    String place =
        "MERGE WITH SCHEMA EVOLUTION INTO delta.`" + table() + "` AS t USING u ON t.id = u.id";
    assertThat(told(source, place + ALL)).isEmpty();
    assertThat(read()).containsExactly("[1,A,5]", "[2,B,6]");
  }
}
