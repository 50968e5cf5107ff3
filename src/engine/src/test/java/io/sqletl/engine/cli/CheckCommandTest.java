package io.sqletl.engine.cli;

import static io.sqletl.engine.cli.CommandLineFixture.etl;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A check of a folder of jobs, as somebody has it who comes from Arc. */
class CheckCommandTest {

  private static final String RIGHT = "%sql name=a environments=production outputView=a\nSELECT 1";

  @TempDir private Path folder;

  @BeforeEach
  void write() throws IOException {
    Files.createDirectories(folder.resolve("jobs/.ipynb_checkpoints"));
    NotebookFile.write(folder.resolve("jobs/right.ipynb"), RIGHT);
    NotebookFile.write(folder.resolve("jobs/.ipynb_checkpoints/right.ipynb"), "%sql\nSELEC");
    NotebookFile.write(
        folder.resolve("jobs/needs.ipynb"),
        """
        {
          "type": "DelimitedExtract",
          "name": "trips",
          "environments": ["production"],
          "inputURI": ${WHERE}"/trips.csv",
          "outputView": "trips",
          "numPartitions": ${HOW_MANY}
        }""",
        """
        {
          "type": "SQLTransform",
          "name": ${NAME},
          "environments": ["production"],
          "sql": "SELECT 1",
          "outputView": "c"
        }""",
        "%sql name=b environments=production outputView=b inputURI=s3a://elsewhere/b.sql");
    Files.writeString(
        folder.resolve("jobs/wrong.conf"),
        """
        stages = [
          {
            type: SASExtract
            name: claims
            inputURI: "claims.sas7bdat"
            outputView: claims
          },
          {
            type: TypingTransform
            name: typed
            inputView: claims
            inputURI: "claims.json"
            outputView: typed
          }
        ]
        """);
    Files.writeString(folder.resolve("jobs/schema.json"), "[{\"name\": \"a\"}]");
    Files.writeString(folder.resolve("jobs/stages.json"), "{\"not\": {\"stages\": []}}");
    Files.writeString(
        folder.resolve("jobs/python.ipynb"),
        "{\"cells\": [], \"metadata\": {\"kernelspec\": {\"name\": \"python3\"}}}");
  }

  @Test
  void saysFileByFileWhatWouldNotRun() {
    CommandLineFixture etl = etl("check", folder.resolve("jobs").toString());

    assertThat(etl.status()).isEqualTo(ExitStatus.WRONG);
    assertThat(etl.err()).isEmpty();
    assertThat(etl.out().replace(folder + "/", ""))
        .isEqualTo(
            """
            jobs/needs.ipynb: 3 stages, needs
              needs the variables HOW_MANY, NAME, WHERE
              needs a file: There is no file s3a://elsewhere/b.sql
            jobs/right.ipynb: 1 stage, runs
            jobs/wrong.conf: 2 stages, would not run
              jobs/wrong.conf line 3: SASExtract is refused because no release of its reader is \
            known to work with Spark 4.1; convert the files to CSV, with their own program or with \
            readstat, and read them with DelimitedExtract [UNSUPPORTED]
                  3 |     type: SASExtract
                                ^^^^^^^^^^
              jobs/wrong.conf line 12: TypingTransform does not take the key "inputURI" because \
            it is the name that Arc 2 had for the schema's file; write schemaURI [UNSUPPORTED]
                  12 |     inputURI: "claims.json"
                           ^^^^^^^^
              jobs/wrong.conf line 8: TypingTransform needs one of the keys "schema", \
            "schemaURI" and "schemaView" [MISSING_KEY]
                  8 |   {
            jobs/python.ipynb is no notebook of this engine: its kernel is "python3", not "arc"
            2 other files without stages

            type              stages  files
            DelimitedExtract       1      1  runs
            SASExtract             1      1  refused: no release of its reader is known to work \
            with Spark 4.1
            SQLTransform           3      2  runs
            TypingTransform        1      1  runs

            3 jobs: 1 run, 1 run when given what they need, 1 would not run.
            """);
  }

