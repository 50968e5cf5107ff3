package io.sqletl.engine.stage.load;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delta.tables.DeltaTable;
import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.RowChanges;
import io.sqletl.engine.stage.SqlJob;
import io.sqletl.engine.stage.StageException;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeltaLakeMergeLoadStageTest {

  private static final String CHANGES =
      "SELECT * FROM VALUES (2L, 'two'), (3L, NULL), (9L, 'nine') AS t(id, name)";

  @TempDir Path folder;

  @Test
  void everyClauseDoesItsPart() throws Exception {
    makeTable();
    SqlJob job =
        merge(
            CHANGES,
            """
            numPartitions: 2
            whenMatchedDelete: {condition: "source.name IS NULL"}
            whenMatchedUpdate: {}
            whenNotMatchedByTargetInsert: {}
            whenNotMatchedBySourceDelete: {condition: "target.id = 4"}
            """);
    assertThat(read()).containsExactly("[1,n1]", "[2,two]", "[9,nine]");
    assertThat(job.detail())
        .extractingByKey("commit", InstanceOfAssertFactories.map(String.class, Object.class))
        .containsEntry("version", 1L)
        .extractingByKey("operationMetrics", InstanceOfAssertFactories.MAP)
        .containsEntry("numTargetRowsInserted", 1L)
        .containsEntry("numTargetRowsUpdated", 1L)
        .containsEntry("numTargetRowsDeleted", 2L);
    assertThat(RowChanges.of(job.detail())).contains(new RowChanges(1, 1, 2, 1));
    assertThat(job.outputs()).containsExactly(table());
    assertThat(SqlJob.spark().conf().get("spark.sql.shuffle.partitions")).isEqualTo("2");
  }

  @Test
  void theOrderOfDeleteAndUpdateCounts() throws Exception {
    makeTable();
    String clauses =
        """
        whenMatchedDelete: {condition: "source.id > 1"}
        whenMatchedUpdate: {condition: "source.id < 3", values: {name: "upper(source.name)"}}
        """;
    merge(CHANGES, clauses + "whenMatchedDeleteFirst: false");
    assertThat(read()).containsExactly("[1,n1]", "[2,TWO]", "[4,n4]");
    merge(CHANGES, clauses);
    assertThat(read()).containsExactly("[1,n1]", "[4,n4]");
  }

  @Test
  void deletesAllThatTheViewLacks() throws Exception {
    makeTable();
    merge(CHANGES, "whenNotMatchedBySourceDelete: {}");
    assertThat(read()).containsExactly("[2,n2]", "[3,n3]");
  }

  @Test
  void insertsValuesUnderACondition() throws Exception {
    makeTable();
    merge(
        "SELECT * FROM VALUES (8L, 'a'), (9L, 'b') AS t(id, name)",
        "whenNotMatchedByTargetInsert: {condition: \"source.id > 8\","
            + " values: {id: \"source.id * 10\", name: \"concat(source.name, '!')\"}}");
    assertThat(read()).containsExactly("[1,n1]", "[2,n2]", "[3,n3]", "[4,n4]", "[90,b!]");
  }

  @Test
  void makesTheTableOfWhatItWouldInsert() throws Exception {
    merge(
        CHANGES,
        "createTableIfNotExists: true, partitionBy: [\"name\"]\n"
            + "whenNotMatchedByTargetInsert: {condition: \"source.id < 9\","
            + " values: {loaded: \"'today'\", name: \"source.name\", id: \"source.id\"}}");
    assertThat(read()).containsExactly("[2,two,today]", "[3,null,today]");
    assertThat(
            DeltaTable.forPath(SqlJob.spark(), table())
                .detail()
                .select("partitionColumns")
                .first()
                .getList(0))
        .isEqualTo(List.of("name"));
  }

  @Test
  void makesAnEmptyTableIfNothingIsInserted() throws Exception {
    merge(CHANGES, "createTableIfNotExists: true, whenMatchedUpdate: {}");
    assertThat(read()).isEmpty();
    merge(CHANGES, "createTableIfNotExists: true, whenNotMatchedByTargetInsert: {}");
    assertThat(read()).hasSize(3);
  }

  @Test
  void aMissingTableFails() {
    assertThatThrownBy(() -> merge(CHANGES, "whenMatchedUpdate: {}"))
        .isInstanceOf(StageException.class)
        .hasMessage(
            "There is no Delta table at '"
                + table()
                + "' and 'createTableIfNotExists' is set to false.");
  }

  @Test
  void whatIsNoTextIsRefused() throws Exception {
    makeTable();
    String broken = "SELECT 2L AS id, cast(x'636166E9' AS string) AS name";
    assertThatThrownBy(() -> merge(broken, "whenMatchedUpdate: {}"))
        .isInstanceOf(StageException.class)
        .hasMessageContaining("'name': a value is not valid UTF-8");
    assertThat(read()).contains("[2,n2]").hasSize(4);
  }

  @Test
  void aFailedMergeLeavesTheTableAsItWas() throws Exception {
    makeTable();
    assertThatThrownBy(
            () ->
                merge(CHANGES, "whenMatchedUpdate: {values: {name: \"raise_error('bad name')\"}}"))
        .hasStackTraceContaining("bad name");
    assertThat(read()).containsExactly("[1,n1]", "[2,n2]", "[3,n3]", "[4,n4]");
  }

  @Test
  void columnsMayHaveDotsAndBlanks() throws Exception {
    String odd = "SELECT 1 AS id, 2 AS `größe.in cm`";
    SqlJob.run(
        view("odd", odd)
            + stage(
                "DeltaLakeLoad",
                "inputView: odd, generateSymlinkManifest: false, outputURI: \""
                    + table()
                    + "\", options: {\"delta.columnMapping.mode\": name}"));
    merge(
        "SELECT 1 AS id, 5 AS `größe.in cm`",
        "whenMatchedUpdate: {values: {\"größe.in cm\": \"source.`größe.in cm`\"}}");
    assertThat(read()).containsExactly("[1,5]");
  }

  @Test
  void whatDoesNotParseIsReportedWithItsPlace() {
    assertThat(
            SqlJob.problems(
                stages(
                    CHANGES,
                    """
                    whenMatchedUpdate: {values: {name: "source.name +"}}
                    """,
                    "source.id == = target.id")))
        .extracting(Problem::render)
        .containsExactly(
            """
            job.conf line 5: Syntax error at or near '=' [SQL_SYNTAX]
                5 | inputView: changes, condition: "source.id == = target.id"
                                                                 ^\
            """,
            """
            job.conf line 7: Syntax error at or near end of input [SQL_SYNTAX]
                7 | whenMatchedUpdate: {values: {name: "source.name +"}}
                                                        ^^^^^^^^^^^^^\
            """);
  }

  @Test
  void aClauseThatNothingReachesIsRefused() {
    assertThat(
            SqlJob.problems(
                stages(
                    CHANGES,
                    "whenMatchedUpdate: {}, whenMatchedDelete: {}",
                    "source.id = target.id")))
        .extracting(Problem::message)
        .containsExactly("This clause takes every matched row, so that the other one has none");
  }

  @Test
  void aMergeWithoutClausesIsRefused() {
    assertThat(SqlJob.problems(stages(CHANGES, "", "source.id = target.id")))
        .extracting(Problem::message)
        .containsExactly(
            "DeltaLakeMergeLoad needs at least one of the keys whenMatchedDelete,"
                + " whenMatchedUpdate, whenNotMatchedByTargetInsert,"
                + " whenNotMatchedBySourceDelete");
  }

  @Test
  void aMergeThatMarksRowsLeavesNoManifest() throws Exception {
    Path manifest = folder.resolve("merged/_symlink_format_manifest");
    SqlJob.run(
        view("rows", "SELECT id, concat('n', id) AS name FROM range(0, 100, 1, 1)")
            + stage(
                "DeltaLakeLoad",
                "inputView: rows, options: {\"delta.enableDeletionVectors\": true}, outputURI: \""
                    + table()
                    + "\""));
    assertThat(manifest).exists();
    SqlJob job =
        SqlJob.run(
            stages(CHANGES, "whenMatchedUpdate: {}", "source.id = target.id")
                .replace("generateSymlinkManifest: false", ""));
    assertThat(manifest).doesNotExist();
    assertThat(job.runWarnings())
        .singleElement()
        .satisfies(
            warning -> {
              assertThat(warning.code()).isEqualTo(ErrorCode.NO_MANIFEST);
              assertThat(warning.message()).contains("was taken away");
            });
  }

  private void makeTable() throws Exception {
    SqlJob.run(
        view("rows", "SELECT id, concat('n', id) AS name FROM range(1, 5)")
            + stage(
                "DeltaLakeLoad",
                "inputView: rows, generateSymlinkManifest: false, outputURI: \"" + table() + "\""));
  }

  private SqlJob merge(String sql, String keys) throws Exception {
    return SqlJob.run(stages(sql, keys, "source.id = target.id"));
  }

  private String stages(String sql, String keys, String condition) {
    return view("changes", sql)
        + stage(
            "DeltaLakeMergeLoad",
            "inputView: changes, condition: \""
                + condition
                + "\"\noutputURI: \""
                + table()
                + "\", generateSymlinkManifest: false\n"
                + keys);
  }

  private String table() {
    return folder.resolve("merged").toString();
  }

  private List<String> read() {
    return rows("SELECT * FROM delta.`" + table() + "`").stream().sorted().toList();
  }
}
