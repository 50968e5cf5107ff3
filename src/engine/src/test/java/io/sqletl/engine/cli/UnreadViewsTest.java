package io.sqletl.engine.cli;

import static io.sqletl.engine.cli.CommandLineFixture.etl;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a stage rejects comes to light when its view is used, so a view that is not is told. */
class UnreadViewsTest {

  private static final String TOLD = "No stage reads the view ";

  @TempDir private Path folder;

  private Path job(String stages) throws IOException {
    Files.writeString(folder.resolve("a.csv"), "id,at\n1,5 January 2024\nx,5. January 2024\n");
    String extract =
        stage("DelimitedExtract", "inputURI: \"" + folder.resolve("a.csv") + "\", outputView: a");
    return Files.writeString(
        folder.resolve("job.conf"), "stages = [" + extract + "\n" + stages + "\n]");
  }

  private static String stage(String type, String keys) {
    return "{type: "
        + type
        + ", name: \"the "
        + type
        + "\", environments: [test], "
        + keys
        + (type.equals("DelimitedExtract") ? ", header: true}" : "}");
  }

  private static String typed(String keys) {
    return stage(
            "TypingTransform",
            "inputView: a, outputView: t, schema: [{name: id, type: integer, nullable: true,"
                + " nullableValues: [], trim: true}, {name: at, type: date, nullable: true, trim:"
                + " true, nullableValues: [], formatters: [\"d[.] MMMM uuuu\"]}]"
                + keys)
        + "\n";
  }

  private static CommandLineFixture run(Path job, String... more) {
    String[] arguments = new String[more.length + 4];
    System.arraycopy(new String[] {"run", "--log", "text"}, 0, arguments, 0, 3);
    System.arraycopy(more, 0, arguments, 3, more.length);
    arguments[arguments.length - 1] = job.toString();
    return etl(arguments);
  }

  @Test
  void anExtractAndATypedViewThatNobodyReadsAreTold() throws IOException {
    assertThat(run(job("")).err())
        .contains("job.conf line 1: " + TOLD + "\"a\" of stage \"the DelimitedExtract\"")
        .contains("validate it with SQLValidate, or run with --show a", "[UNUSED_VIEW]");
    assertThat(run(job(typed(""))).err())
        .contains("job.conf line 2: " + TOLD + "\"t\"")
        .doesNotContain(TOLD + "\"a\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SQLTransform|outputView: b, sql: \"SELECT id FROM T\"",
        "SQLValidate|sql: \"SELECT true, '' FROM t LIMIT 1\"",
        "MetadataTransform|inputView: t, outputView: m, schema: []",
        "SQLTransform|outputView: b, resolution: lazy, sql: \"SELECT id FROM t\""
      })
  void aViewThatALaterStageMayReadIsNot(String type, String keys) throws IOException {
    assertThat(run(job(typed("") + stage(type, keys))).err()).doesNotContain(TOLD + "\"t\"");
  }

  @Test
  void aViewThatIsShownOrKeptOrOfALintIsNot() throws IOException {
    assertThat(run(job(typed(", persist: true"))).err()).doesNotContain(TOLD);
    assertThat(run(job(typed("")), "--show", "T").err()).doesNotContain(TOLD);
    assertThat(etl("run", "--etl.config.lintOnly=true", job(typed("")).toString()).err())
        .doesNotContain(TOLD);
    assertThat(etl("check", job(typed("")).toString()).err()).doesNotContain(TOLD);
  }
}
