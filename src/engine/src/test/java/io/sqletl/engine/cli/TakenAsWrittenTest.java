package io.sqletl.engine.cli;

import static io.sqletl.engine.cli.CommandLineFixture.etl;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a job says is taken as it is written, or refused with its place. */
class TakenAsWrittenTest {

  private static final String STAGE =
      "{ type: SQLTransform, name: a, environments: [test], outputView: a, sql: \"SELECT 1\"";

  @TempDir private Path folder;

  private Path job(String text) throws IOException {
    return Files.writeString(folder.resolve("job.conf"), text);
  }

  private CommandLineFixture check(String text) throws IOException {
    return etl("check", job(text).toString());
  }

  @Test
  void numbersBecomeTheTextThatStandsThere() throws IOException {
    Path job =
        job(
            """
            N = 007
            stages = [
              { type: SQLTransform, name: a, environments: [test], outputView: a
                sql: "SELECT '${x}|${n}|${e}|${big}|${v}|${c}|${t}' AS texts"
                sqlParams: { x: 007, n: 1.10, e: 1e3, big: 12345678901234567890, v: ${N},
                  c: a${N}b, t: yes } }
            ]
            """);

    assertThat(etl("run", "--log", "text", "--show", "a", job.toString()).out())
        .contains("007|1.10|1e3|12345678901234567890|007|a007b|yes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.9", "\"1.9\"", "1e-1", "99999999999", "99999999999999999999", "many"})
  void aWholeNumberIsExactOrRefused(String number) throws IOException {
    assertThat(check("stages = [" + STAGE + ", numPartitions: " + number + " }]").err())
        .contains("job.conf line 1: \"numPartitions\" of SQLTransform must be an integer");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-3"})
  void aNumberOfPartitionsCountsFromOne(String number) throws IOException {
    assertThat(check("stages = [" + STAGE + ", numPartitions: " + number + " }]").err())
        .contains("\"numPartitions\" is " + number, "it counts from 1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"3", "\"3\"", "3.0", "3e0"})
  void aWholeNumberMayBeWrittenInSeveralWays(String number) throws IOException {
    assertThat(check("stages = [" + STAGE + ", numPartitions: " + number + " }]").status())
        .isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"inputURI: data#1.csv|#", "inputURI: data//1.csv|//", "name: a#b|#"})
  void aValueThatACommentCutsIsRefusedAtTheComment(String key, String sign) throws IOException {
    CommandLineFixture check = check("stages = [{\n " + key + "\n}]");

    assertThat(check.status()).isEqualTo(ExitStatus.WRONG);
    assertThat(check.err()).contains("job.conf line 2: What follows \"" + sign + "\" is a comment");
  }

  @Test
  void commentsThatCutNothingStay() throws IOException {
    CommandLineFixture check =
        check(
            "# one\n// two\nstages = [ # three\n"
                + STAGE
                + ", # four\n numPartitions: 3 // five\n id: \"a#b//c\"# six\n}] // seven");

    assertThat(check.err()).isEmpty();
    assertThat(check.status()).isZero();
  }

  @Test
  void aKeyThatIsThereTwiceIsToldOnce() throws IOException {
    CommandLineFixture check =
        check(
            "A = 1\nA = ${?B}\nC { d: 1 }\nC { e: 2 }\nstages = ["
                + STAGE
                + "\n numPartitions: 2\n numPartitions: 3 }]");

    assertThat(check.status()).isZero();
    assertThat(check.err())
        .containsOnlyOnce("[DUPLICATE_KEY]")
        .contains(
            "job.conf line 7: The key \"numPartitions\" stands in this object more than once");
  }

  @Test
  void aViewThatIsReplacedUnreadIsTold() throws IOException {
    String again = STAGE.replace("name: a", "name: b") + " }";
    CommandLineFixture told = check("stages = [" + STAGE + " },\n" + again + "]");
    String reader =
        "{ type: SQLTransform, name: r, environments: [test], outputView: r,"
            + " sql: \"SELECT * FROM a\" }";
    CommandLineFixture read = check("stages = [" + STAGE + " },\n" + reader + ",\n" + again + "]");

    assertThat(told.status()).isZero();
    assertThat(told.err())
        .contains("job.conf line 2: The view \"a\" is made here", "[UNUSED_VIEW]");
    assertThat(read.err()).isEmpty();
  }

