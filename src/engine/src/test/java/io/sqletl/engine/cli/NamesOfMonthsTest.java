package io.sqletl.engine.cli;

import static io.sqletl.engine.cli.CommandLineFixture.etl;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names of months and days are words of one language, that of the run. */
class NamesOfMonthsTest {

  @TempDir private Path folder;

  @Test
  void aNameOfAnotherLanguageLeadsToTheLanguageOfTheRun() throws IOException {
    Path data = Files.writeString(folder.resolve("a.csv"), "d,n\n5. Januar 2024,x\n");
    Path job =
        Files.writeString(
            folder.resolve("job.conf"),
            "stages = [{type: DelimitedExtract, name: e, environments: [test], inputURI: \""
                + data
                + "\", outputView: a, header: true}\n"
                + "{type: TypingTransform, name: t, environments: [test], inputView: a,"
                + " outputView: t, schema: [{name: d, type: date, nullable: true, trim: true,"
                + " nullableValues: [], formatters: [\"d. MMMM uuuu\"]}, {name: n, type: date,"
                + " nullable: true, trim: true, nullableValues: [], formatters: [\"d.M.uuuu\"]}]}]");

    CommandLineFixture run = etl("run", "--log", "text", "--show", "t", job.toString());

    assertThat(run.out() + run.err())
        .contains("'5. Januar 2024' is no date (d. MMMM uuuu, with names in English; others by")
        .contains("-Duser.language=", "'x' is no date (d.M.uuuu)");
  }
}
