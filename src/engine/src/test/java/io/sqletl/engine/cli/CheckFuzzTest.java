package io.sqletl.engine.cli;

import static io.sqletl.engine.cli.CommandLineFixture.etl;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A check never dies of a job. Jobs, schema files and SQL of the examples are broken at random; the
 * seed is printed, and {@code -Dsqletl.fuzz.seed=N} repeats it.
 */
class CheckFuzzTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int ROUNDS = Integer.getInteger("sqletl.fuzz.rounds", 8);
  private static final int FILES = 60;
  private static final Path HOME = Path.of("../..");

  private static final List<String> TOKENS =
      List.of(
          "{",
          "}",
          "[",
          "]",
          "\"",
          "\"\"\"",
          "${",
          "${X}",
          "${?X}",
          "}",
          ",",
          ":",
          "=",
          "+=",
          "#",
          "//",
          "include \"x\"",
          "null",
          "true",
          "-1",
          "1e400",
          "99999999999999999999",
          "0x10",
          "%sql",
          "%sqlvalidate",
          "\\",
          "\\u0000",
          "s3a:",
          "s3a://",
          "s3a:name",
          "file:",
          "://",
          "SELECT",
          "'",
          "`",
          "(",
          ")",
          ";",
          "--",
          "/*",
          "\u0000",
          "\uFEFF",
          "\uD800",
          "${a.b}",
          "${\"}",
          "${}",
          "${ }",
          "a.b",
          ".",
          "..",
          "~",
          "%",
          "%%",
          "<<<<<<< HEAD\n",
          "\r",
          "\t");

  private static final List<String> VALUES =
      List.of(
          "${X}",
          "${?X}",
          "null",
          "true",
          "7",
          "1.9",
          "\"\"",
          "\" \"",
          "[]",
          "{}",
          "[[]]",
          "{a: {b: 1}}",
          "\"s3a:name\"",
          "\"s3a://\"",
          "\"s3a://a b/%zz\"",
          "\"a:b:c\"",
          "\":\"",
          "\"[\"",
          "\"{a\"",
          "\"\\\\\"",
          "\"http://\"",
          "\"jdbc:\"",
          "\"lazy\"",
          "[null]",
          "[${X}]",
          "{type: ${X}}",
          "\"\"\"${X}\"\"\"",
          "\"classpath:\"",
          "\"file://host/x\"",
          "-9223372036854775809");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "environments: ${X}",
        "environments: [${X}]",
        "environments: {a: 1}",
        "inputURI: \"s3a:name\"",
        "inputURI: \"s3a:\"",
        "inputURI: \"a\\u0000b\"",
        "inputURI: \"file:a:b\"",
        "inputURI: ${X}",
        "inputURI: ${${X}}",
        "name: ${}",
        "name: ${a..b}",
        "name: ${\"a b\"}",
        "type: ${X}",
        "resolution: lazy, inputURI: ${X}",
        "authentication: ${X}",
        "authentication: {method: {a: 1}}",
        "authentication: [1]",
        "sql: ${X}, inputView: ${Y}",
        "outputView: null",
        "numPartitions: 1e999999999"
      })
  void oneStageDoesNotCostTheOtherAnswers(String key) throws IOException {
    String stage =
        "type: DelimitedExtract\nname: a\nenvironments: [test]\ninputURI: a.csv\noutputView: a\n";
    Files.writeString(folder.resolve("a.conf"), "stages = [{\n" + stage + key + "\n}]");
    Files.writeString(
        folder.resolve("b.conf"),
        "stages = [{ type: SQLTransform, name: b, environments: [test], outputView: b,"
            + " sql: \"SELECT 1\" }]");

    for (String assume : List.of("--assume", "--no-assume")) {
      CommandLineFixture check = etl("check", assume, "--format", "json", folder.toString());

      assertSound(check);
      assertThat(check.out()).contains("b.conf");
    }
  }

  @Test
  void deepNestingAndLongLines() throws IOException {
    Files.writeString(folder.resolve("deep.conf"), "stages = [" + "{a=[".repeat(4_000));
    Files.writeString(
        folder.resolve("right.conf"),
        "stages = [{ type: X, a: " + "[".repeat(9_000) + "]".repeat(9_000) + " }]");
    Files.writeString(folder.resolve("deep.ipynb"), "{\"cells\":" + "[".repeat(4_000));
    NotebookFile.write(
        folder.resolve("sql.ipynb"),
        "%sql name=a environments=test outputView=a\nSELECT " + "(".repeat(500) + "1");
    NotebookFile.write(
        folder.resolve("sum.ipynb"),
        "%sql name=a environments=test outputView=a\nSELECT 1" + " + 1".repeat(4_000));

    assertSound(etl("check", "--format", "json", folder.toString()));
  }

  @Test
  void brokenFilesHaveProblemsOfTheirOwn() throws IOException {
    long seed = Long.getLong("sqletl.fuzz.seed", System.nanoTime());
    System.out.println("CheckFuzzTest: -Dsqletl.fuzz.seed=" + seed);
    Random random = new Random(seed);
    List<Path> seeds = seeds();
    assertThat(seeds).hasSizeGreaterThan(5);
    Instant end = Instant.now().plus(Duration.ofSeconds(50));
    for (int round = 0; round < ROUNDS && Instant.now().isBefore(end); round++) {
      Path jobs = Files.createDirectories(folder.resolve("round" + round));
      for (int i = 0; i < FILES; i++) {
        Path file = seeds.get(random.nextInt(seeds.size()));
        String name = file.getFileName().toString();
        Path broken = jobs.resolve(i + "-" + name);
        Files.write(broken, broken(Files.readString(file), random));
        if (name.endsWith(".sql") || name.endsWith(".json")) {
          Files.writeString(jobs.resolve(i + ".conf"), referring(broken, name.endsWith(".sql")));
        }
      }
      CommandLineFixture check =
          etl(
              "check",
              random.nextBoolean() ? "--assume" : "--no-assume",
              "--format",
              "json",
              "--all-environments",
              jobs.toString());
      assertThat(check.err()).as("seed %d round %d", seed, round).isEmpty();
      assertSound(check);
      assertThat(JSON.readTree(check.out()).get("files").size())
          .as("seed %d round %d", seed, round)
          .isGreaterThanOrEqualTo((int) countOf(jobs));
    }
  }

  private static long countOf(Path jobs) throws IOException {
    try (Stream<Path> files = Files.list(jobs)) {
      return files.filter(file -> file.toString().matches(".+\\.(ipynb|conf|json)")).count();
    }
  }

  private static String referring(Path file, boolean isSql) {
    return isSql
        ? "stages = [{ type: SQLTransform, name: a, environments: [test], outputView: a, inputURI: \""
            + file
            + "\" }]"
        : "stages = [{ type: SQLTransform, name: v, environments: [test], outputView: v, sql: \"SELECT 1\""
            + " }, { type: TypingTransform, name: a, environments: [test], outputView: a, inputView: v,"
            + " schemaURI: \""
            + file
            + "\" }]";
  }

  private static void assertSound(CommandLineFixture check) throws IOException {
    assertThat(check.status()).as(check.err()).isIn(ExitStatus.DONE, ExitStatus.WRONG);
    assertThat(check.err()).doesNotContain("\tat ", "Exception in");
    for (JsonNode file : JSON.readTree(check.out()).get("files")) {
      for (JsonNode problem : file.path("problems")) {
        assertThat(problem.path("code").asText())
            .as("%s: %s", file.path("file").asText(file.path("path").asText()), problem)
            .isNotEqualTo("ENGINE");
        assertThat(problem.path("message").asText()).isNotBlank();
      }
    }
  }

  private static byte[] broken(String text, Random random) {
    String broken = text;
    int times = 1 + random.nextInt(4);
    for (int i = 0; i < times; i++) {
      broken = brokenOnce(broken, random);
    }
    byte[] bytes = broken.getBytes(StandardCharsets.UTF_8);
    if (random.nextInt(10) == 0 && bytes.length > 0) {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return bytes;
  }

  private static String brokenOnce(String text, Random random) {
    if (text.isEmpty()) {
      return "{";
    }
    int at = random.nextInt(text.length());
    int end = Math.min(text.length(), at + 1 + random.nextInt(12));
    String token = TOKENS.get(random.nextInt(TOKENS.size()));
    return switch (random.nextInt(9)) {
      case 0 -> text.substring(0, at);
      case 1 -> text.substring(0, at) + text.substring(end);
      case 2, 3 -> text.substring(0, at) + token + text.substring(at);
      case 4 -> text.substring(0, at) + token.repeat(1 + random.nextInt(200)) + text.substring(end);
      case 5 -> text.substring(0, at) + text.substring(at / 2, end) + text.substring(at);
      default -> otherValue(text, at, VALUES.get(random.nextInt(VALUES.size())));
    };
  }

  /** Another value in the place of one, as the text of a cell has it or a file. */
  private static String otherValue(String text, int from, String value) {
    int colon = text.indexOf(": ", from);
    int end = colon < 0 ? -1 : text.indexOf('\n', colon);
    if (end < 0) {
      return text + value;
    }
    boolean inCell = text.substring(colon, end).contains("\\");
    String line = text.substring(colon, end);
    String tail = line.endsWith(",") ? "," : line.endsWith("\\n\",") ? "\\n\"," : "";
    return text.substring(0, colon + 2)
        + (inCell ? value.replace("\\", "\\\\").replace("\"", "\\\"") : value)
        + tail
        + text.substring(end);
  }

  private static List<Path> seeds() throws IOException {
    List<Path> found = new ArrayList<>();
    for (String place :
        List.of("example", "deployment/app_code", "src/engine/src/test/resources")) {
      try (Stream<Path> files = Files.walk(HOME.resolve(place))) {
        files
            .filter(file -> file.toString().matches(".+\\.(ipynb|conf|json|sql)"))
            .filter(file -> !file.toString().contains("/target/"))
            .filter(file -> file.toFile().length() < 60_000)
            .sorted()
            .forEach(found::add);
      }
    }
    return found;
  }
}
