package io.sqletl.engine.cli;

import static io.sqletl.engine.cli.CommandLineFixture.etl;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every promise of {@code quality/promises.conf}, each run by the command as a user runs it. The
 * page docs/quality.md is the same list; {@code -Dsqletl.write=true} writes it.
 */
class QualityTest {

  private static final Path CASES = Path.of("src/test/resources/quality");
  private static final Path PAGE = Path.of("../../docs/quality.md");

  @TempDir private Path folder;

  /**
   * One promise.
   *
   * @param kind the chapter that it belongs to
   * @param told where a user reads of it; empty where nothing is wrong
   * @param key which key of a stage changes it; empty where none does
   * @param arguments of {@code etl}, the job's path and folder aside
   * @param says texts that the command says
   * @param never texts that it does not say
   */
  private record Promise(
      String kind,
      String promise,
      String told,
      String key,
      String folder,
      List<String> command,
      List<String> arguments,
      int status,
      List<String> says,
      List<String> never) {

    static Promise of(Config fields) {
      return new Promise(
          fields.getString("kind"),
          fields.getString("promise"),
          fields.getString("told"),
          fields.getString("key"),
          fields.getString("case"),
          list(fields, "command"),
          list(fields, "arguments"),
          fields.getInt("status"),
          list(fields, "says"),
          list(fields, "never"));
    }

    private static List<String> list(Config fields, String key) {
      return fields.hasPath(key) ? fields.getStringList(key) : List.of();
    }

    @Override
    public String toString() {
      return kind + ": " + promise;
    }
  }

  static Stream<Promise> promises() {
    return ConfigFactory.parseFile(CASES.resolve("promises.conf").toFile())
        .getConfigList("promises")
        .stream()
        .map(Promise::of);
  }

  @ParameterizedTest
  @MethodSource("promises")
  void holds(Promise promise) throws IOException {
    copy(CASES.resolve(promise.folder()), folder);

    CommandLineFixture etl = etl(arguments(promise).toArray(String[]::new));

    String said = etl.out() + etl.err();
    assertThat(etl.status()).as(said).isEqualTo(promise.status());
    assertThat(said).contains(promise.says());
    if (!promise.never().isEmpty()) {
      assertThat(said).doesNotContain(promise.never().toArray(String[]::new));
    }
  }

  @Test
  void thePageIsTheSameList() throws IOException {
    String page = page();
    if (Boolean.getBoolean("sqletl.write")) {
      Files.writeString(PAGE, page);
    }
    assertThat(Files.readString(PAGE)).isEqualTo(page);
  }

  private List<String> arguments(Promise promise) {
    if (!promise.command().isEmpty()) {
      List<String> command = new ArrayList<>(promise.command());
      command.set(1, folder.resolve(command.get(1)).toString());
      return command;
    }
    Path notebook = folder.resolve("job.ipynb");
    Path job = Files.exists(notebook) ? notebook : folder.resolve("job.conf");
    List<String> arguments = new ArrayList<>(List.of("run", "--log", "text", "--lake"));
    arguments.add(folder.resolve("lake").toString());
    arguments.add("--DIR=" + folder);
    arguments.add(job.toString());
    arguments.addAll(promise.arguments());
    return arguments;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy);
        }
      }
    }
  }

  private static String page() throws IOException {
    Config chapters = ConfigFactory.parseFile(CASES.resolve("promises.conf").toFile());
    StringBuilder page = new StringBuilder(chapters.getString("introduction").strip()).append('\n');
    Map<String, List<Promise>> byKind = promises().collect(Collectors.groupingBy(Promise::kind));
    for (Config chapter : chapters.getConfigList("chapters")) {
      page.append("\n## ").append(chapter.getString("title")).append("\n\n");
      page.append(chapter.getString("text").strip()).append("\n\n");
      page.append("| what holds | where it is told | what changes it |\n|---|---|---|\n");
      for (Promise promise : byKind.remove(chapter.getString("kind"))) {
        page.append("| " + promise.promise() + " | " + promise.told() + " | ")
            .append(promise.key() + " |\n");
      }
    }
    assertThat(byKind).as("promises of no chapter").isEmpty();
    return page.toString();
  }
}
