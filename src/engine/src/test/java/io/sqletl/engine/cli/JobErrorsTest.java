package io.sqletl.engine.cli;

import static io.sqletl.engine.cli.CommandLineFixture.etl;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a wrong job is told, message by message. */
class JobErrorsTest {

  private static final String EXTRACT =
      """
      {
        "type": "DelimitedExtract",
        "name": "trips",
        "environments": ["test"],
        "inputURI": "trips.csv",
        "outputView": "trips"
      }\
      """;

  @TempDir private Path folder;

  @Test
  void textThatIsNoHocon() {
    assertThat(errors("{\n  type: SQLTransform\n  name: [a\n}"))
        .startsWith("job.ipynb cell 1 line ")
        .contains("This is no JSON or HOCON: ", "[CONFIG_SYNTAX]");
  }

  @Test
  void anUnknownStageType() {
    assertThat(errors(EXTRACT.replace("DelimitedExtract", "DelimitedExtrakt")))
        .isEqualTo(
            """
            job.ipynb cell 1 line 2: No stage is called "DelimitedExtrakt"; \
            did you mean "DelimitedExtract"? [UNKNOWN_STAGE]
                2 |   "type": "DelimitedExtrakt",
                               ^^^^^^^^^^^^^^^^
            """);
  }

  @Test
  void aStageTypeThatIsRefused() {
    assertThat(errors(EXTRACT.replace("DelimitedExtract", "SASExtract")))
        .isEqualTo(
            """
            job.ipynb cell 1 line 2: SASExtract is refused because no release of its reader is \
            known to work with Spark 4.1; convert the files to CSV, with their own program or with \
            readstat, and read them with DelimitedExtract [UNSUPPORTED]
                2 |   "type": "SASExtract",
                               ^^^^^^^^^^
            """);
  }

  @Test
  void anUnknownKey() {
    assertThat(errors(EXTRACT.replace("\"outputView\"", "\"delimeter\": \"Pipe\", \"outputView\"")))
        .isEqualTo(
            """
            job.ipynb cell 1 line 6: DelimitedExtract has no key "delimeter"; \
            did you mean "delimiter"? [UNKNOWN_KEY]
                6 |   "delimeter": "Pipe", "outputView": "trips"
                       ^^^^^^^^^
            """);
  }

  @Test
  void aChoiceThatThereIsNot() {
    assertThat(errors(EXTRACT.replace("\"outputView\"", "\"delimiter\": \"Pip\", \"outputView\"")))
        .isEqualTo(
            """
            job.ipynb cell 1 line 6: "delimiter" of DelimitedExtract cannot be "Pip"; \
            did you mean "Pipe"? [INVALID_VALUE]
                6 |   "delimiter": "Pip", "outputView": "trips"
                                    ^^^
            """);
  }

  @Test
  void aValueOfAnotherType() {
    assertThat(errors(EXTRACT.replace("\"outputView\"", "\"header\": \"maybe\", \"outputView\"")))
        .isEqualTo(
            """
            job.ipynb cell 1 line 6: "header" of DelimitedExtract must be a boolean, \
            not "maybe" [WRONG_TYPE]
                6 |   "header": "maybe", "outputView": "trips"
                       ^^^^^^
            """);
  }

  @Test
  void aKeyThatIsMissing() {
    assertThat(errors(EXTRACT.replace("\"outputView\": \"trips\"", "")))
        .isEqualTo(
            """
            job.ipynb cell 1 line 1: DelimitedExtract needs the key "outputView" [MISSING_KEY]
                1 | {
            """);
  }

