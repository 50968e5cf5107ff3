package io.sqletl.engine.cli;

import static io.sqletl.engine.cli.CommandLineFixture.etl;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.sqletl.engine.run.Redaction;
import io.sqletl.engine.stage.SecretNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Secrets are masked on every way out, and nothing else is. */
class MaskingTest {

  private static final String SECRET = "hunter2-tr0ub4dor";

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PASSWORD",
        "DB_PASSWORD",
        "PGPASSWORD",
        "MYSQL_PWD",
        "pwd",
        "dbPassword",
        "passwd",
        "KEY_PASSPHRASE",
        "DB_PASS",
        "CLIENT_SECRET",
        "clientSecret",
        "API_TOKEN",
        "authtoken",
        "GITHUB_TOKEN",
        "API_KEY",
        "apiKey",
        "apikey",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "fs.s3a.secret.key",
        "fs.azure.account.key.x.net",
        "GOOGLE_CREDENTIALS",
        "Authorization",
        "BASIC_AUTH",
        "SESSION_COOKIE",
        "BLOB_SAS",
        "URL_SIGNATURE",
        "SENTRY_DSN",
        "PRIVATE_KEY_PEM"
      })
  void namesOfSecrets(String name) {
    assertThat(SecretNames.isSecret(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PWD",
        "OLDPWD",
        "TOKENIZERS_PARALLELISM",
        "KEYBOARD",
        "KEYS",
        "merge_keys",
        "PARTITION_KEY",
        "PRIMARY_KEY",
        "KEY_COLUMNS",
        "key.deserializer",
        "input_view",
        "author",
        "passenger_count",
        "BYPASS",
        "SECRETARY",
        "COMPASS",
        "monkey",
        "TOKEN_URL",
        "MAX_TOKEN_COUNT",
        "HOME",
        "CASSANDRA"
      })
  void namesOfNone(String name) {
    assertThat(SecretNames.isSecret(name)).isFalse();
  }

  static Stream<Arguments> values() {
    return Stream.of(
        arguments("API_KEY", "false", "\"persist\" cannot be \"falsee\""),
        arguments("API_KEY", "12345", "12345 rows"),
        arguments("API_KEY", "data", "data/p.csv"),
        arguments("SOME_KEY", "/tmp", "/tmp/x/y"));
  }

  @ParameterizedTest
  @MethodSource("values")
  void aValueThatStandsInOthersByChance(String name, String value, String text) {
    Redaction redaction = Redaction.of(List.of(Map.of(name, value)));

    assertThat(redaction.apply(text)).isEqualTo(text);
    assertThat(redaction.apply(name + "=" + value)).isEqualTo(name + "=*****");
    assertThat(redaction.applyTo(Map.of(name, value))).isEqualTo(Map.of(name, "*****"));
  }

  static Stream<Arguments> written() {
    return Stream.of(
        arguments("\"password\": \"abc\"", "\"password\": \"*****\""),
        arguments("password = 'abc'", "password = '*****'"),
        arguments("--DB_PASSWORD=abc", "--DB_PASSWORD=*****"),
        arguments("jdbc:x://h/db?user=u&password=abc", "jdbc:x://h/db?user=u&password=*****"),
        arguments("https://me:abc@host/x", "https://me:*****@host/x"),
        arguments("https://h/x?api_key=abc&n=1", "https://h/x?api_key=*****&n=1"),
        arguments("https://h/x?X-Amz-Security-Token=abc", "https://h/x?X-Amz-Security-Token=*****"),
        arguments(
            "jdbc:x://h;user=u;sslKeyPassphrase=abc", "jdbc:x://h;user=u;sslKeyPassphrase=*****"),
        arguments("https://ghp_abc@host/x", "https://*****@host/x"),
        arguments(
            "abfss://box@name.dfs.core.windows.net/x", "abfss://box@name.dfs.core.windows.net/x"),
        arguments("https://h/x?page=2&keys=id", "https://h/x?page=2&keys=id"),
        arguments("ON a.key = b.key AND token = 'x'", "ON a.key = b.key AND token = 'x'"),
        arguments("\"password\": \"${DB_PASSWORD}\"", "\"password\": \"${DB_PASSWORD}\""),
        arguments("There is no key: x", "There is no key: x"));
  }

  @ParameterizedTest
  @MethodSource("written")
  void whatStandsBehindASecretName(String text, String shown) {
    assertThat(Redaction.of(List.of()).apply(text)).isEqualTo(shown);
  }

  static Stream<Arguments> waysIn() {
    return Stream.of(
        arguments("command line", "${API_TOKEN}", true, ""),
        arguments("secret file", "${PLAIN_NAME}", false, ""),
        arguments("cell of variables", "${API_TOKEN}", false, "%env\nAPI_TOKEN=" + SECRET),
        arguments("parameter", "\"" + SECRET + "\"", false, ""));
  }

  /**
   * Out through the text, the JSON log, the results, the line that an error quotes, and Spark's
   * event log. Its page has a test of its own, {@link ListenersTest}.
   */
  @ParameterizedTest
  @MethodSource("waysIn")
  void everyWayInAndOut(String way, String value, boolean onCommandLine, String cell)
      throws IOException {
    String stage =
        "{type: SQLTransform, name: s, environments: [test], outputView: v, persist: true,"
            + " sqlParams: {api_token: "
            + value
            + ", input_view: base}, sql: \"SELECT '${api_token}' AS a, raise_error('no"
            + " ${api_token}') AS b FROM ${input_view}\"}";
    String base = "%sql name=base outputView=base environments=test\nSELECT 1 AS id";
    Path job =
        cell.isEmpty()
            ? NotebookFile.write(folder.resolve("job.ipynb"), base, stage)
            : NotebookFile.write(folder.resolve("job.ipynb"), cell, base, stage);
    Path results = folder.resolve("results.json");
    Path events = folder.resolve("events");
    List<String> arguments = onCommandLine ? List.of("--API_TOKEN=" + SECRET) : List.<String>of();
    for (String log : List.of("text", "json")) {
      List<String> first =
          new java.util.ArrayList<>(
              List.of("run", "--log", log, "--results", results.toString(), job.toString()));
      first.addAll(List.of("--event-log", events.toUri().toString()));
      first.addAll(List.of("--conf", "spark.eventLog.compress=false"));
      first.addAll(arguments);
      if (way.equals("secret file")) {
        first.addAll(List.of("--secret-file", secretFile("PLAIN_NAME=" + SECRET).toString()));
      }
      java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
      java.io.PrintStream own = System.out;
      System.setOut(new java.io.PrintStream(bytes, true, java.nio.charset.StandardCharsets.UTF_8));
      CommandLineFixture etl;
      try {
        etl = etl(first);
      } finally {
        System.setOut(own);
      }
      String all = etl.out() + etl.err() + bytes + Files.readString(results);
      String logged = texts(events);
      assertThat(logged)
          .as(way)
          .contains("SparkListenerSQLExecutionStart", "SparkListenerApplicationEnd", "*****")
          .doesNotContain(SECRET);
      assertThat(etl.status()).as(way + all).isEqualTo(ExitStatus.FAILED);
      assertThat(all).as(way).doesNotContain(SECRET).contains("*****");
      if (log.equals("json")) {
        assertThat(bytes.toString()).contains("\"input_view\":\"base\"");
      }
    }
  }

  private Path secretFile(String text) throws IOException {
    Path file = folder.resolve("secrets.env");
    Files.writeString(file, "# of the warehouse\n\n" + text + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }

  @Test
  void aSecretFileThatIsWrong() throws IOException {
    Path job =
        NotebookFile.write(
            folder.resolve("job.ipynb"), "%sql name=s outputView=v environments=test\nSELECT 1");
    Path none = folder.resolve("none");
    assertThat(etl("run", job.toString(), "--secret-file", none.toString()).err())
        .contains("There is no secret file");
    Path file = secretFile(SECRET + "\nA=1\nA=2");
    assertThat(etl("run", job.toString(), "--secret-file", file.toString()).err())
        .contains("Line 3 of the secret file", "write NAME=VALUE", "Line 5", "gives A again")
        .doesNotContain(SECRET);
    secretFile("A='" + SECRET + "'");
    assertThat(etl("run", job.toString(), "--secret-file", file.toString(), "--A=x").err())
        .contains("The variable A is given by --secret-file and by --A=")
        .doesNotContain(SECRET);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    CommandLineFixture open = etl("check", job.toString(), "--secret-file", file.toString());
    assertThat(open.status()).isEqualTo(ExitStatus.WRONG);
    assertThat(open.err()).contains("Other accounts", "chmod 600 " + file);
  }

  private static String texts(Path folder) throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        all.append(Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1));
      }
    }
    return all.toString();
  }

  @Test
  void anErrorThatQuotesALineWithASecret() {
    Path job =
        NotebookFile.write(
            folder.resolve("job.ipynb"),
            "{type: SQLTransform, name: s, environments: [test], outputView: v, sqll: x,"
                + " sqlParams: {api_token: \"abc-def\"}, sql: \"SELECT '${api_token}' AS a\"}");

    assertThat(etl("check", job.toString()).err())
        .contains("api_token: \"*****\"")
        .doesNotContain("abc-def");
  }
}
