package io.sqletl.engine.stage.load;

import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;

import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.SqlJob;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told of a history before Spark starts. */
class HistoryPlanningTest {

  private static final String KEYS = "keys: id, sequenceBy: at\n";

  private static String load(String keys) {
    return stage(
        "DeltaLakeHistoryLoad", "inputView: changes, outputURI: \"/tmp/history\"\n" + keys);
  }

  private static List<Problem> problems(String query, String keys) {
    return SqlJob.problems(view("changes", query) + load(keys));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM VALUES (1, 'a', 1) AS t(id, name, at)",
        "SELECT id, upper(name) AS name, t.at FROM other AS t WHERE id > 1 ORDER BY at",
        "SELECT id, name, max(at) AS at FROM other GROUP BY id, name HAVING count(*) > 1",
        "WITH c AS (SELECT 1 AS id, 'a' AS name, 1 AS at) SELECT * FROM c",
        "SELECT c.* FROM (SELECT 1 AS id, 'a' AS name, 1 AS at) AS c JOIN other ON c.id = other.id",
        "SELECT * EXCEPT (x) FROM (SELECT 1 AS id, 'a' AS name, 1 AS at, 2 AS x)",
        "SELECT 1 AS id, 'a' AS name, 1 AS at UNION ALL SELECT id, x, at FROM other LIMIT 3",
        "SELECT DISTINCT * FROM VALUES (1, 'a', 1) AS t(id, name, at)",
      })
  void aColumnThatTheQueryDoesNotHaveIsTold(String query) {
    String jobs = view("other", "SELECT *, 1 AS at FROM plain") + view("changes", query);
    assertThat(
            SqlJob.problems(
                view("plain", "SELECT 1 AS id, 'a' AS x, 'b' AS name")
                    + jobs
                    + load("keys: [id, nane], sequenceBy: at")))
        .extracting(problem -> problem.message() + "; " + problem.remedy())
        .containsExactly(
            "\"keys\" names the column \"nane\", which the view \"changes\" has not; did you mean"
                + " \"name\"?");
    assertThat(
            SqlJob.problems(
                view("plain", "SELECT 1 AS id, 'a' AS x, 'b' AS name")
                    + jobs
                    + load("keys: [ID, Name], sequenceBy: AT")))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM nowhere.there",
        "SELECT 1 AS id, 2 AS at, current_date FROM VALUES (1) AS t(x)",
        "SELECT `(a)?+.+`, id FROM (SELECT 1 AS id, 2 AS at)",
        "SELECT *, id FROM parquet.`/tmp/x`",
        "SELECT count(*), 1 AS id, 1 AS at FROM VALUES (1) AS t(x)",
        "SELECT explode(map(1, 2)) FROM VALUES (1) AS t(x)",
        "SELECT inline(array(struct(1 AS id, 2 AS at)))",
        "SELECT s.* FROM (SELECT struct(1 AS id, 2 AS at) AS s)",
        "SELECT * FROM (SELECT 1 AS id) JOIN (SELECT 1 AS id, 2 AS at) USING (id)",
        "SELECT * FROM VALUES (1, 2) AS t(a, b) LATERAL VIEW explode(array(1)) AS id",
        "SELECT * FROM (SELECT 1 AS a) UNPIVOT (at FOR id IN (a))",
      })
  void whatOnlySparkKnowsIsLeftToTheRun(String query) {
    assertThat(problems(query, "keys: whatever, sequenceBy: at")).isEmpty();
  }

  @Test
  void aViewThatIsMadeAnewHasItsNewColumns() {
    assertThat(
            SqlJob.problems(
                view("changes", "SELECT 1 AS x, 2 AS at")
                    + view("changes", "SELECT x AS id, at FROM changes")
                    + load(KEYS)))
        .isEmpty();
    assertThat(
            SqlJob.problems(
                view("changes", "SELECT 1 AS x, 2 AS at")
                    + stage("DeltaLakeExtract", "inputURI: \"/tmp/x\", outputView: changes")
                    + load(KEYS)))
        .isEmpty();
  }

  @Test
  void theSchemaOfATypingTransformSaysTheColumns() {
    String typing =
        stage(
            "TypingTransform",
            """
            inputView: raw, outputView: changes
            schema: [
              {name: id, type: integer, nullable: true, trim: true}
              {name: updated_at, type: date, nullable: true, trim: true, formatters: ["uuuu-MM-dd"]}
            ]
            """);
    assertThat(
            SqlJob.problems(
                view("raw", "SELECT '1' AS a, '2026-01-01' AS b")
                    + typing
                    + load("keys: id, sequenceBy: update_at")))
        .extracting(Problem::render)
        .containsExactly(
            """
            job.conf line 13: "sequenceBy" names the column "update_at", which the view "changes" has not; did you mean "updated_at"? [INVALID_VALUE]
                13 | keys: id, sequenceBy: update_at}
                                           ^^^^^^^^^""");
    assertThat(
            SqlJob.problems(
                view("raw", "SELECT '1' AS a, '2026-01-01' AS b")
                    + typing
                    + view("changes", "SELECT *, 1 AS more FROM changes")
                    + load("keys: [id, more], sequenceBy: updated_at")))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          trackColumns: [nam]                        | "trackColumns" names the column "nam"
          ignoreColumns: [nam]                       | "ignoreColumns" names the column "nam"
          exceptColumns: [nam]                       | "exceptColumns" names the column "nam"
          duplicates: latest, latestBy: nam          | "latestBy" names the column "nam"
          partitionBy: [valid_fro]                   | "partitionBy" names the column "valid_fro"
          validTo: name                              | has a column "name", and the load makes one
          """)
  void otherColumnsAreLookedForToo(String keys, String message) {
    assertThat(problems("SELECT 1 AS id, 'a' AS name, 1 AS at", KEYS + keys))
        .extracting(Problem::message)
        .singleElement()
        .asString()
        .contains(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "partitionBy: [valid_from, is_current]",
        "validTo: name, exceptColumns: [name]",
        "validFrom: at, exceptColumns: [at]",
        "validFrom: at, exceptColumns: [at], partitionBy: [at]",
        "keys: [id, at], sequenceBy: [at, name]",
        "trackColumns: [name], duplicates: latest, latestBy: name",
        "historyType: 1, partitionBy: [at]",
      })
  void whatIsMeantIsNotRefused(String keys) {
    assertThat(problems("SELECT 1 AS id, 'a' AS name, 1 AS at", KEYS + keys)).isEmpty();
    assertThat(problems("SELECT * FROM parquet.`/tmp/x`", KEYS + keys)).isEmpty();
  }

  @Test
  void aTimeIsNoColumn() {
    String query = "SELECT 1 AS id, 'a' AS name";
    for (String time : List.of("\"2026-01-01\"", "7", "\"2026-01-01 10:00:00\"")) {
      assertThat(problems(query, "keys: id, source: snapshot, sequenceBy: " + time)).isEmpty();
    }
    assertThat(problems(query, "keys: id, source: snapshot, sequenceBy: today")).hasSize(1);
    assertThat(problems(query, "keys: id, sequenceBy: \"2026-01-01\", validFrom: off"))
        .extracting(Problem::message)
        .singleElement()
        .asString()
        .contains("nothing would tell when a version began");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          keys: id, sequenceBy: id                     | The column "id" is in "keys" and in "sequenceBy"
          keys: id, sequenceBy: at, trackColumns: [ID] | The column "ID" is in "keys" and in "trackColumns"
          keys: id, sequenceBy: at, ignoreColumns: [id] | The column "id" is in "keys" and in "ignoreColumns"
          keys: id, sequenceBy: at, ignoreColumns: [at] | The column "at" is in "sequenceBy" and in "ignoreColumns"
          keys: id, sequenceBy: at, exceptColumns: [id] | The column "id" is in "keys" and in "exceptColumns"
          keys: id, sequenceBy: at, validFrom: off, exceptColumns: [at] | nothing would tell when a version began
          keys: id, sequenceBy: at, historyType: 1, exceptColumns: [at] | nothing would tell when a version began
          keys: id, sequenceBy: at, duplicates: latest, latestBy: at | The column "at" is in "sequenceBy" and in "latestBy"
          keys: id, sequenceBy: at, trackColumns: [a], ignoreColumns: [b] | "ignoreColumns" says nothing
          keys: id, sequenceBy: at, duplicates: latest | needs "latestBy"
          keys: id, sequenceBy: at, latestBy: a        | says nothing without "duplicates": "latest"
          keys: id, sequenceBy: at, validFrom: t, validTo: T | "validFrom" and "validTo" would be two columns called "T"
          keys: id, sequenceBy: at, isCurrent: valid_from | "validFrom" and "isCurrent" would be two columns
          keys: id, sequenceBy: at, validFrom: at      | The load makes a column "at", and the view has one of this name
          keys: id, sequenceBy: at, validTo: id        | The load makes a column "id"
          keys: id, sequenceBy: at, source: snapshot, deleteWhen: "x" | "deleteWhen" is for "source": "changes"
          keys: id, sequenceBy: [at, b], source: snapshot | A snapshot has one time
          keys: id, sequenceBy: at, historyType: 1, openEnd: "9999-12-31" | "openEnd" says nothing
          keys: id, sequenceBy: at, validTo: off, deleteWhen: "x" | nothing would tell when a deleted thing ended
          keys: id, sequenceBy: at, source: snapshots  | cannot be "snapshots"
          keys: id, sequenceBy: at, historyType: 3     | cannot be "3"
          keys: id, sequenceBy: at, onDelete: tomb     | cannot be "tomb"
          keys: [], sequenceBy: at                     | "keys" names no column
          keys: id, sequenceBy: at, outputURI: "s3a://bucket" | is the root of a storage
          """)
  void keysThatContradictAreRefused(String keys, String message) {
    assertThat(problems("SELECT * FROM parquet.`/tmp/x`", keys))
        .extracting(Problem::message)
        .singleElement()
        .asString()
        .contains(message);
  }
}