  @Test
  void everyVariableThatNothingDefines() {
    assertThat(errors(EXTRACT.replace("\"trips.csv\"", "${ETL_CONF_A}\"/\"${ETL_CONF_B}")))
        .isEqualTo(
            """
            job.ipynb cell 1 line 5: Nothing defines ${ETL_CONF_A}; \
            pass --ETL_CONF_A=VALUE or set it in the environment [UNRESOLVED_VARIABLE]
                5 |   "inputURI": ${ETL_CONF_A}"/"${ETL_CONF_B},
                                    ^^^^^^^^^^
            job.ipynb cell 1 line 5: Nothing defines ${ETL_CONF_B}; \
            pass --ETL_CONF_B=VALUE or set it in the environment [UNRESOLVED_VARIABLE]
                5 |   "inputURI": ${ETL_CONF_A}"/"${ETL_CONF_B},
                                                    ^^^^^^^^^^
            2 errors; nothing ran.
            """);
  }

  @Test
  void twoStagesOfOneId() {
    String withId = EXTRACT.replace("\"name\"", "\"id\": \"x\", \"name\"");

    assertThat(errors(withId, withId))
        .isEqualTo(
            """
            job.ipynb cell 2 line 3: The id "x" is that of an earlier stage; \
            give each stage an id of its own [DUPLICATE_ID]
                3 |   "id": "x", "name": "trips",
                             ^
            """);
  }

  @Test
  void aViewThatNoEarlierStageMakes() {
    assertThat(
            errors(EXTRACT, "%sql name=all environments=test outputView=v\nSELECT *\nFROM tripz"))
        .isEqualTo(
            """
            job.ipynb cell 2 line 3: No earlier stage makes the view "tripz"; \
            did you mean "trips"? [UNKNOWN_VIEW]
                3 | FROM tripz
                         ^^^^^
            """);
  }

  @Test
  void sqlThatDoesNotParse() {
    assertThat(errors("%sql name=all environments=test outputView=v\nSELECT 1\nFORM x y"))
        .startsWith("job.ipynb cell 1 line 3: ")
        .contains("[SQL_SYNTAX]", "    3 | FORM x y\n        ");
  }

  @Test
  void aSchemaThatIsMissing() {
    assertThat(errors(EXTRACT, typing("none.json")))
        .isEqualTo(
            """
            job.ipynb cell 2 line 7: There is no file none.json in the working folder, HERE; \
            correct "schemaURI" or put the file there [FILE_NOT_FOUND]
                7 |   "schemaURI": "none.json"
                       ^^^^^^^^^
            """
                .replace("HERE", Path.of("").toAbsolutePath().toString()));
  }

  @Test
  void aSchemaWhoseFieldIsWrong() throws IOException {
    Path schema = folder.resolve("schema.json");
    Files.writeString(
        schema,
        """
        [
          {"name": "id", "type": "integer", "nullable": false},
          {"name": "day", "type": "dat", "nullable": true}
        ]
        """);

    assertThat(errors(EXTRACT, typing(schema.toString())))
        .startsWith(schema + " line 3: ")
        .contains("day", "\"date\"", "[INVALID_SCHEMA]", "    3 |   {\"name\": \"day\"");
  }

  @Test
  void allErrorsOfAJobTogetherInItsOrderAndBeforeSparkStarts() {
    String errors =
        errors(
            EXTRACT.replace("inputURI", "inputUri"),
            "%sql name=all environments=test outputView=v\nSELEC 1",
            typing("none.json"));

    assertThat(errors.lines().filter(line -> line.startsWith("job.ipynb")))
        .map(line -> line.replaceFirst("line.*\\[(\\w+)]$", "$1"))
        .containsExactly(
            "job.ipynb cell 1 UNKNOWN_KEY",
            "job.ipynb cell 1 MISSING_KEY",
            "job.ipynb cell 2 SQL_SYNTAX",
            "job.ipynb cell 3 FILE_NOT_FOUND");
    assertThat(SparkSession.getActiveSession().isEmpty()).isTrue();
  }

  @Test
  void aJobFileThatIsNotThere() {
    CommandLineFixture etl = etl("run", "--log", "text", "none.ipynb");

    assertThat(etl.status()).isEqualTo(ExitStatus.WRONG);
    assertThat(etl.err())
        .isEqualTo(
            "There is no file none.ipynb in the working folder, "
                + Path.of("").toAbsolutePath()
                + " [JOB_NOT_FOUND]\n");
  }