  @Test
  void aFolderSaysWhatIsDamagedAndNotWhatIsNoJob() throws IOException {
    Path jobs = Files.createDirectories(folder.resolve("jobs"));
    String right = "%sql name=a outputView=a environments=test\nSELECT 1 AS x";
    Path notebook = NotebookFile.write(jobs.resolve("right.ipynb"), right);
    String text = Files.readString(notebook);
    Files.writeString(jobs.resolve("bom.ipynb"), "\uFEFF" + text);
    Files.writeString(jobs.resolve("conflict.ipynb"), "{\n <<<<<<< HEAD\n" + text.substring(1));
    Files.writeString(jobs.resolve("truncated.ipynb"), text.substring(0, text.length() / 2));
    Files.writeString(jobs.resolve("tail.ipynb"), text + "}");
    Files.writeString(jobs.resolve("empty.ipynb"), "");
    Files.writeString(jobs.resolve("kernelless.ipynb"), text.replace("\"arc\"", "\"\""));
    Files.writeString(jobs.resolve("foreign.ipynb"), text.replace("\"arc\"", "\"python3\""));
    Files.writeString(jobs.resolve("v3.ipynb"), "{\"nbformat\": 3, \"worksheets\": []}");
    Files.write(jobs.resolve("utf16.ipynb"), ("\uFEFF" + text).getBytes(StandardCharsets.UTF_16LE));
    String job = "stages = [" + STAGE + " }]";
    Files.writeString(jobs.resolve("merge.conf"), "<<<<<<< HEAD\n" + job + "\n=======\n");
    Files.writeString(jobs.resolve("near.json"), "{\"stage\": [{\"type\": \"SQLTransform\"}]}");
    Files.write(
        jobs.resolve("latin.conf"), ("# \u00e9\n" + job).getBytes(StandardCharsets.ISO_8859_1));
    Files.writeString(
        jobs.resolve("python.ipynb"),
        "{\"cells\": [], \"metadata\": {\"kernelspec\": {\"name\": \"python3\"}}}");
    Files.writeString(jobs.resolve("schema.json"), "[{\"name\": \"a\", \"type\": \"string\"}]");
    Files.writeString(jobs.resolve("data.json"), "{\"a\": 1}\n{\"a\": 2}\n");
    Files.writeString(jobs.resolve("ci.json"), "{\"stages\": [\"build\", \"test\"]}");
    Files.writeString(
        jobs.resolve("results.json"),
        "{\"format\": 1, \"status\": \"success\", \"durationMs\": 1,"
            + " \"stages\": [{\"type\": \"SQLTransform\", \"status\": \"succeeded\"}]}");

    CommandLineFixture check = etl("check", jobs.toString());

    assertThat(check.status()).isEqualTo(ExitStatus.WRONG);
    assertThat(check.out())
        .contains("13 jobs: 2 run, 0 run when given what they need, 11 would not run.")
        .contains("conflict.ipynb line 2: ", "a merge conflict is left in it")
        .contains("truncated.ipynb line ", "empty.ipynb line 1", "tail.ipynb line ")
        .contains("kernelless.ipynb line 1", "it names no kernel")
        .contains("foreign.ipynb line 1", "its kernel is \"python3\"")
        .contains("v3.ipynb line 1", "format 3 of notebooks")
        .contains("utf16.ipynb is UTF-16", "latin.conf is not UTF-8 in line 1")
        .contains("merge.conf line 1: A merge conflict is left here")
        .contains("near.json has no key \"stages\"");
  }

  @ParameterizedTest
  @CsvSource({
    "--ETL_CONF_DYA=x, ETL_CONF_DAY",
    "--ETL_CONF_REGOIN=x, ETL_CONF_REGION",
    "--ETL_CON_DAY=x, ETL_CONF_DAY",
    "--ETL_CONF_DAY=x,",
    "--ETL_CONF_ENV2=x,",
    "--ETL_CONF_TABLE=x,"
  })
  void aVariableThatNothingUsesAndIsNearToOneIsTold(String argument, String meant)
      throws IOException {
    Path job =
        job(
            "ETL_CONF_DAY = 1\nstages = ["
                + STAGE.replace("SELECT 1", "SELECT '${d}' AS d, '${r}' AS r")
                + ", sqlParams: {d: ${ETL_CONF_DAY}, r: \"r\"${?ETL_CONF_REGION}} }]");

    CommandLineFixture check = etl("check", job.toString(), argument);

    assertThat(check.status()).isZero();
    if (meant == null) {
      assertThat(check.err()).isEmpty();
    } else {
      assertThat(check.err())
          .contains("job.conf: Nothing uses the variable " + argument.replace("=x", ""))
          .contains("did you mean \"" + meant + "\"?", "[UNUSED_VARIABLE]");
    }
  }

  @Test
  void aVariableThatIsGivenIsNotMeantByAnother() throws IOException {
    Path job =
        job(
            "stages = ["
                + STAGE.replace("SELECT 1", "SELECT '${d}'")
                + ", sqlParams: {d: ${ETL_CONF_DAY1}} }]");

    assertThat(etl("check", job.toString(), "--ETL_CONF_DAY1=1", "--ETL_CONF_DAY2=2").err())
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "DelimitedExtract, inputURI, outputView: b",
    "ParquetLoad, outputURI, inputView: a",
    "TypingTransform, schemaURI, 'inputView: a, outputView: b'"
  })
  void aVariableWithinTheQuotesOfAnAddressIsRefused(String type, String key, String keys)
      throws IOException {
    String stage =
        "{ type: " + type + ", name: s, environments: [test], " + keys + ", " + key + ": ";
    String first = "stages = [" + STAGE + " },\n" + stage;

    assertThat(etl("check", job(first + "\"file:/tmp/${DIR}/a\" }]").toString(), "--DIR=d").err())
        .contains("job.conf line 2: \"" + key + "\" has ${DIR} within quotes")
        .contains("\"…\"${DIR}\"…\"");
    assertThat(
            etl("check", job(first + "\"s3a://b/\"${DIR}\"/a.json\" }]").toString(), "--DIR=d")
                .err())
        .doesNotContain("within quotes");
  }

  @Test
  void aCommentBehindAValueOfEnvIsTold() {
    String sql = "%sql name=a outputView=a environments=test\nSELECT 1 AS x";
    Path told =
        NotebookFile.write(folder.resolve("told.ipynb"), "%env\nLIMIT=007 # comment\nX=1", sql);
    Path right =
        NotebookFile.write(
            folder.resolve("right.ipynb"),
            "%env\n# comment\nLIMIT=\"007 # is it\"\nURI=http://a#b\nY=#5",
            sql);

    assertThat(etl("check", told.toString()).err())
        .contains("told.ipynb cell 1 line 2: The value of \"LIMIT\" is all of the line");
    assertThat(etl("check", right.toString()).err()).isEmpty();
  }
}
