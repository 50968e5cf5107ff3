package io.sqletl.engine.run;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;

import io.sqletl.engine.stage.Folder;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobPluginsTest {

  @TempDir Path directory;

  private Path job(String plugins, String... stages) {
    new Folder(directory)
        .with("job.conf", plugins + "\nstages = [\n" + String.join("", stages) + "\n]");
    return directory.resolve("job.conf");
  }

  private static String lifecycle(String keys) {
    return "plugins.lifecycle = [{environments: [test], " + keys + "}]";
  }

  private static String configuration(String keys) {
    return "plugins { config = [{environments: [test], " + keys + "}] }";
  }

  @Test
  void controlFlowEndsTheJobWellWhenThereIsNothingToDo() throws Exception {
    JobRun run =
        JobRun.of(
            job(
                lifecycle("type: ai.tripl.arc.plugins.lifecycle.ControlFlow"),
                stage("ControlFlowExecute", "sql: \"select false, '{\\\"rows\\\": 0}'\""),
                view("never", "select no_such_column"),
                view("nor_this", "select 1 as a")));
    assertThat(run.summary().succeeded()).isTrue();
    assertThat(run.summary().stages()).hasSize(1);
    assertThat(run.lines("skip")).hasSize(1);
    assertThat(run.lines("skip").get(0))
        .containsEntry(
            "reason", "skipping stage due to control flow key: 'controlFlowPluginOutcome' = false.")
        .containsEntry("message", Map.of("rows", 0))
        .extractingByKey("stage")
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
        .containsEntry("outputView", "never");
    assertThat(run.stage("exit")).containsEntry("result", false);
  }

  @ParameterizedTest
  @CsvSource({"true, key: a", "true, ''", "true, key: ${K}"})
  void controlFlowLetsTheJobGoOn(boolean outcome, String key) throws Exception {
    JobRun run =
        JobRun.of(
            job(
                lifecycle("type: ControlFlow, " + key),
                stage("ControlFlowExecute", key + "\nsql: \"select " + outcome + ", ''\""),
                view("next", "select 1 as a")),
            Map.of("K", "k"));
    assertThat(run.summary().stages()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
                                                         |         | lifecycle": [{"type": "ControlFlow", "environments": ["test"]}]}
          type: DataLineage                              |         | lifecycle": [{"type": "ControlFlow", "environments": ["test"]}]}
          type: ControlFlow, key: a                      | key: b, | the same "key"
          type: ControlFlow                              | key: b, | "environments": ["test"], "key": "b"}]}
          type: ControlFlow, environments: [production]  |         | beside "stages"
          """)
  void anOutcomeThatNobodyAsksForIsRefused(String plugin, String key, String told)
      throws Exception {
    assertThat(
            JobRun.problems(
                job(
                    plugin == null ? "" : lifecycle(plugin),
                    stage(
                        "ControlFlowExecute",
                        (key == null ? "" : key) + "sql: \"select false, 'no'\""),
                    view("next", "select 1 as a"))))
        .singleElement()
        .asString()
        .contains("job.conf line 3: ", "whatever it is", told, "[MISSING_KEY]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          select cast(null as boolean), 'x' | ControlFlowExecute requires query to return 1 row with [outcome: boolean, message: string] signature. Query returned [null, not null].
          select 'x', true                  | ControlFlowExecute requires query to return 1 row with [outcome: boolean, message: string] signature. Query returned 1 rows of type [string, boolean].
          select true, 'x' where false      | ControlFlowExecute requires query to return 1 row with [outcome: boolean, message: string] signature. Query returned 0 rows of type [boolean, string].
          select true                       | ControlFlowExecute requires query to return 1 row with [outcome: boolean, message: string] signature. Query returned 1 rows of type [boolean].
          """)
  void aControlFlowExecuteWantsOneRow(String sql, String message) throws Exception {
    assertThat(
            JobRun.of(
                    job(
                        lifecycle("type: ControlFlow"),
                        stage("ControlFlowExecute", "sql: \"" + sql + "\"")))
                .failure())
        .startsWith(message);
  }

  @Test
  void chaosMonkeyFailsTheStageThatRan() throws Exception {
    JobRun run =
        JobRun.of(
            job(
                lifecycle("type: ChaosMonkey, probability: 1, strategy: exception"),
                view("first", "select 1 as a"),
                view("second", "select 1 as a")));
    assertThat(run.failure()).isEqualTo("ChaosMonkey triggered and exception thrown.");
    assertThat(run.stage("exit")).containsEntry("outputView", "first");
    assertThat(
            JobRun.of(
                    job(
                        lifecycle("type: ChaosMonkey, probability: 0"),
                        view("first", "select 1 as a")))
                .failure())
        .isEmpty();
  }

  @Test
  void dataLineageTellsThePlanOfWhatALoadWrote() throws Exception {
    String load =
        stage("JSONLoad", "inputView: v, outputURI: \"" + directory.resolve("out") + "\"");
    JobRun run =
        JobRun.of(job(lifecycle("type: DataLineage"), view("v", "select 42 as answer"), load));
    assertThat(run.stage("exit").get("queryExecution").toString()).contains("answer");
    assertThat(run.lines("exit").get(0).get("stage").toString()).doesNotContain("queryExecution");
    JobRun chosen =
        JobRun.of(
            job(
                lifecycle("type: DataLineage, output: log, afterPlugins: [SQLTransform]"),
                view("v", "select 42 as answer")));
    assertThat(chosen.stage("exit")).containsKey("queryExecution");
  }

  @Test
  void pluginsOfOtherEnvironmentsAreSkippedAndTold() throws Exception {
    JobRun run =
        JobRun.of(
            job(
                "plugins.lifecycle = [{type: ChaosMonkey, environments: [prod], probability: 1}]",
                view("v", "select 1 as a")));
    assertThat(run.failure()).isEmpty();
    assertThat(run.lines("validateConfig").get(0))
        .containsEntry("type", "ChaosMonkey")
        .containsEntry("skipPlugin", true);
  }

  @Test
  void pluginsOfANotebookStandInCells() throws Exception {
    new Folder(directory)
        .with(
            "job.ipynb",
            """
            {"metadata": {"kernelspec": {"name": "arc"}}, "cells": [
              {"cell_type": "code", "source": ["%lifecycleplugin\\n",
                "{type: DataLineage, environments: [test], afterPlugins: [SQLTransform]}"]},
              {"cell_type": "code", "source": ["%configplugin\\n",
                "{type: DeltaPeriodDynamicConfigurationPlugin, environments: [test],\\n",
                " returnName: DAYS, lagDays: \\"1\\", leadDays: 1, formatter: uuuu-MM-dd,\\n",
                " currentDate: \\"2024-03-01\\"}"]},
              {"cell_type": "code", "source": [
                "%sql outputView=days environments=test sqlParams=days=${DAYS}\\n",
                "select '${days}' as days"]}]}
            """);
    JobRun run = JobRun.of(directory.resolve("job.ipynb"));
    assertThat(run.failure()).isEmpty();
    assertThat(rows("select * from days")).containsExactly("[2024-02-29,2024-03-01,2024-03-02]");
    assertThat(run.stage("exit")).containsKey("queryExecution");
    assertThat(run.lines("enter").get(0).get("lifecyclePlugins").toString())
        .contains("DataLineageLifecycle:");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          lifecycle | type: ChaosMonkey, probability: 1.5             | line 1: 'probability' 1.5 must be between 0.0 and 1.0 [INVALID_VALUE]
          lifecycle | type: ChaosMonkey                               | line 1: ChaosMonkey needs the key "probability" [MISSING_KEY]
          lifecycle | type: ChaosMonkey, probability: 1, strategy: x  | "strategy" of ChaosMonkey cannot be "x"; one of exception is expected [INVALID_VALUE]
          lifecycle | type: ChaosMonky, probability: 1                | No plugin of plugins.lifecycle is called "ChaosMonky"; did you mean "ChaosMonkey"? [UNKNOWN_STAGE]
          lifecycle | type: ControlFlow, keey: x                      | ControlFlow has no key "keey"; did you mean "key"? [UNKNOWN_KEY]
          lifecycle | type: ControlFlow, key: ${NOT_SET_ANYWHERE} | Nothing defines ${NOT_SET_ANYWHERE}; pass --NOT_SET_ANYWHERE=VALUE or set it in the environment [UNRESOLVED_VARIABLE]
          lifecycle | type: DataLineage, output: file                 | "output" of DataLineage cannot be "file"; one of log is expected [INVALID_VALUE]
          config    | type: Nobody                                    | others need their jar in ETL_CLASSPATH [UNKNOWN_STAGE]
          config    | type: DeltaPeriodDynamicConfigurationPlugin, returnName: D, lagDays: -1, leadDays: 0, formatter: uuuu | "lagDays" -1 must not be negative [INVALID_VALUE]
          config    | type: DeltaPeriodDynamicConfigurationPlugin, returnName: D, lagDays: 1, leadDays: 0, formatter: bogus | "bogus" is no pattern of dates: Unknown pattern letter: b; write uuuu-MM-dd [INVALID_VALUE]
          config    | type: DeltaPeriodDynamicConfigurationPlugin, returnName: D, lagDays: 1, leadDays: 0, formatter: uuuu-MM-dd, currentDate: today | The date cannot be read or written
          """)
  void whatIsWrongWithAPluginIsReportedAtItsPlace(String kind, String keys, String message)
      throws Exception {
    String plugins = kind.equals("config") ? configuration(keys) : lifecycle(keys);
    assertThat(JobRun.problems(job(plugins, view("v", "select 1 as a"))))
        .singleElement()
        .asString()
        .startsWith(directory + "/job.conf line 1: ")
        .contains(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          plugins = []              | "plugins" must be an object
          plugins { life = [] }     | "plugins" has no key "life"
          plugins.lifecycle = {}    | "plugins.lifecycle" must be a list of objects
          plugins.config = [1]      | A plugin is an object of keys and values, not 1
          """)
  void pluginsAreTwoLists(String plugins, String message) throws Exception {
    assertThat(JobRun.problems(job(plugins, view("v", "select 1 as a"))))
        .singleElement()
        .asString()
        .contains(message);
  }

  @Test
  void aVariableOfAPluginBeatsTheFileAndNotTheCommandLine() throws Exception {
    String plugin =
        "type: DeltaPeriodDynamicConfigurationPlugin, lagDays: 0, leadDays: 0, formatter: uuuu,"
            + " currentDate: \"2024-03-01\", returnName: ";
    Path job =
        job(
            "DAY = file\n"
                + "plugins.config = [{environments: [test], formatter: \"uuuu-MM-dd\", "
                + plugin.replace("formatter: uuuu,", "")
                + "DAY}, {environments: [test], formatter: \"dd\", "
                + plugin.replace("formatter: uuuu,", "").replace("2024-03-01", "09")
                + "OTHER}]",
            view("v", "select '${d}' as d").replace("}\n", ", sqlParams: {d: ${DAY}}}"));
    assertThat(JobRun.problems(job)).singleElement().asString().contains("cannot be read");
    Path right =
        job(
            "DAY = file\n" + configuration(plugin.replace("uuuu,", "uuuu-MM-dd,") + "DAY"),
            view("v", "select '${d}' as d").replace("}\n", ", sqlParams: {d: ${DAY}}}"));
    JobRun.of(right);
    assertThat(rows("select * from v")).containsExactly("[2024-03-01]");
    JobRun.of(right, Map.of("DAY", "typed"));
    assertThat(rows("select * from v")).containsExactly("[typed]");
    JobRun.of(right, Map.of("DAY", "before\"${X}\"after", "X", "-${nested}-", "nested", "n"));
    assertThat(rows("select * from v")).containsExactly("[before-n-after]");
    assertThat(JobRun.plan(right, Map.of()).variables())
        .startsWith(Map.of(), Map.of("DAY", "2024-03-01"));
  }
}