  @Test
  void aNotebookThatIsNone() throws IOException {
    Path file = Files.writeString(folder.resolve("job.ipynb"), "hello");

    assertThat(etl("run", "--log", "text", file.toString()).err())
        .startsWith(file + " line 1: This is no notebook of this engine: it is no JSON: ")
        .contains("[BROKEN_NOTEBOOK]\n    1 | hello\n")
        .hasLineCount(2);
  }

  @Test
  void aLakeThatCannotBeWritten() throws IOException {
    Path lake = Files.writeString(folder.resolve("lake"), "a file");
    Path job =
        NotebookFile.write(
            folder.resolve("job.ipynb"),
            EXTRACT.replace("\"trips.csv\"", "\"s3a://\"${ETL_CONF_DATALAKE_LOC}\"/trips.csv\""));

    assertThat(etl("run", "--log", "text", "--lake", lake.toString(), job.toString()).err())
        .startsWith("Cannot write the lake folder " + lake + ": ")
        .endsWith("; choose a folder that you can write with --lake DIR [LAKE]\n")
        .hasLineCount(1);
  }

  @Test
  void aJobOfWhichNothingRuns() {
    assertThat(errors(EXTRACT.replace("\"test\"", "\"production\"")))
        .isEqualTo(
            "job.ipynb: None of the 1 stages runs in the environment \"test\"; the job knows"
                + " production; choose with --environment, or run with --all-environments"
                + " [NO_STAGES]\n");
  }

  @Test
  void aNotebookWithoutStages() {
    assertThat(errors())
        .isEqualTo(
            "job.ipynb: The job has no stages; `etl stages` lists what a cell may hold"
                + " [NO_STAGES]\n");
  }

  @Test
  void resultsThatCannotBeWritten() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    Path job =
        NotebookFile.write(
            folder.resolve("job.ipynb"), "%sql name=a environments=test outputView=a\nSELECT 1");
    CommandLineFixture etl =
        etl("run", "--log", "text", "--results", file + "/r.json", job.toString());

    assertThat(etl.status()).isEqualTo(ExitStatus.WRONG);
    assertThat(etl.err())
        .startsWith("The results cannot be written to " + file + "/r.json; ")
        .hasLineCount(1);
  }

  @Test
  void aMasterThatThereIsNot() {
    Path job =
        NotebookFile.write(
            folder.resolve("job.ipynb"), "%sql name=a environments=test outputView=a\nSELECT 1");
    CommandLineFixture etl = etl("run", "--log", "text", "--master", "nonsense", job.toString());

    assertThat(etl.status()).isEqualTo(ExitStatus.FAILED);
    assertThat(etl.err())
        .isEqualTo("Spark did not start: Could not parse Master URL: 'nonsense'\n");
  }

  @Test
  void anOptionThatThereIsNot() {
    CommandLineFixture etl = etl("run", "--lak", "x", "job.ipynb");

    assertThat(etl.status()).isEqualTo(ExitStatus.WRONG);
    assertThat(etl.err()).startsWith("Unknown options: '--lak'").contains("--lake");
  }

  @Test
  void aWrongJobOfArcsOwnCommandLineEndsWithArcsStatus() {
    assertThat(etl("run", "--log", "text", "--etl.config.uri=none.conf").status())
        .isEqualTo(ExitStatus.FAILED);
  }

  private static String typing(String schema) {
    return """
    {
      "type": "TypingTransform",
      "name": "type",
      "environments": ["test"],
      "inputView": "trips",
      "outputView": "typed",
      "schemaURI": "%s"
    }\
    """
        .formatted(schema);
  }

  /** What is said of a notebook of these cells, with the folder taken out of its name. */
  private String errors(String... cells) {
    Path job = NotebookFile.write(folder.resolve("job.ipynb"), cells);
    CommandLineFixture etl = etl("run", "--log", "text", job.toString());
    assertThat(etl.status()).isEqualTo(ExitStatus.WRONG);
    assertThat(etl.out()).isEmpty();
    return etl.err().replace(job.toString(), "job.ipynb");
  }
}