  @Test
  void variablesThatAreGivenAreUsed() {
    CommandLineFixture etl =
        etl(
            "check",
            "--HOW_MANY=x",
            "--WHERE=s3a://trips",
            folder.resolve("jobs").toString(),
            folder.resolve("jobs/right.ipynb").toString());

    assertThat(etl.out())
        .contains("\"numPartitions\" of DelimitedExtract must be an integer, not \"x\"")
        .contains("4 jobs: 2 run, 0 run when given what they need, 2 would not run.");
  }

  @Test
  void aKeyIsCheckedWhateverTheVariablesBesideIt() {
    Path job =
        NotebookFile.write(
            folder.resolve("jobs/needs.ipynb"),
            """
            {
              "type": "DelimitedExtract",
              "name": "trips",
              "inputURI": ${WHERE}"/trips.csv",
              "outputVew": "trips"
            }""");

    assertThat(etl("check", "--assume", "--all-environments", job.toString()).err())
        .contains("did you mean \"outputView\"?", "needs the key \"outputView\"")
        .doesNotContain("WHERE}\" ");
  }

  @Test
  void aFileThatIsNamedIsCheckedAsARunWouldBeginIt() {
    String job = folder.resolve("jobs/needs.ipynb").toString();

    assertThat(etl("check", "-e", "production", job).err())
        .contains("Nothing defines ${WHERE}", "There is no file s3a://elsewhere/b.sql");
    assertThat(etl("check", "-e", "production", "--assume", job).out())
        .contains("It needs the variables HOW_MANY, NAME, WHERE.");
    assertThat(etl("check", folder.resolve("jobs/stages.json").toString()).err())
        .contains("[NO_STAGES]");
    assertThat(etl("check", folder.resolve("jobs").toString(), "--no-assume").out())
        .contains("3 jobs: 1 run, 0 run when given what they need, 2 would not run.");
  }

  @Test
  void tellsTheSameAsJson() throws IOException {
    JsonNode report =
        new ObjectMapper()
            .readTree(etl("check", "--format=json", folder.resolve("jobs").toString()).out());

    assertThat(report.at("/summary/fails").asInt()).isEqualTo(1);
    assertThat(report.at("/summary/needs").asInt()).isEqualTo(1);
    assertThat(report.at("/types/SASExtract/support").asText()).startsWith("refused: ");
    JsonNode wrong =
        Stream.of(0, 1, 2, 3, 4, 5)
            .map(report.get("files")::get)
            .filter(file -> file.get("file").asText().endsWith("wrong.conf"))
            .findFirst()
            .orElseThrow();
    assertThat(wrong.at("/verdict").asText()).isEqualTo("fails");
    assertThat(wrong.at("/problems/0/code").asText()).isEqualTo("UNSUPPORTED");
    assertThat(wrong.at("/problems/0/line").asInt()).isEqualTo(3);
    assertThat(wrong.at("/problems/0/column").asInt()).isEqualTo(11);
  }

  @Test
  void touchesNothingAndStartsNoSpark() throws IOException {
    Object before = SparkSession.getDefaultSession();
    Path lake = folder.resolve("lake");

    etl("check", "--lake", lake.toString(), folder.resolve("jobs").toString());

    assertThat(lake).doesNotExist();
    assertThat((Object) SparkSession.getDefaultSession()).isEqualTo(before);
  }

  @Test
  void aFolderWithoutJobsHasNoneThatFails() throws IOException {
    CommandLineFixture etl =
        etl("check", Files.createDirectories(folder.resolve("empty")).toString());

    assertThat(etl.status()).isEqualTo(ExitStatus.DONE);
    assertThat(etl.out()).contains("0 jobs: ");
    assertThat(List.of(etl("check", folder.resolve("none").toString()).status()))
        .containsExactly(ExitStatus.WRONG);
  }
}
