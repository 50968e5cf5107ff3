package io.sqletl.engine.stage.transform;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.job.JobOptions;
import io.sqletl.engine.stage.RowChanges;
import io.sqletl.engine.stage.SqlJob;
import io.sqletl.engine.stage.StageException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SQLTransformStageTest {

  @TempDir Path folder;

  @Test
  void makesAViewOfAQuery() throws Exception {
    SqlJob job =
        SqlJob.run(
            view("numbers", "SELECT id FROM range(3)")
                + view("sums", "SELECT sum(id) AS s FROM numbers"));
    assertThat(rows("SELECT * FROM sums")).containsExactly("[3]");
    assertThat(job.detail())
        .containsEntry("sql", "SELECT sum(id) AS s FROM numbers")
        .containsEntry("outputColumns", 1)
        .doesNotContainKey("records");
  }

  @Test
  void keptViewsAreCounted() throws Exception {
    SqlJob job =
        SqlJob.run(
            stage(
                "SQLTransform",
                "outputView: kept, persist: true, numPartitions: 3, sql: \"SELECT id FROM range(9)\""));
    assertThat(job.detail()).containsEntry("records", 9L).containsEntry("numPartitions", 3);
    assertThat(SqlJob.spark().catalog().isCached("kept")).isTrue();
  }

  @Test
  void aCommandRunsOnceAndItsResultIsTheView() throws Exception {
    String table = "delta.`" + folder.resolve("t") + "`";
    SqlJob.run(
        view("made", "CREATE TABLE " + table + " (id INT) USING delta")
            + view("inserted", "INSERT INTO " + table + " VALUES (1)")
            + view("properties", "SET spark.sql.ansi.enabled"));
    assertThat(rows("SELECT * FROM properties")).containsExactly("[spark.sql.ansi.enabled,true]");
    assertThat(rows("SELECT * FROM inserted")).isEmpty();
    assertThat(rows("SELECT * FROM " + table)).containsExactly("[1]");
  }

  @Test
  void whatAStatementChangesIsToldAsOfALoad() throws Exception {
    String table = folder.resolve("t").toString();
    String place = "delta.`" + table + "`";
    SqlJob.run(
        view("rows", "SELECT id, 'old' AS s FROM range(10)")
            + stage("DeltaLakeLoad", "inputView: rows, outputURI: \"" + table + "\""));
    String extract =
        stage("DeltaLakeExtract", "outputView: t, inputURI: \"" + table + "\", numPartitions: 2");
    String merge =
        "MERGE INTO t USING (SELECT id, 'new' AS s FROM range(8, 13)) n ON t.id = n.id"
            + " WHEN MATCHED AND t.s <> n.s THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *";
    for (String from : List.of(extract, extract.replace(", numPartitions: 2", ""))) {
      SqlJob merged = SqlJob.run(from + view("counts", merge));
      boolean isFirst = from.equals(extract);
      assertThat(RowChanges.of(merged.detail()).orElseThrow().describe())
          .isEqualTo(isFirst ? "3 inserted, 2 updated" : "no rows changed");
      assertThat(merged.outputs()).hasSize(isFirst ? 1 : 0).allMatch(at -> at.endsWith(table));
    }
    SqlJob job = SqlJob.run(view("c", "UPDATE " + place + " SET s = 'x' WHERE id < 3"));
    assertThat(RowChanges.of(job.detail()).orElseThrow().describe()).isEqualTo("3 updated");
    assertThat(job.outputs()).containsExactly(table);
    job = SqlJob.run(view("c", "DELETE FROM " + place + " WHERE id < 2"));
    assertThat(RowChanges.of(job.detail()).orElseThrow().describe()).isEqualTo("2 deleted");
    job = SqlJob.run(view("c", "INSERT INTO " + place + " VALUES (99, 'y')"));
    assertThat(job.outputs()).containsExactly(table);
    job = SqlJob.run(view("c", "SELECT 7 AS num_affected_rows, 7 AS num_updated_rows"));
    assertThat(RowChanges.of(job.detail())).isEmpty();
    assertThat(job.outputs()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          SELECT id, net FROM a UNION ALL SELECT net, id FROM b              | true
          SELECT id, net FROM a UNION SELECT Net, Id FROM b                  | true
          SELECT id, net FROM a EXCEPT SELECT net, id FROM b                 | true
          WITH w AS (SELECT * FROM a UNION ALL SELECT * FROM b) SELECT * FROM w | true
          INSERT INTO TABLE SELECT net, id FROM a                            | true
          INSERT INTO TABLE (id, net) SELECT net, id FROM a                  | true
          INSERT INTO TABLE BY NAME SELECT net, id FROM a                    | false
          INSERT INTO TABLE SELECT id, net FROM a                            | false
          SELECT id, net FROM a UNION ALL SELECT id, net FROM b              | false
          SELECT id, net FROM a UNION ALL SELECT net AS id, id AS net FROM b | false
          SELECT id, net FROM a UNION ALL SELECT id, 1 FROM b                | false
          SELECT id, net FROM a UNION ALL SELECT net, id FROM a              | false
          """)
  void columnsUnderTheNamesOfOthersAreTold(String sql, boolean told) throws Exception {
    String table = "delta.`" + folder.resolve("t") + "`";
    SqlJob job =
        SqlJob.run(
            view("made", "CREATE TABLE " + table + " (id INT, net INT) USING delta")
                + view("a", "SELECT 1 AS id, 10 AS net")
                + view("b", "SELECT 20 AS net, 2 AS id")
                + view("v", sql.replace("TABLE", table)));
    assertThat(job.runWarnings()).hasSize(told ? 1 : 0);
  }

  @Test
  void namesOfColumnsMayHoldAnything() throws Exception {
    SqlJob.run(
        view("ignored", "SELECT 1") + view("v", "SELECT 1 AS `a.b`, 2 AS `c d`, 3 AS `é``è`"));
    assertThat(SqlJob.spark().table("v").columns()).containsExactly("a.b", "c d", "é`è");
    assertThat(rows("SELECT `a.b` + `c d` + `é``è` FROM v")).containsExactly("[6]");
  }

  @Test
  void aNameThatSparkRefusesFailsTheStage() {
    assertThatThrownBy(() -> SqlJob.run(view("a view", "SELECT 1")))
        .isInstanceOf(StageException.class)
        .hasMessageStartingWith("The view \"a view\" cannot be made");
  }

  @Test
  void immutableViewsAreNotReplaced() {
    JobOptions options =
        new JobOptions(
            "test", false, false, true, JobOptions.DEFAULT_STORAGE_LEVEL, true, true, true, true);
    String text =
        "stages = [" + view("once_only", "SELECT 1") + view("once_only", "SELECT 2") + "]";
    assertThatThrownBy(() -> SqlJob.plan("job.conf", text, options).run())
        .isInstanceOf(StageException.class)
        .hasMessageContaining("once_only");
  }

  @Test
  void hiveVariablesAreLeftToSpark() throws Exception {
    SqlJob.spark().conf().set("sqletl.test.variable", "from the session");
    SqlJob job = SqlJob.run(view("v", "SELECT '${hiveconf:sqletl.test.variable}' AS x"));
    assertThat(rows("SELECT * FROM v")).containsExactly("[from the session]");
    assertThat(job.detail()).containsEntry("sql", "SELECT '${hiveconf:sqletl.test.variable}' AS x");
  }
}
