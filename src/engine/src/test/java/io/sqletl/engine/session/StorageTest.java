package io.sqletl.engine.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StorageTest {

  @TempDir private Path folder;

  @Test
  void readsPathsAndFileUris() throws IOException {
    Path file = Files.writeString(folder.resolve("a b ü.sql"), "SELECT 'ü'");

    assertThat(lake().readText(file.toString())).isEqualTo("SELECT 'ü'");
    assertThat(lake().readText("file:" + file)).isEqualTo("SELECT 'ü'");
    assertThat(lake().readText("file://" + file)).isEqualTo("SELECT 'ü'");
  }

  @Test
  void readsFilesOfTheLakeWithoutItsServer() throws IOException {
    Files.createDirectories(folder.resolve("lake/bucket/app_code"));
    Files.writeString(folder.resolve("lake/bucket/app_code/x.sql"), "SELECT 1");

    try (Lake lake = Lake.at(folder.resolve("lake"))) {
      assertThat(Storage.onLake(lake).readText("s3a://bucket/app_code/x.sql"))
          .isEqualTo("SELECT 1");
      assertThat(lake.isServing()).isFalse();
    }
  }

  @Test
  void saysWhatIsWrongInOneLine() {
    assertThatThrownBy(() -> lake().readText("s3a://bucket/none.sql"))
        .hasMessage("There is no file s3a://bucket/none.sql");
    assertThatThrownBy(() -> lake().readText("s3://bucket/none.sql"))
        .hasMessage(
            "\"s3://bucket/none.sql\": s3:// is no longer supported, write"
                + " s3a://bucket/none.sql");
    assertThatThrownBy(() -> lake().readText(folder.toString()))
        .hasMessage(folder + " is a folder, not a file");
    assertThatThrownBy(() -> lake().readText("classpath://none.conf"))
        .hasMessage("There is no resource classpath://none.conf");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          wasb://c@a.blob.core.windows.net/j.conf  | has given up its connector for wasb:, write abfss://
          wasbs://c@a.blob.core.windows.net/j.conf | has given up its connector for wasbs:, write abfss://
          adl://a.azuredatalakestore.net/j.conf    | Azure Data Lake Storage Gen1 is closed, write abfss://
          dbfs:/jobs/j.conf                        | known inside Databricks alone
          abfss://c@a.dfs.core.windows.net/j.conf  | add the jar of org.apache.hadoop:hadoop-azure:
          gs://bucket/j.conf                       | add the jar of com.google.cloud.bigdataoss:gcs-connector:
          hdfs://127.0.0.1:1/j.conf                | cannot be read: Call From
          nosuch://bucket/j.conf                   | names a kind of storage that nobody knows
          """)
  void saysWhatToUseInsteadOfAStorageThatIsNotThere(String uri, String message) {
    assertThatThrownBy(() -> lake().readText(uri))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(uri)
        .hasMessageContaining(message);
  }

  @Test
  void readsWhatSparkSubmitHasShipped() throws IOException {
    Path file = Files.writeString(folder.resolve("job.conf"), "x");

    assertThat(lake().readText("local://" + file)).isEqualTo("x");
    assertThatThrownBy(() -> lake().readText("local:///none-of-this-name.conf"))
        .hasMessage("There is no file local:///none-of-this-name.conf");
  }

  @Test
  void readsResources() throws IOException {
    assertThat(lake().readText("classpath://sql-etl.properties")).startsWith("version=");
  }

  @Test
  void readsHttpAsUtf8AndFollowsRedirects() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] body = "ä".getBytes(StandardCharsets.UTF_8);
    server.createContext(
        "/job.conf",
        exchange -> {
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.createContext(
        "/old.conf",
        exchange -> {
          exchange.getResponseHeaders().add("Location", "/job.conf");
          exchange.sendResponseHeaders(302, -1);
          exchange.close();
        });
    server.start();
    String base = "http://127.0.0.1:" + server.getAddress().getPort();
    try {
      assertThat(lake().readText(base + "/job.conf")).isEqualTo("ä");
      assertThat(lake().readText(base + "/old.conf")).isEqualTo("ä");
      assertThatThrownBy(() -> lake().readText(base + "/none.conf"))
          .hasMessage(base + "/none.conf was answered with status 404");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void saysThatAServerIsNotThere() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    String uri = "http://127.0.0.1:" + port + "/job.conf";

    assertThatThrownBy(() -> lake().readText(uri))
        .hasMessage(uri + " cannot be reached: the connection was refused");
  }

  @Test
  void addsUpWhatAGlobNames() throws IOException {
    Files.createDirectories(folder.resolve("bucket/in/sub"));
    Files.writeString(folder.resolve("bucket/in/a.csv"), "12345");
    Files.writeString(folder.resolve("bucket/in/b.csv"), "123");
    Files.writeString(folder.resolve("bucket/in/sub/c.txt"), "1");

    assertThat(lake().sizeOf("s3a://bucket/in/*.csv")).hasValue(8);
    assertThat(lake().sizeOf("s3a://bucket/in")).hasValue(9);
    assertThat(lake().sizeOf("s3a://bucket/none")).hasValue(0);
    assertThat(lake().sizeOf("gs://bucket/in")).isEmpty();
  }

  private Storage lake() {
    return Storage.onLake(Lake.at(folder));
  }
}
