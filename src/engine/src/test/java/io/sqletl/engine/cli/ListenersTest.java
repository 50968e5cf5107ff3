package io.sqletl.engine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sqletl.engine.stage.LocalServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a run listens on, in a process of its own: looked at while its job waits for an answer of a
 * server here.
 */
@EnabledOnOs(OS.LINUX)
class ListenersTest {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TempDir private static Path folder;

  /** Written otherwise in HTML and in JSON. */
  private static final String SECRET = "hunter2<&\"tr0ub4dor";

  private static final CompletableFuture<Void> ASKED = new CompletableFuture<>();
  private static final CompletableFuture<Void> LOOKED_AT = new CompletableFuture<>();
  private static final CompletableFuture<String> PAGE = new CompletableFuture<>();
  private static final StringBuilder OUTPUT = new StringBuilder();

  private static Path temporary;
  private static LocalServer server;
  private static Process process;

  @BeforeAll
  static void start() throws Exception {
    server =
        new LocalServer()
            .on(
                "/wait",
                (exchange, body) -> {
                  ASKED.complete(null);
                  LOOKED_AT.join();
                  LocalServer.answer(exchange, 200, "answer");
                });
    Files.createDirectories(folder.resolve("lake/bucket"));
    Files.writeString(folder.resolve("lake/bucket/in.csv"), "id\n1\n");
    Path job = folder.resolve("job.conf");
    Files.writeString(
        job,
        """
        stages = [
          {type: DelimitedExtract, name: lake, environments: [test], header: true,
            inputURI: "s3a://bucket/in.csv", outputView: ids, persist: true}
          {type: SQLTransform, name: secret, environments: [test], outputView: secret, persist: true,
            sqlParams: {api_token: ${API_TOKEN}},
            sql: "SELECT id, '${api_token}' AS token FROM ids WHERE id <> '${api_token}'"}
          {type: HTTPExtract, name: wait, environments: [test],
            inputURI: "%s", outputView: answer, persist: true}
        ]
        """
            .formatted(server.url("/wait")));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> !option.startsWith("-javaagent"))
        .forEach(command::add);
    temporary = Files.createDirectories(folder.resolve("tmp"));
    command.addAll(
        List.of(
            "-Djava.io.tmpdir=" + temporary,
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "run",
            "--ui",
            "--log",
            "text",
            "--lake",
            folder.resolve("lake").toString(),
            "--API_TOKEN=" + SECRET,
            job.toString()));
    process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    Thread reader = new Thread(ListenersTest::read, "output");
    reader.setDaemon(true);
    reader.start();
    CompletableFuture.anyOf(ASKED, process.onExit()).get(3, TimeUnit.MINUTES);
    assertThat(process.isAlive()).as(OUTPUT.toString()).isTrue();
  }

  @AfterAll
  static void stop() throws Exception {
    LOOKED_AT.complete(null);
    boolean ended = process.waitFor(1, TimeUnit.MINUTES);
    process.destroyForcibly();
    server.close();
    assertThat(ended).isTrue();
    assertThat(process.exitValue()).as(OUTPUT.toString()).isZero();
    try (Stream<Path> left = Files.list(temporary)) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .noneMatch(name -> name.startsWith("sqletl-"));
    }
  }

  private static void read() {
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        OUTPUT.append(line).append('\n');
        if (line.contains("http://127.0.0.1:") && line.contains("token=")) {
          PAGE.complete(line.substring(line.indexOf("http://")).strip());
        }
      }
    } catch (IOException e) {
      OUTPUT.append(e);
    }
  }

  @Test
  void everyListenerIsOnTheLoopbackAddress() throws IOException {
    List<String> listeners = new ArrayList<>();
    for (String table : List.of("tcp", "tcp6")) {
      Path file = Path.of("/proc", String.valueOf(process.pid()), "net", table);
      for (String line : Files.readAllLines(file)) {
        String[] fields = line.strip().split("\\s+");
        // State 0A is LISTEN; field 9 is the socket's inode
        if (fields.length > 9 && fields[3].equals("0A") && sockets().contains(fields[9])) {
          listeners.add(fields[1].substring(0, fields[1].indexOf(':')));
        }
      }
    }
    // Spark's driver, its blocks, its page, and the lake
    assertThat(listeners).hasSizeGreaterThanOrEqualTo(4);
    assertThat(listeners)
        .allMatch(
            address ->
                address.equals("0100007F")
                    || address.equals("0000000000000000FFFF00000100007F")
                    || address.equals("00000000000000000000000001000000"));
  }

  /** Blocks, shuffles and spills hold the rows. */
  @Test
  void temporaryFilesAreTheUsersAlone() throws IOException {
    try (Stream<Path> found = Files.list(temporary)) {
      List<Path> folders = found.filter(Files::isDirectory).toList();
      assertThat(folders).isNotEmpty();
      for (Path each : folders) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
            .as(each.toString())
            .isEqualTo("rwx------");
      }
    }
    try (Stream<Path> below = Files.walk(temporary)) {
      assertThat(below.map(path -> path.getFileName().toString()))
          .anyMatch(name -> name.startsWith("blockmgr-"));
    }
  }

  private static TreeSet<String> sockets() throws IOException {
    TreeSet<String> inodes = new TreeSet<>();
    try (Stream<Path> open = Files.list(Path.of("/proc", String.valueOf(process.pid()), "fd"))) {
      for (Path file : open.toList()) {
        if (Files.isSymbolicLink(file)) {
          String target = Files.readSymbolicLink(file).toString();
          if (target.startsWith("socket:[")) {
            inodes.add(target.substring(8, target.length() - 1));
          }
        }
      }
    }
    return inodes;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/jobs/",
        "/stages/",
        "/SQL/",
        "/environment/",
        "/executors/threadDump/?executorId=driver",
        "/jobs/job/kill/?id=0",
        "/stages/stage/kill/?id=0",
        "/static/webui.css",
        "/api/v1/applications",
        "/metrics/json/",
        "/jobs/?token=wrong",
        "/jobs/?token="
      })
  void sparksPageIsForWhoeverHasTheToken(String path) throws Exception {
    URI page = URI.create(page());
    assertThat(get(page.resolve(path), "").statusCode()).isEqualTo(403);
    assertThat(get(page.resolve(path), "sql-etl-" + page.getPort() + "=wrong").statusCode())
        .isEqualTo(403);
  }

  @Test
  void theAddressThatIsPrintedOpensThePage() throws Exception {
    URI page = URI.create(page());
    HttpResponse<String> first = get(page, "");
    assertThat(first.statusCode()).isEqualTo(302);
    assertThat(first.headers().firstValue("Location").orElseThrow()).doesNotContain("token");
    String cookie = first.headers().firstValue("Set-Cookie").orElseThrow();
    assertThat(cookie).contains("HttpOnly", "SameSite=Strict");
    String known = cookie.substring(0, cookie.indexOf(';'));
    assertThat(get(page.resolve("/jobs/"), known).statusCode()).isEqualTo(200);
    String environment = get(page.resolve("/environment/"), known).body();
    String token = page.getQuery().substring("token=".length());
    assertThat(environment).contains("spark.ui.killEnabled").doesNotContain(token);
    assertThat(get(page.resolve("/api/v1/applications"), known).body()).contains("\"attempts\"");
  }

  /** Plans hold what variables stood for. */
  @Test
  void sparksPageHasNoSecrets() throws Exception {
    URI page = URI.create(page());
    String cookie = get(page, "").headers().firstValue("Set-Cookie").orElseThrow();
    String known = cookie.substring(0, cookie.indexOf(';'));
    String applications = get(page.resolve("/api/v1/applications"), known).body();
    Matcher id = Pattern.compile("\"id\" : \"([^\"]+)").matcher(applications);
    assertThat(id.find()).isTrue();
    String api = "/api/v1/applications/" + id.group(1);
    StringBuilder all = new StringBuilder();
    List<String> paths = new ArrayList<>();
    paths.addAll(
        List.of("/jobs/", "/stages/", "/storage/", "/environment/", "/executors/", "/SQL/"));
    paths.addAll(List.of(api + "/sql?details=true", api + "/jobs", api + "/stages"));
    paths.addAll(List.of(api + "/storage/rdd", api + "/environment"));
    for (int i = 0; i < 8; i++) {
      paths.add("/SQL/execution/?id=" + i);
    }
    for (String path : paths) {
      HttpResponse<String> answer = get(page.resolve(path), known);
      assertThat(answer.statusCode()).as(path).isEqualTo(200);
      assertThat(answer.body()).as(path).doesNotContain("hunter2").doesNotContain("tr0ub4dor");
      all.append(answer.body());
    }
    assertThat(all).contains("*****", "secret");
  }

  private static String page() throws Exception {
    return PAGE.get(10, TimeUnit.SECONDS);
  }

  private static HttpResponse<String> get(URI uri, String cookie) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri);
    if (!cookie.isEmpty()) {
      request.header("Cookie", cookie);
    }
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
