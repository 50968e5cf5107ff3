package io.sqletl.engine.run;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.Folder;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LazyResolutionTest {

  @TempDir Path directory;

  private Path job(String... stages) {
    new Folder(directory).with("job.conf", "stages = [\n" + String.join("", stages) + "\n]");
    return directory.resolve("job.conf");
  }

  private static String configure(String sql) {
    return stage("ConfigExecute", "sql: \"\"\"" + sql + "\"\"\"");
  }

  private static String lazy(String sql, String params) {
    return stage(
        "SQLTransform",
        "resolution: lazy, outputView: late, sql: \"\"\""
            + sql
            + "\"\"\", sqlParams: {"
            + params
            + "}");
  }

  @Test
  void aLazyStageIsMadeWithWhatAQueryReturned() throws Exception {
    JobRun run =
        JobRun.of(
            job(
                view("days", "select explode(array('2016-12-18', '2016-12-19')) as day"),
                configure(
                    "select to_json(named_struct('n', named_struct('day', min(day)))) from days"),
                lazy("select * from days where day = '${d}'", "d: ${n.day}")));
    assertThat(run.failure()).isEmpty();
    assertThat(rows("select * from late")).containsExactly("[2016-12-18]");
    assertThat(run.stage("enter"))
        .containsEntry("type", "LazyEvaluator")
        .extractingByKey("child")
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
        .containsEntry("type", "SQLTransform");
    assertThat(run.stage("exit").get("child"))
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
        .containsEntry("sql", "select * from days where day = '2016-12-18'")
        .containsEntry("outputView", "late");
  }

  @Test
  void theNewestConfigExecuteCountsMost() throws Exception {
    Path job =
        job(
            configure("select '{\"x\": \"one\", \"y\": \"kept\"}'"),
            configure("select '{\"x\": \"two\"}'"),
            lazy("select '${x}' as x, '${y}' as y", "x: ${x}, y: ${y}"));
    assertThat(JobRun.of(job, Map.of("x", "typed")).failure()).isEmpty();
    assertThat(rows("select * from late")).containsExactly("[two,kept]");
  }

  @Test
  void aStrictStageIsNotTouchedByIt() throws Exception {
    Path job =
        job(
            configure("select '{\"x\": \"two\"}'"),
            stage(
                "SQLTransform",
                "resolution: strict, outputView: s, sql: \"select '${x}' as x\", sqlParams: {x: ${x}}"));
    JobRun.of(job, Map.of("x", "typed"));
    assertThat(rows("select * from s")).containsExactly("[typed]");
  }

  @Test
  void aStageThatHasTheValueFromBeforeTheRunIsTold() throws Exception {
    String late = "outputView: s, sql: \"select '${x}' as x\", sqlParams: {x: ${x}}";
    String other = "outputView: o, sql: \"select '${y}' as x\", sqlParams: {y: ${y}}";
    Path job =
        job(
            stage("SQLTransform", late),
            configure("select '{\"x\": \"two\"}'"),
            stage("SQLTransform", late),
            stage("SQLTransform", other),
            lazy("select '${x}' as x", "x: ${x}"));
    JobRun run = JobRun.of(job, Map.of("x", "typed", "y", "typed"));
    assertThat(run.summary().warnings())
        .filteredOn(warning -> warning.code() == ErrorCode.NO_EFFECT)
        .singleElement()
        .satisfies(
            warning -> {
              assertThat(warning.message()).contains("has ${x} as it was before the run");
              assertThat(warning.remedy()).contains("\"resolution\": \"lazy\"");
            });
    assertThat(rows("select * from s")).containsExactly("[typed]");
  }

  @Test
  void numbersBeyondSixtyFourBitsAreTakenAsTheyAreWritten() throws Exception {
    Path job =
        job(
            configure(
                "select '{\"big\": [12345678901234567890, 7], \"s\": \"-98765432109876543210\","
                    + " \"n\": -98765432109876543210}'"),
            lazy("select '${b}' as b, '${n}' as n", "b: ${s}, n: ${n}"));
    assertThat(JobRun.of(job).failure()).isEmpty();
    assertThat(rows("select * from late"))
        .containsExactly("[-98765432109876543210,-98765432109876543210]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          timestamp'2024-01-02 10:00:00.123456'                 | true
          timestamp_ntz'2024-01-02 10:00:00.123456'             | true
          array(timestamp'2024-01-02 10:00:00.123456')          | true
          timestamp'2024-01-02 10:00:00'                        | false
          cast(timestamp'2024-01-02 10:00:00.123456' as string) | false
          date'2024-01-02'                                      | false
          """)
  void timesThatToJsonCutsAreTold(String time, boolean told) throws Exception {
    JobRun run =
        JobRun.of(
            job(
                view("times", "select " + time + " as ts"),
                view("texts", "select to_json(named_struct('wm', max(ts))) as text from times"),
                configure("select text from texts")));
    assertThat(run.failure()).isEmpty();
    assertThat(run.summary().warnings()).hasSize(told ? 1 : 0);
    run.summary()
        .warnings()
        .forEach(
            warning -> {
              assertThat(warning.message()).contains("the timestamp wm with milliseconds only");
              assertThat(warning.remedy()).contains("cast(wm AS STRING)");
            });
  }

  @Test
  void aKeyThatToJsonLeftOutIsToldWithItsStage() throws Exception {
    JobRun run =
        JobRun.of(
            job(
                configure("select to_json(named_struct('wm', max(id))) from range(0)"),
                lazy("select '${x}' as x", "x: ${wm}")));
    assertThat(run.failure())
        .contains(
            "Nothing defines ${wm}, and the JSON of ConfigExecute \"a ConfigExecute\"",
            "coalesce(max(ts), …)",
            "--wm=VALUE");
  }

  @Test
  void whatIsStillMissingFailsTheStageAtItsPlace() throws Exception {
    JobRun run = JobRun.of(job(lazy("select '${x}' as x", "x: ${NOBODY}")));
    assertThat(run.failure())
        .isEqualTo(
            "Nothing defines ${NOBODY}; pass --NOBODY=VALUE or set it in the environment"
                + " [UNRESOLVED_VARIABLE]");
    assertThat(run.summary().failure().orElseThrow().position().line()).isEqualTo(3);
    assertThat(run.stage("exit")).containsEntry("type", "LazyEvaluator");
  }

  @Test
  void whatIsWrongWhenVariablesAreInFailsTheStage() throws Exception {
    assertThat(JobRun.of(job(lazy("selct ${x}", "x: \"1\""))).failure())
        .startsWith("Syntax error at or near 'selct'")
        .endsWith("[SQL_SYNTAX]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          SQLTransform    | resolution: lazy, outputVew: a, sql: "select 1" | SQLTransform has no key "outputVew"; did you mean "outputView"? [UNKNOWN_KEY]
          SQLTransform    | resolution: lazy, sql: "select 1"               | SQLTransform needs the key "outputView" [MISSING_KEY]
          TypingTransform | resolution: lazy, outputView: a, inputView: b   | No earlier stage makes the view "b"; no view is made before this stage [UNKNOWN_VIEW]
          PipelineExecute | resolution: lazy, uri: x                        | PipelineExecute cannot be lazy, for its stages are put in as the job is read; make the stages of that job lazy [INVALID_VALUE]
          SQLTransform    | resolution: x, outputView: a, sql: "select 1"   | "resolution" of SQLTransform cannot be "x"; one of strict, lazy is expected [INVALID_VALUE]
          """)
  void whatCanBeKnownBeforeIsReportedBefore(String type, String keys, String message)
      throws Exception {
    assertThat(JobRun.problems(job(stage(type, keys)))).anyMatch(p -> p.endsWith(message));
  }

  @Test
  void aViewWhoseNameIsNotYetKnownMayBeAnyLaterOne() throws Exception {
    JobRun run =
        JobRun.of(
            job(
                configure("select '{\"v\": \"named_late\"}'"),
                stage("SQLTransform", "resolution: lazy, outputView: ${v}, sql: \"select 1 as a\""),
                view("after", "select * from named_late")));
    assertThat(run.failure()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          select '[1]'                  | ConfigExecute requires query to return a JSON object, but it returned '[1]'
          select 'text'                 | ConfigExecute requires query to return a JSON object, but it returned 'text'
          select cast(null as string)   | ConfigExecuteStage requires query to return 1 row with [message: string] signature. Query returned [null].
          select 1                      | ConfigExecuteStage requires query to return 1 row with [message: string] signature. Query returned 1 rows of type [int].
          select '{}' where false       | ConfigExecuteStage requires query to return 1 row with [message: string] signature. Query returned 0 rows of type [string].
          select '{}', '{}'             | ConfigExecuteStage requires query to return 1 row with [message: string] signature. Query returned 1 rows of type [string, string].
          """)
  void aConfigExecuteWantsOneObject(String sql, String message) throws Exception {
    assertThat(JobRun.of(job(configure(sql))).failure()).startsWith(message);
  }

  @Test
  void secretsAreMaskedInTheLogAndWork() throws Exception {
    JobRun run =
        JobRun.of(
            job(
                configure("select '{\"DB_PASSWORD\": \"hunter22\", \"user\": \"me\"}'"),
                lazy("select '${p}' as p", "p: ${DB_PASSWORD}")));
    assertThat(rows("select * from late")).containsExactly("[hunter22]");
    assertThat(run.lines("exit").get(0).toString()).contains("DB_PASSWORD=*****", "user=me");
  }
}
