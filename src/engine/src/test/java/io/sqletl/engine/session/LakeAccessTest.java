package io.sqletl.engine.session;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Who may use the S3 server of a lake: whoever knows the credentials of the run, whatever the modes
 * of files and folders say, and nobody what lies outside the lake.
 */
class LakeAccessTest {

  private static final String BUCKET = "datalake";

  @TempDir private static Path folder;

  private static Lake lake;
  private static URI endpoint;
  private static FileSystem files;

  @BeforeAll
  static void open() throws IOException {
    lake = Lake.at(folder.resolve("lake"));
    Path bucket = lake.createBucket(BUCKET);
    Files.createDirectories(bucket.resolve("open"));
    Files.writeString(bucket.resolve("open/file.csv"), "id\n1\n");
    Files.writeString(bucket.resolve("file.csv"), "id\n1\n");
    for (String all : List.of("", "open", "open/file.csv", "file.csv")) {
      Files.setPosixFilePermissions(
          bucket.resolve(all), PosixFilePermissions.fromString("rwxrwxrwx"));
    }
    endpoint = URI.create(lake.hadoopConfiguration().get("fs.s3a.endpoint"));
    Configuration configuration = new Configuration();
    lake.hadoopConfiguration().forEach(configuration::set);
    files = FileSystem.newInstance(URI.create("s3a://" + BUCKET + "/"), configuration);
  }

  @AfterAll
  static void close() throws IOException {
    files.close();
    lake.close();
  }

  static Stream<String> requests() {
    List<String> paths =
        List.of(
            "/",
            "/datalake",
            "/datalake/",
            "/datalake?list-type=2",
            "/datalake?acl",
            "/datalake?location",
            "/datalake?uploads",
            "/datalake?versions",
            "/datalake/file.csv",
            "/datalake/file.csv?acl",
            "/datalake/file.csv?tagging",
            "/datalake/file.csv?uploads",
            "/datalake/file.csv?partNumber=1&uploadId=1",
            "/datalake/open/",
            "/datalake/open/file.csv",
            "/datalake/%6Fpen/file.csv",
            "/datalake/not-there.csv",
            "/not-there/file.csv",
            "/not-there");
    return Stream.of("GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS", "PATCH")
        .flatMap(method -> paths.stream().map(path -> method + " " + path));
  }

  @ParameterizedTest
  @MethodSource("requests")
  void aRequestThatIsNotSignedIsRefused(String request) throws IOException {
    List<Path> before = tree();
    for (String headers :
        List.of(
            "",
            "Origin: http://127.0.0.1\r\nAccess-Control-Request-Method: GET\r\n",
            "x-amz-copy-source: /datalake/file.csv\r\n",
            "Authorization: Bearer x\r\n",
            "Authorization: AWS x:y\r\nDate: Mon, 30 Nov 2026 00:00:00 GMT\r\n")) {
      String answer = send(request, endpoint.getAuthority(), headers, "1,2\n");
      assertThat(answer).matches("(?s)HTTP/1\\.1 (400|403|404|405|411|501).*");
      assertThat(answer).doesNotContain("file.csv</Key>", "\r\n\r\nid\n");
    }
    assertThat(tree()).isEqualTo(before);
    assertThat(Files.readString(lake.folder().resolve("datalake/file.csv"))).isEqualTo("id\n1\n");
  }

  @Test
  void aFormOfABrowserIsRefused() throws IOException {
    String form =
        "--x\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nnew.csv\r\n"
            + "--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n1\r\n--x--\r\n";
    String answer =
        send(
            "POST /datalake",
            endpoint.getAuthority(),
            "Content-Type: multipart/form-data; boundary=x\r\n",
            form);
    assertThat(answer).startsWith("HTTP/1.1 403");
    assertThat(lake.folder().resolve("datalake/new.csv")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"example.org", "localhost", "datalake.example.org", "127.0.0.1.nip.io"})
  void anotherNameInHostIsNotOurs(String host) throws IOException {
    assertThat(send("GET /datalake/file.csv", host + ":" + endpoint.getPort(), "", ""))
        .matches("(?s)HTTP/1\\.1 (403|404).*");
    assertThat(lake.folder().resolve(host)).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"link/secret.csv", "link/new.csv", "link", "file-link.csv"})
  void aLinkThatLeavesTheLakeIsRefused(String key) throws IOException {
    Path outside = Files.createDirectories(folder.resolve("outside"));
    Path secret = Files.writeString(outside.resolve("secret.csv"), "outside\n");
    Path links = Files.createDirectories(lake.folder().resolve("links"));
    link(links.resolve("link"), outside);
    link(links.resolve("file-link.csv"), secret);
    FileSystem bucket = bucket("links");
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path("/" + key);
    assertThatThrownBy(() -> bucket.open(path).read()).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> write(bucket, path)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> bucket.delete(path, true)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> bucket.listFiles(new org.apache.hadoop.fs.Path("/"), true).hasNext())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("a link that leaves the lake");
    assertThat(secret).hasContent("outside\n");
    assertThat(outside.toFile().list()).containsExactly("secret.csv");
  }

  @Test
  void aLinkThatStaysInTheLakeIsFollowed() throws IOException {
    Path bucket = lake.createBucket("inside");
    Files.createDirectories(bucket.resolve("2026"));
    Files.writeString(bucket.resolve("2026/a.csv"), "a");
    link(bucket.resolve("latest"), Path.of("2026"));
    try (var in = bucket("inside").open(new org.apache.hadoop.fs.Path("/latest/a.csv"))) {
      assertThat(in.readAllBytes()).isEqualTo("a".getBytes(UTF_8));
    }
  }

  @Test
  void whoKnowsTheCredentialsReadsWhatNobodyElseMay() throws IOException {
    Path closed = lake.folder().resolve("datalake/closed.csv");
    Files.writeString(closed, "x");
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rw-------"));
    try (var in = files.open(new org.apache.hadoop.fs.Path("/closed.csv"))) {
      assertThat(in.readAllBytes()).hasSize(1);
    }
  }

  private static FileSystem bucket(String name) throws IOException {
    Configuration configuration = new Configuration();
    lake.hadoopConfiguration().forEach(configuration::set);
    return FileSystem.newInstance(URI.create("s3a://" + name + "/"), configuration);
  }

  private static void link(Path link, Path target) throws IOException {
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, target);
  }

  private static void write(FileSystem to, org.apache.hadoop.fs.Path path) throws IOException {
    try (FSDataOutputStream out = to.create(path, true)) {
      out.write(1);
    }
  }

  private static List<Path> tree() throws IOException {
    try (Stream<Path> found = Files.walk(lake.folder())) {
      return found.filter(path -> !path.toString().contains(".staging-")).sorted().toList();
    }
  }

  /** Over a socket: clients of HTTP do not let their user say "Host". */
  private static String send(String request, String host, String headers, String body)
      throws IOException {
    try (Socket socket = new Socket(endpoint.getHost(), endpoint.getPort())) {
      socket.setSoTimeout(20_000);
      String text =
          request
              + " HTTP/1.1\r\nHost: "
              + host
              + "\r\nConnection: close\r\n"
              + headers
              + "Content-Length: "
              + body.length()
              + "\r\n\r\n"
              + body;
      socket.getOutputStream().write(text.getBytes(ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }
}
