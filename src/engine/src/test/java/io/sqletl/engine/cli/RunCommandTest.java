package io.sqletl.engine.cli;

import static io.sqletl.engine.cli.CommandLineFixture.etl;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run tells a person and a machine. */
class RunCommandTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  @Test
  void aRunEndsWithItsOutputsAndASumThatCanBeGrepped() {
    Path job =
        job(
            "%sql name=numbers environments=test outputView=numbers\nSELECT id FROM range(3)",
            "%sql name=elsewhere environments=production outputView=none\nSELECT 1",
            """
            {type: ParquetLoad, name: store, environments: [test], inputView: numbers
             outputURI: "s3a://"${ETL_CONF_DATALAKE_LOC}"/out/numbers"}\
            """);

    CommandLineFixture etl = run(job, "--show", "numbers");

    assertThat(etl.status()).isZero();
    assertThat(etl.out())
        .containsPattern("(?m)^numbers  SQLTransform +\\d+\\.\\d s$")
        .containsPattern("(?m)^store    ParquetLoad +\\d+\\.\\d s  3 rows written$")
        .contains("numbers\n+---+\n| id|\n+---+\n|  0|\n")
        .contains(
            "  s3a://datalake/out/numbers  ->  " + folder.resolve("lake/datalake/out/numbers"))
        .containsPattern(
            "(?m)^Done\\. stages=2 failed=0 skipped=1 rejected=0 in \\d+\\.\\d s"
                + " profile=small \\(inputs 0\\.0 MB\\)$");
    assertThat(etl.err()).contains("skipped: \"elsewhere\" is for production, not for test");
    assertThat(folder.resolve("lake/datalake/out/numbers")).isNotEmptyDirectory();
  }

  @Test
  void aMergeTellsWhichRowsChangedNotHowManyWereWritten() throws IOException {
    String table = "outputURI: \"s3a://\"${ETL_CONF_DATALAKE_LOC}\"/out/t\"";
    Path results = folder.resolve("results.json");
    CommandLineFixture etl =
        run(
            job(
                "%sql name=all environments=test outputView=all numPartitions=1\n"
                    + "SELECT id, 'old' AS name FROM range(1000)",
                "{type: DeltaLakeLoad, name: fill, environments: [test], inputView: all\n"
                    + table
                    + "}",
                "%sql name=some environments=test outputView=some\n"
                    + "SELECT id, 'new' AS name FROM range(997, 1002)",
                "{type: DeltaLakeMergeLoad, name: merge, environments: [test], inputView: some\n"
                    + table
                    + "\ncondition: \"source.id = target.id\", whenMatchedUpdate: {}"
                    + "\nwhenNotMatchedByTargetInsert: {}}"),
            "--results",
            results.toString());

    assertThat(etl.out()).containsPattern("(?m)^merge .* s  2 inserted, 3 updated$");
    JsonNode merge = JSON.readTree(results.toFile()).get("stages").get(3);
    assertThat(merge.get("rowsOut").asLong()).isEqualTo(5);
    assertThat(merge.get("rowChanges").get("copied").asLong()).isEqualTo(997);
  }

  @Test
  void aHistoryTellsWhatBecameOfTheThings() throws IOException {
    String load =
        "{type: DeltaLakeHistoryLoad, environments: [test], inputView: %s, keys: id, name: %s\n"
            + "sequenceBy: at, duplicates: identical, deleteWhen: \"name = 'D'\"\n"
            + "outputURI: \"s3a://\"${ETL_CONF_DATALAKE_LOC}\"/out/h\"}";
    String view =
        "%%sql name=%s environments=test outputView=%s numPartitions=1\n"
            + "SELECT * FROM VALUES %s AS t(id, name, at)";
    Path job =
        job(
            view.formatted("all", "all", "(1,'a',1), (2,'a',1), (3,'a',1), (4,'a',1), (4,'c',9)"),
            load.formatted("all", "fill"),
            view.formatted(
                "some", "some", "(1,'b',5), (2,'D',5), (3,'a',5), (3,'a',5), (4,'b',5), (5,'n',5)"),
            load.formatted("some", "history"));
    Path results = folder.resolve("results.json");
    CommandLineFixture etl = run(job, "--results", results.toString());

    assertThat(etl.out())
        .containsPattern(
            "(?m)^history .* s  2 changed, 1 inserted, 1 deleted, 1 unchanged, 1 late, 1 ignored$");
    JsonNode stage = JSON.readTree(results.toFile()).get("stages").get(3);
    assertThat(stage.get("history").toString())
        .isEqualTo(
            "{\"inserted\":1,\"changed\":2,\"unchanged\":1,\"deleted\":1,\"late\":1,\"ignored\":1}");
    // Of five versions one ends, one is closed, and one is cut in two
    assertThat(stage.get("rowChanges").toString())
        .isEqualTo("{\"inserted\":3,\"updated\":3,\"deleted\":0,\"copied\":2}");

    assertThat(jsonLog(job))
        .contains(
            "\"history\":{\"inserted\":1,\"changed\":2,\"unchanged\":1,\"deleted\":1,\"late\":1,"
                + "\"ignored\":1}");
  }

  @Test
  void aFailedValidationNamesStageCellAndCauseAndEndsWithOne() {
    CommandLineFixture etl =
        run(
            job(
                "%sql name=a environments=test outputView=a\nSELECT 1 AS n",
                "%sqlvaildate name=\"none may be\" environments=test\n"
                    + "SELECT count(*) = 0, concat(count(*), ' rows') FROM a"));

    assertThat(etl.status()).isEqualTo(ExitStatus.FAILED);
    assertThat(etl.err())
        .contains("job.ipynb cell 2 line 1: %sqlvaildate runs as %sqlvalidate")
        .contains(
            "job.ipynb cell 2 line 1: stage \"none may be\" (cell 2) failed:"
                + " SQLValidate failed with message: '1 rows'.")
        .doesNotContain("\tat ");
    assertThat(etl.out()).contains("\nFailed. stages=2 failed=1 skipped=0 rejected=0 in ");
  }

  @Test
  void sqlThatSparkRefusesAtRunTimeIsShownWhereItStands() {
    CommandLineFixture etl =
        run(
            job(
                "%sql name=a environments=test outputView=a\nSELECT 1 AS n",
                "%sql name=b environments=test outputView=b\nSELECT\n  m\nFROM a"));

    assertThat(etl.status()).isEqualTo(ExitStatus.FAILED);
    assertThat(etl.err())
        .contains("job.ipynb cell 2 line 3: stage \"b\" (cell 2) failed: ")
        .contains("    3 |   m\n          ^");
  }

  @Test
  void soIsTheSqlOfAFile() throws IOException {
    String stage = "{type: SQLTransform, name: b, environments: [test], outputView: b,\n sql: ";
    Path quoted =
        Files.writeString(
            folder.resolve("quoted.conf"),
            "stages: [" + stage + "\"\"\"\n   SELECT\n     m\n   FROM range(1)\"\"\"}]");
    Path escaped =
        Files.writeString(
            folder.resolve("escaped.conf"),
            "stages: [" + stage + "\"SELECT\\n  \\\"x\\\" AS t, m FROM range(1)\"}]");

    assertThat(run(quoted).err())
        .contains("quoted.conf line 4: stage \"b\"")
        .contains("    4 |      m\n             ^");
    assertThat(run(escaped).err())
        .contains("escaped.conf line 2: stage \"b\"")
        .containsPattern("m FROM range\\(1\\)\"}]\n {37}\\^");
  }

  @Test
  void aFailureInATaskIsOneLineAndItsTraceNeedsVerbose() {
    Path job =
        job(
            "%sql name=a environments=test outputView=a\n"
                + "SELECT raise_error(concat('bad row ', id)) AS x FROM range(1)",
            "%sql name=b environments=test outputView=b persist=true\nSELECT * FROM a");

    assertThat(run(job).err())
        .contains("cell 1 line 2: stage \"a\" (cell 1) failed: bad row 0\n")
        .contains("found while stage \"b\" (cell 2) ran, which reads it\n")
        .doesNotContain("\tat ");
    assertThat(run(job, "--verbose").err()).contains("\tat ");
  }

  @Test
  void secretsReachNeitherReportNorLogNorResultsNorError() throws IOException {
    Path job =
        job(
            "%env\nETL_CONF_API_TOKEN=tok-5up3r",
            "%sql name=a environments=test outputView=a sqlParams=p=${ETL_CONF_DB_PASSWORD}\n"
                + "SELECT '${p}' AS p",
            "%sqlvalidate name=b environments=test sqlParams=t=${ETL_CONF_API_TOKEN}\n"
                + "SELECT false, concat(p, ' ${t}') FROM a");
    Path results = folder.resolve("results.json");
    String password = "--ETL_CONF_DB_PASSWORD=hunter2!";

    CommandLineFixture text = run(job, password, "--verbose", "--results", results.toString());
    String log = jsonLog(job, password, "--verbose");

    assertThat(text.status()).isEqualTo(ExitStatus.FAILED);
    assertThat(text.out() + text.err() + log + Files.readString(results))
        .contains("SQLValidate failed with message")
        .doesNotContain("hunter2!", "tok-5up3r");
  }

  @Test
  void sparksOwnLogIsThereWithVerboseAndHoldsNoSecret() {
    Path job =
        job(
            "%sql name=a environments=test outputView=a persist=true"
                + " sqlParams=p=${ETL_CONF_DB_PASSWORD}\n"
                + "SELECT * FROM (SELECT cast(id AS string) AS s FROM range(9)) WHERE s <> '${p}'");
    PrintStream before = System.err;
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      run(job, "--ETL_CONF_DB_PASSWORD=hunter2!");
      assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
      run(job, "--ETL_CONF_DB_PASSWORD=hunter2!", "--verbose");
    } finally {
      System.setErr(before);
    }
    assertThat(err.toString(StandardCharsets.UTF_8)).contains(" INFO ").doesNotContain("hunter2!");
  }

  @Test
  void theResultsSayWhatEachStageDid() throws IOException {
    Path results = folder.resolve("sub folder/results.json");
    Path job =
        job(
            "%sql name=numbers environments=test outputView=numbers\nSELECT id FROM range(3)",
            "%sql name=elsewhere environments=production outputView=none\nSELECT 1",
            """
            {type: ParquetLoad, name: store, id: s, environments: [test], inputView: numbers
             outputURI: "s3a://"${ETL_CONF_DATALAKE_LOC}"/out/numbers"}\
            """);

    run(job, "--results", results.toString());

    JsonNode document = JSON.readTree(results.toFile());
    assertThat(document.at("/status").asText()).isEqualTo("success");
    assertThat(document.at("/versions/spark").asText()).startsWith("4.1");
    assertThat(document.at("/outputs/0").asText()).isEqualTo("s3a://datalake/out/numbers");
    JsonNode store = document.at("/stages/1");
    assertThat(store.at("/name").asText()).isEqualTo("store");
    assertThat(store.at("/id").asText()).isEqualTo("s");
    assertThat(store.at("/cell").asInt()).isEqualTo(3);
    assertThat(store.at("/status").asText()).isEqualTo("succeeded");
    assertThat(store.at("/rowsOut").asLong()).isEqualTo(3);
    assertThat(store.at("/bytesOut").asLong()).isPositive();
    assertThat(document.at("/stages/2/status").asText()).isEqualTo("skipped");
  }

  @Test
  void theJsonLogIsOneObjectPerEventInArcsFields() throws IOException {
    Path job = job("%sql name=a environments=test outputView=a persist=true\nSELECT 1 AS n");
    String log = jsonLog(job, "--etl.config.job.id=j1", "--etl.config.tags=team=sales cost=6");

    List<JsonNode> events = new ArrayList<>();
    for (String line : log.lines().toList()) {
      events.add(JSON.readTree(line));
    }
    assertThat(events)
        .extracting(event -> event.at("/event").asText())
        .containsExactly("validateConfig", "enter", "enter", "exit", "exit");
    assertThat(events)
        .allSatisfy(
            event -> {
              assertThat(event.at("/logger_name").asText()).isEqualTo("j1");
              assertThat(event.at("/jobId").asText()).isEqualTo("j1");
              assertThat(event.at("/environment").asText()).isEqualTo("test");
              assertThat(event.at("/team").asText()).isEqualTo("sales");
              assertThat(event.at("/level").asText()).isEqualTo("INFO");
              assertThat(event.at("/timestamp").asText())
                  .matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3}[+-]\\d{4}");
            });
    assertThat(events.get(0).at("/content-md5").asText()).matches("[0-9a-f]{32}");
    JsonNode enter = events.get(1);
    for (String field :
        List.of(
            "config",
            "sparkVersion",
            "arcVersion",
            "hadoopVersion",
            "scalaVersion",
            "javaVersion",
            "locale",
            "environment",
            "storageLevel",
            "lintOnly",
            "immutableViews",
            "policyIPYNB",
            "policyInlineSQL",
            "policyInlineSchema",
            "policyDropUnsupported",
            "dynamicConfigurationPlugins",
            "lifecyclePlugins",
            "pipelineStagePlugins",
            "udfPlugins")) {
      assertThat(enter.has(field)).as(field).isTrue();
    }
    assertThat(enter.at("/streaming").isTextual()).isTrue();
    assertThat(events.get(4).at("/lintOnly").isBoolean()).isTrue();
    JsonNode stage = events.get(3).at("/stage");
    assertThat(stage.at("/type").asText()).isEqualTo("SQLTransform");
    assertThat(stage.at("/plugin").asText()).contains("SQLTransformStage:");
    assertThat(stage.at("/records").asLong()).isEqualTo(1);
    assertThat(events.get(4).at("/status").asText()).isEqualTo("success");
  }

  @Test
  void theJsonLogOfAWrongJobSaysWhy() throws IOException {
    String log = jsonLog(job("{type: SQLTransfrom, name: a, environments: [test]}"));

    JsonNode exit = JSON.readTree(log);
    assertThat(exit.at("/event").asText()).isEqualTo("exit");
    assertThat(exit.at("/success").asBoolean()).isFalse();
    assertThat(exit.at("/reason/0/stageIndex").isInt()).isTrue();
    assertThat(exit.at("/reason/0/stage").asText()).isEqualTo("a");
    assertThat(exit.at("/reason/0/lineNumber").asInt()).isEqualTo(1);
    JsonNode error = exit.at("/reason/0/errors/0");
    assertThat(error.at("/attribute").asText()).isEqualTo("type");
    assertThat(error.at("/lineNumber").asInt()).isEqualTo(1);
    assertThat(error.at("/message").asText()).startsWith("No stage is called");
    assertThat(error.at("/code").asText()).isEqualTo("UNKNOWN_STAGE");
    assertThat(error.at("/cell").asInt()).isEqualTo(1);
  }

  @Test
  void theJsonLogOfAJobThatIsNotReadSaysWhy() throws IOException {
    JsonNode exit = JSON.readTree(jsonLog(folder.resolve("none.ipynb")));

    assertThat(exit.at("/reason/0/attribute").asText()).isEqualTo("file");
    assertThat(exit.at("/reason/0/message").asText()).startsWith("There is no file");
  }

  @Test
  void aJobThatIsOnlyCheckedIsToldStageByStage() throws IOException {
    Path job = job("%sql name=a environments=test outputView=a\nSELECT now() AS n");

    List<JsonNode> events = new ArrayList<>();
    for (String line : jsonLog(job, "--etl.config.lintOnly=true").lines().toList()) {
      events.add(JSON.readTree(line));
    }

    assertThat(events)
        .extracting(event -> event.at("/event").asText() + " " + event.at("/level").asText())
        .containsExactly("validateConfig WARN", "validateConfig INFO", "lint INFO", "exit INFO");
    assertThat(events.get(0).at("/type").asText()).isEqualTo("SQLTransform");
    assertThat(events.get(0).at("/name").asText()).isEqualTo("a");
    assertThat(events.get(2).at("/stage/sql").asText()).isEqualTo("SELECT now() AS n");
    assertThat(events.get(3).at("/lintOnly").asBoolean()).isTrue();
    assertThat(run(job, "--etl.config.lintOnly=true").out()).contains("is right: 1 stages run");
  }

  @Test
  void aJobMayBeHoconOrJsonOfAnyName() throws IOException {
    Path conf =
        Files.writeString(
            folder.resolve("job.conf"),
            "stages: [{type: SQLTransform, name: a, environments: [test]\n"
                + "sql: \"SELECT 1\", outputView: a}]");
    Path json =
        Files.writeString(
            folder.resolve("job.json"),
            "{\"stages\": [{\"type\": \"ai.tripl.arc.transform.SQLTransform\", \"name\": \"a\","
                + " \"environments\": [\"test\"], \"sql\": \"SELECT 1\", \"outputView\": \"a\"}]}");

    assertThat(run(conf).status()).isZero();
    assertThat(run(json).status()).isZero();
    assertThat(run(Path.of("file:" + json)).status()).isZero();
  }

  /** A view fails where it is first used, which is not the stage that ran last. */
  @Test
  void aViewThatCannotBeShownIsTheFailureOfItsStage() throws IOException {
    Path file = folder.resolve("in.xml");
    Files.writeString(file, "<a><b>1</b></a>");
    Path job = folder.resolve("show.conf");
    Files.writeString(
        job,
        """
        stages = [
          {type: TextExtract, name: broken, environments: [test], inputURI: "%s", outputView: v}
          {type: SQLTransform, name: cut, environments: [test], outputView: w,
           sql: "SELECT reflect('java.lang.Integer', 'parseInt', value) AS n FROM v"}
          {type: SQLTransform, name: fine, environments: [test], outputView: f, sql: "SELECT 1 AS a"}
        ]
        """
            .formatted(file));

    CommandLineFixture etl = run(job, "--show", "f", "--show", "w");

    assertThat(etl.status()).isEqualTo(ExitStatus.FAILED);
    assertThat(etl.err()).contains("stage \"cut\"").doesNotContain("stage \"fine\"");
  }

  @Test
  void aViewThatIsShownKeepsWhatItSaw() {
    String table = "outputURI: \"" + folder.resolve("t") + "\"";
    String[] cells = {
      "%sql name=a environments=test outputView=a\nSELECT id FROM range(3)",
      "{type: DeltaLakeLoad, name: fill, environments: [test], inputView: a\n" + table + "}",
      "{type: DeltaLakeExtract, name: read, environments: [test], outputView: t\n"
          + table.replace("outputURI", "inputURI")
          + "}",
      "%sql name=new environments=test outputView=new\n"
          + "SELECT n.id FROM range(5) n LEFT ANTI JOIN t ON n.id = t.id",
      "{type: DeltaLakeLoad, name: add, environments: [test], inputView: new, saveMode: Append\n"
          + table
          + "}",
    };

    CommandLineFixture etl = run(job(cells), "--show", "new");

    assertThat(etl.status()).isZero();
    assertThat(etl.out()).contains("|  3|\n|  4|\n").doesNotContain("|  0|");
    assertThat(etl.err())
        .contains("--show, when all stages are over, uses the view \"new\"", "[CHANGED_INPUT]");
  }

  @Test
  void aLoadOfNoRowsSaysSo() {
    String table = "outputURI: \"" + folder.resolve("t") + "\"";
    CommandLineFixture etl =
        run(
            job(
                "%sql name=a environments=test outputView=a\nSELECT id FROM range(3)",
                "{type: DeltaLakeLoad, name: fill, environments: [test], inputView: a\n"
                    + table
                    + "}",
                "%sql name=none environments=test outputView=none\nSELECT id FROM range(0)",
                "{type: DeltaLakeLoad, name: add, environments: [test], inputView: none\n"
                    + "saveMode: Append\n"
                    + table
                    + "}",
                "{type: DeltaLakeMergeLoad, name: merge, environments: [test], inputView: none\n"
                    + table
                    + "\ncondition: \"source.id = target.id\""
                    + "\nwhenNotMatchedByTargetInsert: {}}",
                "%lifecycleplugin\n{type: ControlFlow, environments: [test]}",
                "{type: ControlFlowExecute, name: ask, environments: [test]\n"
                    + "sql: \"SELECT false, 'not enough'\"}",
                "%sql name=never environments=test outputView=never\nSELECT 1"));

    assertThat(etl.out())
        .containsPattern("(?m)^add .* s  0 rows written$")
        .containsPattern("(?m)^merge .* s  no rows changed$")
        .contains("\"never\" (cell 8), and no later stage runs: ")
        .contains("The query says: not enough");
  }

  @Test
  void aViewToShowThatThereIsNotIsSaidBeforeAnythingRuns() {
    CommandLineFixture etl =
        run(job("%sql name=a environments=test outputView=a\nSELECT 1"), "--show", "b");

    assertThat(etl.status()).isEqualTo(ExitStatus.WRONG);
    assertThat(etl.err()).contains("No stage makes the view \"b\"");
  }

  @Test
  void checkStartsNoSparkAndSaysThatAJobIsRight() {
    CommandLineFixture etl =
        etl("check", job("%sql name=a environments=test outputView=a\nSELECT 1").toString());

    assertThat(etl.status()).isZero();
    assertThat(etl.out()).contains("is right: 1 stages run, 0 are for other environments.");
  }

  private Path job(String... cells) {
    return NotebookFile.write(folder.resolve("job.ipynb"), cells);
  }

  private CommandLineFixture run(Path job, String... more) {
    return etl(
        List.of(
            "run", "--log", "text", "--lake", folder.resolve("lake").toString(), job.toString()),
        more);
  }

  /** The log goes to the process's own output; of a lake in which nothing was run before. */
  private String jsonLog(Path job, String... more) {
    PrintStream before = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      String lake = folder.resolve("lake of the log").toString();
      etl(List.of("run", "--log", "json", "--lake", lake, job.toString()), more);
    } finally {
      System.setOut(before);
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
