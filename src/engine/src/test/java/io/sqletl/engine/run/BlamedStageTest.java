package io.sqletl.engine.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.sqletl.engine.stage.SqlJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A view is computed when a later stage reads it; the stage whose statement is wrong is blamed. */
class BlamedStageTest {

  private static final String JOB =
      """
      stages = [
      { type: SQLTransform, name: base, environments: [test], outputView: base
        sql: "SELECT * FROM VALUES (1, 0), (2, 5) AS t(id, n)" }
      { type: SQLTransform, name: share, environments: [test], outputView: share
        sql: \"\"\"SELECT id,
        '\uD83D\uDE00' AS face, 100 / n AS share
      FROM base\"\"\" }
      { type: SQLTransform, name: between, environments: [test], outputView: between
        sql: "SELECT *, id + 1 AS next FROM share" }
      { type: ParquetLoad, name: w, environments: [test], inputView: between, outputURI: "OUT" }
      ]
      """;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theStatementThatDivides(boolean compiled) throws IOException {
    var conf = SqlJob.spark().conf();
    conf.set("spark.sql.codegen.wholeStage", compiled);
    conf.set("spark.sql.codegen.factoryMode", compiled ? "FALLBACK" : "NO_CODEGEN");
    try {
      Failure failure = failure(JOB.replace("OUT", folder.resolve("out").toString()));

      assertThat(failure.stage()).isEqualTo("stage \"share\" (line 4)");
      assertThat(failure.position().line()).isEqualTo(6);
      assertThat(failure.position().excerpt().lines().skip(1).findFirst())
          .hasValueSatisfying(
              carets -> assertThat(carets.strip()).hasSize("100 / n".length()).matches("\\^+"));
      assertThat(failure.during())
          .isEqualTo("found while stage \"w\" (line 10) was writing " + folder.resolve("out"));
    } finally {
      conf.set("spark.sql.codegen.wholeStage", false);
      conf.set("spark.sql.codegen.factoryMode", "NO_CODEGEN");
    }
  }

  @Test
  void aViewThatAStatementMakes() throws IOException {
    Failure failure =
        failure(
            """
            stages = [
            { type: SQLTransform, name: make, environments: [test], outputView: made
              sql: "CREATE OR REPLACE TEMPORARY VIEW blamed_view AS SELECT 1 / (id - 1) AS v FROM range(3)" }
            { type: SQLTransform, name: use, environments: [test], outputView: used, persist: true
              sql: "SELECT v FROM blamed_view" }
            ]
            """);

    assertThat(failure.stage()).as(failure.toString()).isEqualTo("stage \"make\" (line 2)");
    assertThat(failure.position().line()).isEqualTo(3);
    assertThat(failure.during())
        .isEqualTo("found while stage \"use\" (line 4) ran, which reads it");
  }

  @Test
  void anExpressionOfTheStageItself() throws IOException {
    String table = folder.resolve("table").toString();
    SqlJob.spark().sql("SELECT 1 AS id").write().format("delta").save(table);
    Failure failure =
        failure(
            """
            stages = [
            { type: SQLTransform, name: s, environments: [test], outputView: s, sql: "SELECT 1 AS id" }
            { type: DeltaLakeMergeLoad, name: m, environments: [test], inputView: s, outputURI: "OUT"
              condition: "source.idd = target.id", whenMatchedUpdate: {}, generateSymlinkManifest: false }
            ]
            """
                .replace("OUT", table));

    assertThat(failure.stage()).isEqualTo("stage \"m\" (line 3)");
    assertThat(failure.position().line()).isEqualTo(4);
    assertThat(failure.cause()).contains("source.idd");
    assertThat(failure.during()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"failfast", "permissive"})
  void aValueThatMayNotBeWrong(String failMode) throws IOException {
    Path csv = Files.writeString(folder.resolve("p.csv"), "id,amount\n1,1.5\n2,2.5\n3,n/a\n4,\n");
    Failure failure =
        failure(
            """
            stages = [
            { type: DelimitedExtract, name: read, environments: [test], inputURI: "CSV", header: true, delimiter: Comma, outputView: typed_raw }
            { type: TypingTransform, name: types, environments: [test], inputView: typed_raw, outputView: typed, failMode: MODE
              schema: [{name: id, type: integer, nullable: true}, {name: amount, type: double, nullable: NULLABLE}] }
            { type: ParquetLoad, name: w, environments: [test], inputView: typed, outputURI: "OUT" }
            ]
            """
                .replace("CSV", csv.toString())
                .replace("MODE", failMode)
                .replace("NULLABLE", String.valueOf(failMode.equals("failfast")))
                .replace("OUT", folder.resolve("out").toString()));

    assertThat(failure.cause()).isEqualTo("p.csv:4: amount 'n/a' is no double");
    assertThat(failure.stage()).isEqualTo("stage \"types\" (line 3)");
    assertThat(failure.during()).startsWith("found while stage \"w\" (line 5) was writing ");
    assertThat(failure.remedy()).contains("nullable");
  }

  private Failure failure(String text) throws IOException {
    Path job = Files.writeString(folder.resolve("job.conf"), text);
    return JobRun.of(job).summary().failure().orElseThrow();
  }
}
