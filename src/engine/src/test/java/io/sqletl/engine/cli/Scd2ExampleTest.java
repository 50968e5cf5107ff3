package io.sqletl.engine.cli;

import static io.sqletl.engine.cli.CommandLineFixture.etl;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The example of a slowly changing dimension is safe to copy: three inputs that it must survive.
 */
class Scd2ExampleTest {

  private static final Path HOME = Path.of("../..").toAbsolutePath().normalize();
  private static final String JOB = HOME.resolve("example/notebook/scd2-job.ipynb").toString();

  @TempDir private Path lake;
  private Path initial;
  private Path update;

  @BeforeEach
  void copy() throws IOException {
    Path shipped = HOME.resolve("deployment/app_code");
    for (String folder : List.of("data", "meta", "sql")) {
      Path target = Files.createDirectories(lake.resolve("datalake/app_code").resolve(folder));
      try (var files = Files.list(shipped.resolve(folder))) {
        for (Path file : files.toList()) {
          Files.copy(file, target.resolve(file.getFileName()));
        }
      }
    }
    initial = lake.resolve("datalake/app_code/data/initial_contacts.csv");
    update = lake.resolve("datalake/app_code/data/update_contacts.csv");
  }

  private CommandLineFixture run(String... more) {
    List<String> arguments = new ArrayList<>(List.of("run", "--log", "text"));
    arguments.addAll(List.of("--lake", lake.toString()));
    arguments.addAll(List.of(more));
    arguments.add(JOB);
    return etl(arguments);
  }

  @Test
  void aSeparatorInsideAValueHidesNoChange() throws IOException {
    // A contact that changes, so that the job's own numbers hold if the change is seen
    Set<String> before = new HashSet<>(Files.readAllLines(initial));
    String changed =
        Files.readAllLines(update).stream()
            .filter(line -> !before.contains(line))
            .filter(line -> before.stream().anyMatch(old -> old.startsWith(id(line))))
            .findFirst()
            .orElseThrow();
    replace(initial, id(changed), "A|B,C,Utah");
    replace(update, id(changed), "A,B|C,Utah");

    CommandLineFixture run = run();

    assertThat(run.err()).doesNotContain("failed");
    assertThat(run.status()).isZero();
  }

  private static String id(String line) {
    return line.substring(0, line.indexOf(',') + 1);
  }

  private static void replace(Path file, String id, String rest) throws IOException {
    Files.write(
        file,
        Files.readAllLines(file).stream()
            .map(line -> line.startsWith(id) ? id + rest : line)
            .toList());
  }

  @Test
  void aNewKeyThatComesTwiceEndsTheJobBeforeTheMerge() throws IOException {
    String again = "90001,New,new@example.com,Utah\n";
    Files.writeString(update, Files.readString(update).stripTrailing() + "\n" + again + again);

    CommandLineFixture run = run();

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("validate contact update", "\"most_frequent_key\":90001");
  }

  @Test
  void anUpdateThatComesLateEndsTheJobBeforeTheMerge() {
    CommandLineFixture run = run("--ETL_CONF_UPDATE_DATE=2025-12-01");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err())
        .contains("The update counts from 2025-12-01", "begins on 2026-01-01")
        .doesNotContain("merge changes\" (cell 17) succeeded");
  }
}
