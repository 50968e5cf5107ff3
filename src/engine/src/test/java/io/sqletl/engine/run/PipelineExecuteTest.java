package io.sqletl.engine.run;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.job.JobOptions;
import io.sqletl.engine.stage.Folder;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipelineExecuteTest {

  @TempDir Path directory;
  private Folder folder;

  @BeforeEach
  void makeFolder() {
    folder = new Folder(directory);
  }

  private Path job(String name, String... stages) {
    folder.with(name, "stages = [\n" + String.join("\n", stages) + "\n]");
    return directory.resolve(name);
  }

  private String runs(String name) {
    return stage("PipelineExecute", "uri: \"" + folder.of(name) + "\"");
  }

  @Test
  void theOtherJobsStagesRunInItsPlaceAndShareTheViews() throws Exception {
    folder.with(
        "child.ipynb",
        """
        {"metadata": {"kernelspec": {"name": "arc"}}, "cells": [
          {"cell_type": "code", "source": ["%env\\nLETTER=c"]},
          {"cell_type": "code", "source":
            ["%sql outputView=second environments=test sqlParams=x=${LETTER}\\n",
             "select concat(word, '${x}') as word from first"]}]}
        """);
    JobRun run =
        JobRun.of(
            job(
                "job.conf",
                view("first", "select 'ab' as word"),
                runs("child.ipynb"),
                view("third", "select concat(word, 'd') as word from second")));
    assertThat(run.summary().succeeded()).as(run.failure()).isTrue();
    assertThat(rows("select word from third")).containsExactly("[abcd]");
    assertThat(run.summary().stages()).hasSize(3);
    assertThat(run.lines("validateConfig"))
        .extracting(line -> line.get("uri"))
        .containsExactly(folder.of("job.conf"), folder.of("child.ipynb"));
  }

  @Test
  void theOtherJobsKeysCountThereAndNowhereElse() throws Exception {
    folder.with(
        "child.conf",
        "word = child\nstages = ["
            + view("a", "select '${w}' as w").replace("}\n", ", sqlParams: {w: ${word}}}")
            + "]");
    folder.with(
        "job.conf",
        "word = parent\nstages = ["
            + runs("child.conf")
            + view("b", "select '${w}' as w").replace("}\n", ", sqlParams: {w: ${word}}}")
            + "]");
    assertThat(JobRun.of(directory.resolve("job.conf")).failure()).isEmpty();
    assertThat(rows("select a.w, b.w from a, b")).containsExactly("[child,parent]");
    JobRun.of(directory.resolve("job.conf"), Map.of("word", "typed"));
    assertThat(rows("select a.w, b.w from a, b")).containsExactly("[typed,typed]");
  }

  @Test
  void errorsNameTheOtherJobsFileCellAndLine() throws Exception {
    folder.with(
        "child.ipynb",
        """
        {"metadata": {"kernelspec": {"name": "arc"}}, "cells": [
          {"cell_type": "code", "source": ["// a note"]},
          {"cell_type": "code", "source":
            ["%sql outputView=x environments=test\\n", "select 1\\n", "selct 2"]}]}
        """);
    folder.with("broken.conf", "stages = [\n{type: SQLTransform,\n");
    folder.with("empty.conf", " ");
    folder.with("other.conf", "steps = []");
    assertThat(
            JobRun.problems(
                job(
                    "job.conf",
                    runs("child.ipynb"),
                    runs("broken.conf"),
                    runs("missing.conf"),
                    runs("empty.conf"),
                    runs("other.conf"),
                    stage("PipelineExecute", "url: x"))))
        .satisfiesExactly(
            p -> assertThat(p).startsWith(folder.of("child.ipynb") + " cell 2 line 3: "),
            p ->
                assertThat(p)
                    .startsWith(folder.of("broken.conf") + " line ")
                    .contains("This is no JSON or HOCON"),
            p ->
                assertThat(p)
                    .startsWith(folder.of("job.conf") + " line ")
                    .contains("There is no file " + folder.of("missing.conf")),
            p -> assertThat(p).contains("The file " + folder.of("empty.conf") + " is empty"),
            p -> assertThat(p).contains("other.conf has no key \"stages\""),
            p -> assertThat(p).contains("PipelineExecute has no key \"url\"; `etl stages"),
            p -> assertThat(p).contains("PipelineExecute needs the key \"uri\""));
  }

  @Test
  void aJobThatRunsItselfIsRefused() throws Exception {
    job("b.conf", stage("PipelineExecute", "uri: \"file:" + directory + "/sub/../a.conf\""));
    assertThat(JobRun.problems(job("a.conf", runs("b.conf"))))
        .singleElement()
        .asString()
        .startsWith(folder.of("b.conf") + " line 3: The job runs itself: " + folder.of("a.conf"))
        .contains(" -> " + folder.of("b.conf") + " -> ")
        .endsWith("[PIPELINE_CYCLE]");
  }

  @Test
  void theSameJobMayRunTwice() throws Exception {
    job("child.conf", view("a", "select 1 as a"));
    assertThat(JobRun.of(job("job.conf", runs("child.conf"), runs("child.conf"))).failure())
        .isEmpty();
  }

  @Test
  void idsAreUniqueWithinEachFileOnly() throws Exception {
    String withId = stage("SQLTransform", "id: one, outputView: a, sql: \"select 1 as a\"");
    job("child.conf", withId);
    assertThat(JobRun.problems(job("job.conf", withId, runs("child.conf")))).isEmpty();
    assertThat(JobRun.problems(job("twice.conf", withId, withId)))
        .singleElement()
        .asString()
        .contains("DUPLICATE_ID");
  }

  @Test
  void thePolicyAgainstNotebooksHoldsForJobsThatAreRun() {
    folder.with("child.ipynb", "{}");
    JobOptions noNotebooks =
        new JobOptions("test", false, false, false, "DISK_ONLY", true, true, false, true);
    Path job = job("job.conf", runs("child.ipynb"));
    assertThatThrownBy(() -> JobRun.plan(job, Map.of(), noNotebooks))
        .hasMessageContaining("A policy of this run forbids notebooks as jobs: ")
        .hasMessageContaining("[POLICY]");
  }

  @Test
  void theLifecyclePluginsOfTheOtherJobCountForTheWholeRun() throws Exception {
    folder.with(
        "child.conf",
        "plugins.lifecycle = [{type: ControlFlow, environments: [test], key: k}]\nstages = []");
    JobRun run =
        JobRun.of(
            job(
                "job.conf",
                stage("ControlFlowExecute", "key: k, sql: \"select false, 'enough'\""),
                runs("child.conf"),
                view("never", "select 1 as a")));
    assertThat(run.summary().succeeded()).isTrue();
    assertThat(run.lines("skip")).hasSize(1);
  }
}
