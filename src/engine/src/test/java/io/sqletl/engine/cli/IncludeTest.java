package io.sqletl.engine.cli;

import static io.sqletl.engine.cli.CommandLineFixture.etl;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A job includes what lies beside it or below it, and nothing else. */
class IncludeTest {

  private static final String STAGE =
      "{ type: SQLTransform, name: a, environments: [test], outputView: a,"
          + " sql: \"SELECT '${v}' AS chosen\", sqlParams: { v: ${V} } }";

  @TempDir private Path folder;

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "include \"prod.conf\"",
        "include \"prod\"",
        "include required(\"prod.conf\")",
        "include \"below/more.conf\""
      })
  void whatLiesBesideIsIncluded(String include) throws IOException {
    write("jobs/prod.conf", "V = prod");
    write("jobs/below/more.conf", "include \"inner.conf\"");
    write("jobs/below/inner.conf", "V = prod");
    Path job = write("jobs/job.conf", "V = dev\n" + include + "\nstages = [" + STAGE + "]");

    CommandLineFixture run = etl("run", "--log", "text", "--show", "a", job.toString());

    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("prod").doesNotContain("dev");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "include \"../secret.conf\"",
        "include \"/etc/hosts\"",
        "include \"file:///etc/hosts\"",
        "include \"http://localhost:1/a.conf\"",
        "include file(\"/etc/hosts\")",
        "include url(\"http://localhost:1/a.conf\")",
        "include classpath(\"reference.conf\")",
        "include required(file(\"/etc/hosts\"))",
        "include \"nowhere.conf\"",
        "include \"link.conf\"",
        "include \"circle.conf\""
      })
  void allElseIsRefusedAtItsPlace(String include) throws IOException {
    write("secret.conf", "V = secret");
    Path job = write("jobs/job.conf", "V = dev\n  " + include + "\nstages = [" + STAGE + "]");
    write("jobs/circle.conf", "include \"circle.conf\"");
    Files.createSymbolicLink(folder.resolve("jobs/link.conf"), folder.resolve("secret.conf"));

    CommandLineFixture check = etl("check", job.toString());

    assertThat(check.status()).isEqualTo(ExitStatus.WRONG);
    String place = include.contains("circle") ? "circle.conf line 1: " : "job.conf line 2: ";
    assertThat(check.err()).contains(place, "[INCLUDE]").doesNotContain("\tat ");
  }

  @Test
  void anErrorInAnIncludedFileNamesThatFile() throws IOException {
    write("jobs/stages.conf", "\n\nstages = [\n { type: SQLTransform, name: a, sqll: x } ]");
    write("jobs/broken.conf", "\nV = [");
    Path job = write("jobs/job.conf", "include \"stages.conf\"");
    Path other = write("jobs/other.conf", "include \"broken.conf\"\nstages = []");

    assertThat(etl("check", "--all-environments", job.toString()).err())
        .contains("jobs/stages.conf line 4: SQLTransform has no key \"sqll\"");
    assertThat(etl("check", other.toString()).err()).contains("jobs/broken.conf line 2");
  }

  @Test
  void keysOfAStageFromAnIncludedFileHaveTheirPlaceThere() throws IOException {
    write("jobs/common.conf", "environments: [test]\nnumPartitions: many");
    Path job =
        write(
            "jobs/job.conf",
            "stages = [ {\n include \"common.conf\"\n type: SQLTransform, name: a\n"
                + " outputView: a, sql: \"SELECT 1\" } ]");

    assertThat(etl("check", job.toString()).err())
        .contains("jobs/common.conf line 2: \"numPartitions\"");
  }

  @Test
  void aCellIncludesNothing() {
    Path job =
        NotebookFile.write(
            folder.resolve("n.ipynb"), "{\n  include \"common.conf\"\n  type: SQLTransform\n}");

    assertThat(etl("check", job.toString()).err())
        .contains("n.ipynb cell 1 line 2: A cell of a notebook includes no files");
  }

  @Test
  void aJobOnTheLakeIncludesWhatLiesBesideIt() throws IOException {
    write("lake/bucket/jobs/prod.conf", "V = prod");
    write("lake/bucket/jobs/job.conf", "include \"prod.conf\"\nstages = [" + STAGE + "]");

    CommandLineFixture check =
        etl("check", "--lake", folder.resolve("lake").toString(), "s3a://bucket/jobs/job.conf");

    assertThat(check.err()).isEmpty();
    assertThat(check.status()).isZero();
  }

  private static String stage(String name) {
    return "{type: SQLTransform, name: "
        + name
        + ", environments: [test], outputView: "
        + name
        + ", sqlParams: {v: ${V}}, numPartitions: ${?W}, sql: \"SELECT '${v}' AS v\"}";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "include \"more.conf\"\nstages: [ %s ]",
        "stages: [ %s ]\ninclude \"more.conf\"",
        "{ include \"more.conf\"\n\"stages\": [ %s ] }",
        "include \"more.conf\"\ninclude \"again.conf\"\n#%s",
        "plugins { lifecycle = [] }\ninclude \"plugins.conf\"\nstages: [ %s ]"
      })
  void stagesThatAnotherFileReplacesAreTold(String text) throws IOException {
    write("jobs/more.conf", "# one\nstages: [ " + stage("b") + " ]");
    write("jobs/again.conf", "stages: [ " + stage("b") + " ]");
    write("jobs/plugins.conf", "plugins.lifecycle = []");
    Path job = write("jobs/job.conf", text.formatted(stage("a")));

    CommandLineFixture check = etl("check", job.toString(), "--V=x");

    String other = text.contains("plugins") ? "plugins.conf line 1" : "more.conf line 2";
    assertThat(check.status()).isZero();
    assertThat(check.err())
        .containsOnlyOnce("[DUPLICATE_KEY]")
        .contains("jobs/job.conf line ", "jobs/" + other, " += { … }");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "include \"more.conf\"\nstages += %s",
        "stages: [ ${b} ]\nstages += %s\nb: " + "{ include \"b.conf\" }",
        "stages: %s",
        "include \"more.conf\"\nstages: ${stages} [ %s ]",
        "include \"more.conf\"\nstages: ${?stages} [\n %s\n ]",
        "include \"more.conf\"\nstages: [] ${stages} [ %s ] ${none}\nnone: []",
        "stages += %s\ninclude \"added.conf\"",
        "{ include \"more.conf\"\n\"stages\" += %s }"
      })
  void stagesAreAddedToThoseOfAnotherFile(String text) throws IOException {
    boolean isList = text.contains("b.conf") || text.equals("stages: %s");
    write("jobs/more.conf", "stages: [ " + stage("b") + " ]");
    write("jobs/added.conf", "stages += " + stage("b"));
    write("jobs/b.conf", stage("b"));
    Path job = write("jobs/job.conf", text.formatted(stage("a")) + "\n");

    CommandLineFixture check = etl("check", job.toString(), "--V=x");

    if (isList) {
      assertThat(check.err()).contains("jobs/job.conf line 1", "[WRONG_TYPE]");
      return;
    }
    assertThat(check.err()).isEmpty();
    assertThat(check.out()).contains("2 stages run");
  }

  @Test
  void stagesThatAreAddedKeepTheirPlacesAndTheVariablesOfTheCommandLine() throws IOException {
    write("jobs/more.conf", "V = included\nstages: [\n" + stage("b") + "]");
    Path job =
        write("jobs/job.conf", "include \"more.conf\"\nstages += " + stage("a") + "\nX = ${Y}");
    Path wrong =
        write(
            "jobs/wrong.conf",
            "include \"more.conf\"\n\nstages: ${stages} [\n{typ: SQLTransform, name: a},"
                + " {type: SQLTransform, name: c, environments: [test], sql: \"SELECT 1\","
                + "\n outputView: ${?U} } ]");

    CommandLineFixture run =
        etl("run", "--log", "text", "--show", "a", "--show", "b", job.toString(), "--V=line");

    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("line", "stages=2").doesNotContain("included");
    assertThat(etl("check", "--all-environments", wrong.toString()).err())
        .contains("jobs/wrong.conf line 4", "jobs/wrong.conf line 4: SQLTransform needs the key");
  }
}
