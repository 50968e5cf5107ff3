package com.example.etl;

import static com.example.etl.JobFixture.plan;
import static com.example.etl.JobFixture.problems;
import static com.example.etl.JobFixture.rows;
import static com.example.etl.JobFixture.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.sqletl.engine.job.Problem;
import io.sqletl.engine.run.RunSummary;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ExamplePluginTest {

  private static String stages(String... stages) {
    return "stages = [" + String.join("\n", stages) + "]";
  }

  private static String sql(String view, String query) {
    return "{type: SQLTransform, name: s, environments: [test], outputView: "
        + view
        + ", sql: \"\"\""
        + query
        + "\"\"\"}";
  }

  private static String fingerprint(String keys) {
    return "{type: FingerprintTransform, name: f, environments: [test], inputView: v, outputView: f, "
        + keys
        + "}";
  }

  @Test
  void theJobOfThisFolderUsesAllFour() throws Exception {
    // A jar's manifest has the version that the job asks for; a folder of classes has none
    String job = Files.readString(Path.of("job.conf")).replace(":1.2.0", "");
    assertThat(run(job).succeeded()).isTrue();
    assertThat(
            rows("select id, card, valid, day, length(fingerprint) from fingerprinted order by id"))
        .containsExactly(
            "[1,************1111,true,2024-03-01,64]", "[2,************1112,false,2024-03-01,64]");
  }

  @Test
  void rowsWithTheSameFieldsHaveTheSameFingerprint() {
    run(
        stages(
            sql("v", "select * from values (1, 'a'), (2, 'a'), (3, 'b') t(id, `x.y`)"),
            fingerprint("fields: [x.y], outputField: fp, algorithm: xxhash64")));
    assertThat(rows("select count(*), count(distinct fp) from f")).containsExactly("[3,2]");
  }

  @Test
  void aColumnThatIsNotThereFailsTheStage() {
    RunSummary summary = run(stages(sql("v", "select 1 as a"), fingerprint("fields: [b]")));
    assertThat(summary.failure().orElseThrow().cause())
        .isEqualTo("FingerprintTransform finds no column 'b' in 'v', which has: [a]");
  }

  @Test
  void keysAreCheckedBeforeAnythingRuns() {
    assertThat(
            problems(
                stages(
                    sql("v", "select 1 as a"),
                    fingerprint("fields: [a], outputField: a"),
                    fingerprint("algoritm: md5"),
                    fingerprint("algorithm: md5"))))
        .satisfiesExactly(
            p -> assertThat(p).contains("line 2: \"outputField\" is one of \"fields\": a"),
            p -> assertThat(p).contains("has no key \"algoritm\"; did you mean \"algorithm\"?"),
            p -> assertThat(p).contains("\"algorithm\" of FingerprintTransform cannot be \"md5\""));
  }

  @Test
  void functionsTakeNullAndWarnWhereTheyAreOld() {
    String old = stages(sql("v", "select hide_card('12345') as c, is_luhn(null) as l"));
    assertThat(plan(old).warnings())
        .extracting(Problem::message)
        .containsExactly("The function hide_card is deprecated");
    run(old);
    assertThat(rows("select * from v")).containsExactly("[*2345,null]");
  }

  @Test
  void aLifecyclePluginEndsAJobThatMakesTooManyRows() {
    String limit = "plugins.lifecycle = [{type: RowLimit, environments: [test], maximum: 2}]\n";
    assertThat(
            run(limit + stages(sql("v", "select * from range(3)"))).failure().orElseThrow().cause())
        .isEqualTo("RowLimit allows 2 rows, and this stage made 3.");
    assertThat(run(limit + stages(sql("v", "select * from range(2)"))).succeeded()).isTrue();
    assertThat(problems(limit.replace("2}", "-1}") + stages(sql("v", "select 1"))))
        .singleElement()
        .asString()
        .contains("\"maximum\" -1 must not be negative");
  }

  @Test
  void aConfigurationPluginSaysWhatIsWrongWithItsKeys() {
    assertThat(
            problems(
                "plugins.config = [{type: PreviousWorkingDay, environments: [test], returnName: D,"
                    + " before: yesterday}]\n"
                    + stages(sql("v", "select 1"))))
        .containsExactly(
            "job.conf line 1: \"yesterday\" is no date; write 2024-03-01 [INVALID_VALUE]");
  }
}
