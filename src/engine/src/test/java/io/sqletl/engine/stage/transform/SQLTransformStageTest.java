package io.sqletl.engine.stage.transform;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.JobOptions;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.RowChanges;
import io.sqletl.engine.stage.SqlJob;
import io.sqletl.engine.stage.StageException;
import java.nio.file.Files;
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

  private static List<String> told(String sql) throws Exception {
    SqlJob job =
        SqlJob.run(
            view(
                    "l",
                    "SELECT id, CAST(id AS DECIMAL(38, 10)) AS d, CAST(id AS DOUBLE) AS f"
                        + " FROM range(2)")
                + view("r", "SELECT id, id AS v, CAST(1 AS DECIMAL(9, 2)) AS d FROM range(2)")
                + view("q", sql));
    return job.runWarnings().stream().map(each -> each.message() + "; " + each.remedy()).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT l.id FROM l JOIN r|JOIN r",
        "SELECT l.id FROM l INNER JOIN r WHERE l.id > 0|INNER JOIN r",
        "SELECT l.id FROM l LEFT JOIN r AS x|LEFT JOIN r AS x",
        "SELECT a.id FROM l a JOIN l b WHERE a.id > 0 AND b.id > 0|JOIN l b",
        "SELECT x FROM (SELECT l.id AS x FROM l JOIN r) LIMIT 1|JOIN r",
        "SELECT l.id FROM l JOIN r WHERE l.id = r.id|",
        "SELECT l.id FROM l JOIN r WHERE l.id > 0 AND l.id + r.id = 1|",
        "SELECT l.id FROM l JOIN r ON l.id = r.id|",
        "SELECT l.id FROM l JOIN r ON true|",
        "SELECT id FROM l JOIN r USING (id)|",
        "SELECT id FROM l NATURAL JOIN r|",
        "SELECT l.id FROM l CROSS JOIN r|",
        "SELECT l.id FROM l, r|",
        "SELECT l.id FROM l JOIN (SELECT max(id) AS m FROM r) x|",
        "SELECT l.id FROM l JOIN (SELECT 1 AS m) x|",
        "SELECT l.id, e FROM l LATERAL VIEW explode(array(1, 2)) t AS e|",
        "SELECT l.id, e FROM l JOIN LATERAL explode(array(1, 2)) AS t(e)|"
      })
  void aJoinWithoutAConditionIsTold(String sql, String text) throws Exception {
    if (text == null) {
      assertThat(told(sql)).isEmpty();
    } else {
      assertThat(told(sql))
          .singleElement()
          .asString()
          .contains("\"" + text + "\" has no ON and no USING", "write CROSS JOIN");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT DISTINCT * FROM a|DISTINCT",
        "SELECT * FROM (SELECT DISTINCT * FROM t)|DISTINCT",
        "SELECT * FROM a UNION SELECT * FROM b|UNION",
        "SELECT * FROM a EXCEPT SELECT * FROM b|EXCEPT",
        "SELECT * FROM a EXCEPT ALL SELECT * FROM b|EXCEPT",
        "SELECT * FROM a INTERSECT SELECT * FROM b|INTERSECT",
        "SELECT * FROM a NATURAL JOIN b|NATURAL JOIN",
        "SELECT *, count(*) AS n FROM a GROUP BY ALL|GROUP BY",
        "SELECT count(DISTINCT *) AS n FROM a|DISTINCT rows",
        "SELECT count(DISTINCT struct(*)) AS n FROM t|DISTINCT rows",
        "SELECT 1 AS one WHERE EXISTS (SELECT DISTINCT * FROM a)|DISTINCT",
        "SELECT id, md5(to_json(struct(*))) AS h FROM a|a hash of the row",
        "SELECT id, xxhash64(*) AS h FROM a|a hash of the row",
        "SELECT * FROM a UNION ALL SELECT * FROM b|",
        "SELECT DISTINCT * EXCEPT (_filename, _index, _errors) FROM a|",
        "SELECT DISTINCT id, _index FROM a|",
        "SELECT DISTINCT id FROM a|",
        "SELECT id, count(*) AS n FROM a GROUP BY ALL|",
        "SELECT id FROM a JOIN b USING (id)|",
        "SELECT * FROM a WHERE id IN (SELECT id FROM b)|",
        "SELECT DISTINCT * FROM own|"
      })
  void placesOfRowsAmongWhatIsComparedAreTold(String sql, String what) throws Exception {
    Path file = Files.writeString(folder.resolve("a.csv"), "id\n1\n1\n");
    Path schema =
        Files.writeString(
            folder.resolve("s.json"),
            "[{\"name\": \"id\", \"type\": \"integer\", \"nullable\": true}]");
    String read = "inputURI: \"" + file + "\", header: true, outputView: ";
    SqlJob job =
        SqlJob.run(
            stage("DelimitedExtract", read + "a")
                + stage("DelimitedExtract", read + "b")
                + stage(
                    "TypingTransform", "inputView: a, outputView: t, schemaURI: \"" + schema + "\"")
                + view("own", "SELECT 1 AS id, 2 AS _index")
                + view("q", sql));
    List<Problem> told =
        job.runWarnings().stream()
            .filter(warning -> warning.code() == ErrorCode.PLACE_COUNTS)
            .toList();
    if (what == null) {
      assertThat(told).isEmpty();
    } else {
      assertThat(told).singleElement().asString().contains(what, "_filename and _index");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT d * d AS p FROM l|the product (l.d * l.d) is DECIMAL(38,6) and has 20 digits",
        "SELECT sum(1 + d * 1.5) AS p FROM l|is DECIMAL(38,8) and has 11 digits",
        "SELECT CAST(d * d AS STRING) AS p FROM l|has 20 digits",
        "SELECT round(d * d, 2) AS p FROM l|",
        "SELECT CAST(d * d AS DECIMAL(38, 4)) AS p FROM l|",
        "SELECT CAST(d AS DECIMAL(18, 4)) * CAST(d AS DECIMAL(18, 4)) AS p FROM l|",
        "SELECT d * 1.5 * 2 AS p FROM r|",
        "SELECT d * 2.0D AS p FROM l|"
      })
  void productsThatLoseDigitsAreTold(String sql, String message) throws Exception {
    if (message == null) {
      assertThat(told(sql)).isEmpty();
    } else {
      assertThat(told(sql))
          .singleElement()
          .asString()
          .contains(message, "CAST(x AS DECIMAL(18, 4))");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT d AS x FROM l UNION ALL SELECT f FROM l|x",
        "SELECT id, f FROM l UNION SELECT id, d FROM l|d",
        "SELECT f FROM l EXCEPT SELECT d FROM l|d",
        "SELECT CAST(d AS DOUBLE) AS x FROM l UNION ALL SELECT f FROM l|",
        "SELECT d FROM r UNION ALL SELECT f FROM l|",
        "SELECT d FROM r UNION ALL SELECT d FROM l|",
        "SELECT id FROM l UNION ALL SELECT v FROM r|"
      })
  void decimalsThatBecomeDoublesInAUnionAreTold(String sql, String column) throws Exception {
    if (column == null) {
      assertThat(told(sql)).isEmpty();
    } else {
      assertThat(told(sql))
          .singleElement()
          .asString()
          .contains("the column " + column + " is DECIMAL(38,10) in one query and DOUBLE")
          .contains("CAST(" + column + " AS DECIMAL(38,10))");
    }
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
