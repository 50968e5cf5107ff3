package io.sqletl.engine.cli;

import static io.sqletl.engine.cli.CommandLineFixture.etl;
import static org.assertj.core.api.Assertions.assertThat;

import io.sqletl.engine.stage.LocalServer;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every way in of a secret against every way out of a run: a value of its own is planted under each
 * way in, all at once, and none may be in any way out. A file that a run makes and that no row of
 * {@link #FILES} is about, or an option with which a command writes something, is a new way out,
 * and fails here until it is listed. Of notebooks it is KernelTest that asks.
 */
@EnabledOnOs(OS.LINUX)
class SecretsTest {

  /** How a secret comes into a run. */
  private enum WayIn {
    COMMAND_LINE,
    ENVIRONMENT,
    SECRET_FILE,
    CELL_OF_VARIABLES,
    PARAMETER,
    KEY_IN_A_LIST,
    SETTING_OF_SPARK,
    USER_OF_A_URI,
    PARAMETER_OF_A_URI,
    HEADER,
    JDBC_ADDRESS,
    JDBC_KEY,
    AUTHENTICATION;

    String secret() {
      return "pl4nt" + ordinal() + "x" + (ordinal() * 7919 + 104729) + "q";
    }
  }

  /** What the last stage of the job fails with, since each kind of error quotes other things. */
  private enum Ending {
    SQL,
    SYNTAX,
    DATABASE,
    HTTP,
    FILE
  }

  /** Files that a run makes, by their path below the folder that is all of its world. */
  private static final Map<String, String> FILES =
      Map.of(
          "results", "results\\.json",
          "event log", "events/.*",
          "output", "lake/bucket/out/.*",
          "lake's own files", "lake/\\..*",
          "temporary files", "tmp/.*",
          "files of a JVM", "(tmp/)?hsperfdata_.*",
          "state of the engine", "(home|work)/\\.(etl|cache|sql-etl)/.*");

  /** Options with which a command writes or shows something, besides what it prints. */
  private static final Set<String> WRITING = Set.of("--event-log", "--results", "--ui", "--show");

  /** Whoever writes a value on a command line has shown it to all lists of processes. */
  private static final Set<WayIn> ON_THE_COMMAND_LINE =
      EnumSet.of(WayIn.COMMAND_LINE, WayIn.SETTING_OF_SPARK);

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TempDir private Path folder;

  private final CompletableFuture<Void> asked = new CompletableFuture<>();
  private final CompletableFuture<Void> lookedAt = new CompletableFuture<>();
  private LocalServer server;

  @BeforeEach
  void prepare() throws IOException {
    server =
        new LocalServer()
            .answering("/wrong", 500, "no")
            .answering("/right", 200, "answer")
            .on(
                "/wait",
                (exchange, body) -> {
                  asked.complete(null);
                  lookedAt.join();
                  LocalServer.answer(exchange, 200, "answer");
                });
    for (String name : List.of("tmp", "home", "work", "events", "lake/bucket")) {
      Files.createDirectories(folder.resolve(name));
    }
    Files.writeString(folder.resolve("lake/bucket/in.csv"), "id\n1\n");
    Files.writeString(folder.resolve("work/create.sql"), "CREATE TABLE IF NOT EXISTS t (id INT)");
  }

  @AfterEach
  void close() {
    lookedAt.complete(null);
    server.close();
  }

  @ParameterizedTest
  @CsvSource({"text, SQL, true", "json, DATABASE, false"})
  void aRunInAProcessOfItsOwn(String log, Ending ending, boolean page) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> !option.startsWith("-javaagent"))
        .forEach(command::add);
    command.addAll(
        List.of(
            "-Djava.io.tmpdir=" + folder.resolve("tmp"), "-Duser.home=" + folder.resolve("home")));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(arguments(log, job(ending, "${ENV_PASSWORD}", "/wait")));
    command.addAll(List.of("--ui", "--verbose"));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.resolve("work").toFile());
    builder.environment().put("ENV_PASSWORD", WayIn.ENVIRONMENT.secret());
    builder.environment().put("HOME", folder.resolve("home").toString());
    Process process = builder.redirectErrorStream(true).start();
    StringBuffer output = new StringBuffer();
    CompletableFuture<String> address = new CompletableFuture<>();
    Thread reader = new Thread(() -> read(process, output, address), "output");
    reader.setDaemon(true);
    reader.start();
    Map<String, String> out = new LinkedHashMap<>();
    try {
      CompletableFuture.anyOf(asked, process.onExit()).get(3, TimeUnit.MINUTES);
      assertThat(process.isAlive()).as(output.toString()).isTrue();
      out.put("list of processes", commandLines(process));
      if (page) {
        out.put("Spark's page", pages(URI.create(address.get(10, TimeUnit.SECONDS))));
      }
      out.putAll(files("while it runs: "));
      lookedAt.complete(null);
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
      reader.join(10_000);
    } finally {
      process.destroyForcibly();
    }
    out.put("what is printed, " + log, output.toString());
    out.putAll(files(""));
    assertThat(process.exitValue()).as(output.toString()).isEqualTo(ExitStatus.FAILED);
    assertThat(out)
        .containsKeys("results", "event log", "output", "while it runs: temporary files");
    assertThat(out.get("what is printed, " + log)).contains("*****", "\tat ");
    assertThat(out.get("event log")).contains("*****", "SparkListenerApplicationEnd");
    assertNoneIn(out);
  }

  @ParameterizedTest
  @EnumSource(Ending.class)
  void everyKindOfError(Ending ending) throws IOException {
    Map<String, String> out = new LinkedHashMap<>();
    for (String log : List.of("text", "json")) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      PrintStream own = System.out;
      System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
      try {
        CommandLineFixture run = etl(arguments(log, job(ending, "none", "/right")));
        assertThat(run.status())
            .as(run.out() + run.err())
            .isEqualTo(ending == Ending.SYNTAX ? ExitStatus.WRONG : ExitStatus.FAILED);
        out.put("what is printed, " + log, run.out() + run.err() + bytes);
      } finally {
        System.setOut(own);
      }
      out.putAll(files(log + ": "));
    }
    assertThat(out.get("what is printed, text")).contains("*****");
    assertNoneIn(out);
  }

  @ParameterizedTest
  @CsvSource({"text", "json"})
  void aCheck(String format) throws IOException {
    Path job = job(Ending.SYNTAX, "none", "/right");
    List<String> arguments = new ArrayList<>(arguments("text", job));
    arguments.set(0, "check");
    for (String option : List.of("--log", "--results", "--show")) {
      int at = arguments.indexOf(option);
      arguments.subList(at, at + 2).clear();
    }
    arguments.addAll(List.of("--format", format));
    CommandLineFixture check = etl(arguments);
    assertThat(check.status()).as(check.out() + check.err()).isEqualTo(ExitStatus.WRONG);
    assertThat(check.out() + check.err()).contains("SQL_SYNTAX");
    assertNoneIn(Map.of("check, " + format, check.out() + check.err()));
  }

  /** A plain secret is refused there; what a job file says is not read for a workflow. */
  @Test
  void aWorkflow() {
    CommandLineFixture refused =
        etl(
            "workflow",
            "s3a://bucket/job.ipynb",
            "--API_TOKEN=" + WayIn.COMMAND_LINE.secret(),
            "--conf",
            "spark.hadoop.fs.s3a.secret.key=" + WayIn.SETTING_OF_SPARK.secret());
    assertThat(refused.status()).isEqualTo(ExitStatus.WRONG);
    assertThat(refused.err()).contains("API_TOKEN with --secret NAME=SECRET/KEY");
    assertNoneIn(Map.of("workflow", refused.out() + refused.err()));
  }

  /** Each option whose text says that it writes or shows something is one of those asked here. */
  @Test
  void noOptionIsANewWayOut() {
    Set<String> found = new TreeSet<>();
    for (String command : List.of("run", "check", "workflow", "kernel", "stages")) {
      Matcher option =
          Pattern.compile(
                  "^ +(?:-\\w, )?(--[a-z-]+)\\S*\\s+(?:Writes|Prints|Serves|Shows|Saves|Keeps)\\b",
                  Pattern.MULTILINE)
              .matcher(etl(command, "--help").out());
      while (option.find()) {
        found.add(option.group(1));
      }
    }
    found.removeAll(Set.of("--verbose", "--markdown", "--json-schema"));
    assertThat(found).isEqualTo(WRITING);
  }

  private List<String> arguments(String log, Path job) throws IOException {
    Path secrets = folder.resolve("work/secrets.env");
    Files.writeString(secrets, "PLAIN_NAME=" + WayIn.SECRET_FILE.secret() + "\n");
    Files.setPosixFilePermissions(secrets, PosixFilePermissions.fromString("rw-------"));
    return List.of(
        "run",
        "--log",
        log,
        "--lake",
        folder.resolve("lake").toString(),
        "--results",
        folder.resolve("results.json").toString(),
        "--show",
        "variables",
        "--event-log",
        folder.resolve("events").toUri().toString(),
        "--conf",
        "spark.eventLog.compress=false",
        "--conf",
        "spark.hadoop.fs.azure.account.key.a.dfs.core.windows.net="
            + WayIn.SETTING_OF_SPARK.secret(),
        "--secret-file",
        secrets.toString(),
        "--API_TOKEN=" + WayIn.COMMAND_LINE.secret(),
        job.toString());
  }

  /** Values of variables stand in a plan of Spark's, the others in keys of stages that run. */
  private Path job(Ending ending, String ofEnvironment, String path) {
    String url = server.url(path);
    String withUser = url.replace("http://", "http://me:" + WayIn.USER_OF_A_URI.secret() + "@");
    String parameters =
        "sqlParams: {a_token: ${API_TOKEN}, b_password: %s, c: ${PLAIN_NAME}, d_secret: ${CELL_SECRET}, e_password: \"%s\"}"
            .formatted(ofEnvironment, WayIn.PARAMETER.secret());
    String values = "'${a_token}', '${b_password}', '${c}', '${d_secret}', '${e_password}'";
    String database = "jdbc:%s?user=u&password=" + WayIn.JDBC_ADDRESS.secret();
    String last =
        switch (ending) {
          case SQL ->
              "{type: SQLTransform, name: last, environments: [test], outputView: last, persist: true, "
                  + parameters
                  + ", sql: \"SELECT id, raise_error(concat_ws(' ', 'no', "
                  + values
                  + ")) AS e FROM ids WHERE id <> '${a_token}'\"}";
          case SYNTAX ->
              "{type: SQLTransform, name: last, environments: [test], outputView: last, "
                  + parameters
                  + ", sql: \"SELECT "
                  + values
                  + " FROM ids WHERE (\"}";
          case DATABASE ->
              "{type: JDBCExtract, name: last, environments: [test], outputView: last, persist: true,"
                  + " tableName: t, jdbcURL: \""
                  + database.formatted("postgresql://127.0.0.1:1/db")
                  + "\", params: {user: u, password: \""
                  + WayIn.JDBC_KEY.secret()
                  + "\"}}";
          case HTTP ->
              "{type: HTTPExtract, name: last, environments: [test], outputView: last, persist: true,"
                  + " headers: {Authorization: \""
                  + WayIn.HEADER.secret()
                  + "\"}, inputURI: \""
                  + server
                      .url("/wrong?token=" + WayIn.PARAMETER_OF_A_URI.secret())
                      .replace("http://", "http://me:" + WayIn.USER_OF_A_URI.secret() + "@")
                  + "\"}";
          case FILE ->
              "{type: TextExtract, name: last, environments: [test], outputView: last, persist: true,"
                  + " inputURI: \"file:"
                  + folder.resolve("none.txt")
                  + "\", authentication: {method: AzureDataLakeStorageGen2AccountKey, accountName: a,"
                  + " accessKey: \""
                  + WayIn.AUTHENTICATION.secret()
                  + "\"}}";
        };
    return NotebookFile.write(
        folder.resolve("work/job.ipynb"),
        "%env\nCELL_SECRET=" + WayIn.CELL_OF_VARIABLES.secret(),
        """
        {type: DelimitedExtract, name: ids, environments: [test], header: true,
          inputURI: "s3a://bucket/in.csv", outputView: ids, persist: true,
          authentication: {method: AzureDataLakeStorageGen2AccountKey, accountName: a, accessKey: "%s"}}
        """
            .formatted(WayIn.AUTHENTICATION.secret()),
        "{type: SQLTransform, name: variables, environments: [test], outputView: variables, persist: true, "
            + parameters
            + ", sql: \"SELECT id FROM ids WHERE id NOT IN ("
            + values
            + ")\"}",
        """
        {type: JDBCExecute, name: database, environments: [test],
          jdbcURL: "jdbc:h2:mem:secrets;USER=u;PASSWORD=%s", params: {batch_password: "%s"},
          inputURI: "%s"}
        """
            .formatted(
                WayIn.JDBC_ADDRESS.secret(),
                WayIn.JDBC_KEY.secret(),
                folder.resolve("work/create.sql").toUri()),
        """
        {type: ParquetLoad, name: out, environments: [test], inputView: variables,
          outputURI: "s3a://bucket/out", saveMode: Overwrite}
        """,
        """
        {type: HTTPExtract, name: ask, environments: [test], outputView: answer, persist: true,
          headers: {Authorization: "%s", X-Keys: "%s"}, inputURI: "%s?page=2&api_key=%s"}
        """
            .formatted(
                WayIn.HEADER.secret(),
                WayIn.HEADER.secret(),
                withUser,
                WayIn.PARAMETER_OF_A_URI.secret()),
        last);
  }

  private static void read(
      Process process, StringBuffer output, CompletableFuture<String> address) {
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        output.append(line).append('\n');
        Matcher url = Pattern.compile("http://127[^ \"]*token=[^ \"\\\\]+").matcher(line);
        if (url.find() && !line.contains("/wait")) {
          address.complete(url.group());
        }
      }
    } catch (IOException e) {
      output.append(e);
    }
  }

  private static String commandLines(Process process) {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants())
        .map(each -> Path.of("/proc", String.valueOf(each.pid()), "cmdline"))
        .map(SecretsTest::text)
        .reduce("", String::concat);
  }

  private static String pages(URI page) throws Exception {
    String cookie = get(page, "").headers().firstValue("Set-Cookie").orElseThrow();
    String known = cookie.substring(0, cookie.indexOf(';'));
    Matcher id =
        Pattern.compile("\"id\" : \"([^\"]+)")
            .matcher(get(page.resolve("/api/v1/applications"), known).body());
    assertThat(id.find()).isTrue();
    String api = "/api/v1/applications/" + id.group(1);
    List<String> paths =
        new ArrayList<>(List.of("/jobs/", "/stages/", "/storage/", "/environment/", "/SQL/"));
    for (String one : List.of("sql?details=true", "jobs", "stages", "environment", "storage/rdd")) {
      paths.add(api + "/" + one);
    }
    for (int i = 0; i < 6; i++) {
      paths.add("/SQL/execution/?id=" + i);
    }
    StringBuilder all = new StringBuilder();
    for (String path : paths) {
      HttpResponse<String> answer = get(page.resolve(path), known);
      assertThat(answer.statusCode()).as(path).isEqualTo(200);
      all.append(answer.body());
    }
    assertThat(all).contains("*****");
    return all.toString();
  }

  private static HttpResponse<String> get(URI uri, String cookie) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri);
    if (!cookie.isEmpty()) {
      request.header("Cookie", cookie);
    }
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /**
   * The texts of all files that the run has made, under the name of the row that each belongs to.
   */
  private Map<String, String> files(String moment) throws IOException {
    Set<String> given =
        Set.of("work/secrets.env", "work/job.ipynb", "work/create.sql", "lake/bucket/in.csv");
    Map<String, String> found = new LinkedHashMap<>();
    List<Path> all;
    try (Stream<Path> walked = Files.walk(folder)) {
      all = walked.filter(Files::isRegularFile).toList();
    } catch (UncheckedIOException e) {
      return files(moment); // a temporary file went while it was looked at
    }
    for (Path file : all) {
      String name = folder.relativize(file).toString();
      if (given.contains(name)) {
        continue;
      }
      List<String> rows =
          FILES.entrySet().stream()
              .filter(row -> name.matches(row.getValue()))
              .map(Map.Entry::getKey)
              .sorted()
              .toList();
      assertThat(rows).as("a new way out: " + name).isNotEmpty();
      found.merge(moment + rows.get(0), text(file), String::concat);
    }
    return found;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return ""; // it went in the meantime
    }
  }

  private static void assertNoneIn(Map<String, String> out) {
    List<String> leaks = new ArrayList<>();
    out.forEach(
        (name, text) ->
            Arrays.stream(WayIn.values())
                .filter(way -> text.contains(way.secret()))
                .filter(
                    way -> !name.equals("list of processes") || !ON_THE_COMMAND_LINE.contains(way))
                .forEach(
                    way -> {
                      int at = text.indexOf(way.secret());
                      leaks.add(
                          way
                              + " in "
                              + name
                              + ": "
                              + text.substring(
                                  Math.max(0, at - 120), Math.min(text.length(), at + 60)));
                    }));
    assertThat(leaks).isEmpty();
  }
}
