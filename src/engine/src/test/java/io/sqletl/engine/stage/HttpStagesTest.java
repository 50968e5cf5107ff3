package io.sqletl.engine.stage;

import static io.sqletl.engine.stage.LocalServer.answer;
import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.Problem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * HTTP extract, load and execute against a real server that delays, fails, redirects, truncates.
 */
class HttpStagesTest {

  private LocalServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        new LocalServer()
            .answering("/text", 200, "Grüße")
            .answering("/missing", 404, "no")
            .on("/empty", (exchange, body) -> exchange.sendResponseHeaders(204, -1))
            .on(
                "/slow",
                (exchange, body) -> {
                  try {
                    Thread.sleep(300);
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                  answer(exchange, 200, "late");
                })
            .on(
                "/moved",
                (exchange, body) -> {
                  exchange.getResponseHeaders().add("Location", server.url("/text"));
                  exchange.sendResponseHeaders(302, -1);
                })
            .on("/echo", (exchange, body) -> answer(exchange, 200, "got " + body));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private SqlJob extract(String path, String keys) throws Exception {
    return SqlJob.run(
        stage("HTTPExtract", "outputView: v, inputURI: \"" + server.url(path) + "\"\n" + keys));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "null",
      textBlock =
          """
          /text  | 200 | Grüße
          /slow  | 200 | late
          /moved | 200 | Grüße
          /empty | 204 | null
          """)
  void whateverAServerAnswersIsARow(String path, int status, String body) throws Exception {
    extract(path, "validStatusCodes: [200, 204]");
    assertThat(rows("select uri, statusCode, body from v"))
        .containsExactly("[" + server.url(path) + "," + status + "," + body + "]");
  }

  @Test
  void anAnswerThatIsNoTextIsTold() throws Exception {
    server.on(
        "/latin", (exchange, body) -> LocalServer.answer(exchange, 200, new byte[] {'f', -4, 'r'}));
    SqlJob job =
        SqlJob.run(
            stage("HTTPExtract", "outputView: v, inputURI: \"" + server.url("/latin") + "\""));
    assertThat(rows("select statusCode from v")).containsExactly("[200]");
    Rejected rejected = job.rejected().orElseThrow();
    assertThat(rejected.values().value().first().stream().map(rejected::render))
        .singleElement()
        .asString()
        .contains("/latin has bytes that are no text in UTF-8");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          application/xml                     | ISO-8859-1 | Ã¼
          application/atom+xml                | ISO-8859-1 | Ã¼
          application/xml; charset=utf-8      | ISO-8859-1 | ü
          application/xml                     | UTF-16     | ü
          application/xml                     | no-such    | ü
          text/plain                          | ISO-8859-1 | ü
          """)
  void xmlIsReadInTheEncodingThatItSaysItself(String type, String encoding, String text)
      throws Exception {
    byte[] bytes =
        ("<?xml version=\"1.0\" encoding='" + encoding + "'?><a>ü</a>")
            .getBytes(StandardCharsets.UTF_8);
    server.on(
        "/xml",
        (exchange, body) -> {
          exchange.getResponseHeaders().add("Content-Type", type);
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
        });
    extract("/xml", "");
    assertThat(rows("select regexp_extract(body, '<a>(.*)</a>', 1) from v"))
        .containsExactly("[" + text + "]");
  }

  @Test
  void theAnswerIsToldWithItsTypeAndLength() throws Exception {
    SqlJob job = extract("/text", "persist: true");
    assertThat(rows("select reasonPhrase, lower(contentType), contentLength from v"))
        .containsExactly("[OK,text/plain; charset=utf-8,7]");
    rows("select * from v");
    assertThat(server.requests()).as("a view that is kept asks once").hasSize(1);
    assertThat(job.detail()).containsEntry("contentLength", 7L).containsEntry("records", 1L);
  }

  @Test
  void eachRowOfAViewIsARequest() throws Exception {
    SqlJob.run(
        view(
                "asked",
                "select '"
                    + server.url("/echo")
                    + "' as `the uri`, b as `bo.dy` from values ('ü'), ('2') as t(b)")
            + stage(
                "HTTPExtract",
                "inputView: asked, outputView: v, method: POST, bodyField: \"bo.dy\""));
    assertThat(rows("select body from v order by 1")).containsExactly("[got 2]", "[got ü]");
    assertThat(server.requests()).extracting(LocalServer.Request::method).containsOnly("POST");
  }

  @ParameterizedTest
  @CsvSource({"HTTPLoad, 301", "HTTPExtract, 302", "HTTPExecute, 303"})
  void whatIsPostedIsNotLostOnTheWay(String type, int status) {
    // The first keeps the POST and is followed
    server
        .on(
            "/first",
            (exchange, body) -> {
              exchange.getResponseHeaders().add("Location", "/second");
              exchange.sendResponseHeaders(307, -1);
            })
        .on(
            "/second",
            (exchange, body) -> {
              exchange.getResponseHeaders().add("Location", "/text?token=hunter2");
              exchange.sendResponseHeaders(status, -1);
            });
    String uri = "\"" + server.url("/first") + "\"";
    String keys =
        switch (type) {
          case "HTTPLoad" -> "inputView: v, outputURI: " + uri;
          case "HTTPExtract" -> "outputView: w, persist: true, method: POST, inputURI: " + uri;
          default -> "payloads: {a: b}, uri: " + uri;
        };
    assertThatThrownBy(() -> SqlJob.run(view("v", "select 'x' as value") + stage(type, keys)))
        .hasStackTraceContaining("but server responded with " + status + " (")
        .hasStackTraceContaining(
            "). It redirects to "
                + server.url("/text").substring("http://".length())
                + ", and a POST that follows becomes a GET, which sends nothing there: put the new"
                + " address into the stage; or add "
                + status
                + " to \"validStatusCodes\" if this answer is the one that you mean.");
    assertThat(server.requests())
        .extracting(LocalServer.Request::path)
        .containsOnly("/first", "/second");
  }

  @Test
  void aRedirectMayBeTheAnswerThatIsMeant() throws Exception {
    SqlJob.run(
        view("v", "select 'x' as value")
            + stage(
                "HTTPLoad",
                "inputView: v, validStatusCodes: [302], outputURI: \""
                    + server.url("/moved")
                    + "\""));
    assertThat(server.requests()).extracting(LocalServer.Request::path).containsExactly("/moved");
  }

  @Test
  void anotherStatusFailsTheRunWhenTheViewIsUsed() throws Exception {
    extract("/missing", "");
    assertThatThrownBy(() -> rows("select * from v"))
        .hasStackTraceContaining(
            "HTTPExtract expects all response StatusCode(s) in [200, 201, 202] but server responded"
                + " with 404 (Not Found).");
  }

  @Test
  void anAnswerThatIsCutOffIsAFailure() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread cuts =
          new Thread(
              () -> {
                try (Socket client = socket.accept()) {
                  client.getInputStream().read(new byte[1_000]);
                  client
                      .getOutputStream()
                      .write(
                          "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"
                              .getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      cuts.start();
      String uri = "http://127.0.0.1:" + socket.getLocalPort() + "/";
      SqlJob.run(stage("HTTPExtract", "outputView: v, inputURI: \"" + uri + "\""));
      assertThatThrownBy(() -> rows("select * from v"))
          .hasStackTraceContaining("HTTPExtract got no answer from " + uri);
      cuts.join();
    }
  }

  @Test
  void aServerThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> SqlJob.run(stage("HTTPExecute", "uri: \"http://127.0.0.1:1/x\"")))
        .isInstanceOf(StageException.class)
        .hasMessageStartingWith("HTTPExecute got no answer from http://127.0.0.1:1/x: ");
  }

  @Test
  void aViewOfRequestsHasAColumnOfAddresses() {
    assertThatThrownBy(
            () ->
                SqlJob.run(
                    view("asked", "select 1 as n")
                        + stage("HTTPExtract", "inputView: asked, outputView: v")))
        .hasMessage(
            "HTTPExtract requires a field named 'n' of type 'string'. 'n' is of type: 'int'; name"
                + " the column with 'uriField'.");
    assertThatThrownBy(
            () ->
                SqlJob.run(
                    view("asked", "select 'x' as `a.b`")
                        + stage("HTTPExtract", "inputView: asked, outputView: v, bodyField: body")))
        .hasMessage(
            "HTTPExtract requires a field named 'body' of type 'string'. inputView 'asked' has:"
                + " [a.b]; name the column with 'bodyField'.");
  }

  @Test
  void everyRowIsPosted() throws Exception {
    SqlJob job =
        SqlJob.run(
            view("v", "select * from values ('ü'), ('2'), (null) as t(value)")
                + stage(
                    "HTTPLoad",
                    "inputView: v, outputURI: \""
                        + server.url("/echo")
                        + "\", headers: {Authorization: \"Bearer hunter2\"}"));
    assertThat(server.requests())
        .extracting(LocalServer.Request::body)
        .containsExactlyInAnyOrder("ü", "2", "");
    assertThat(server.requests())
        .extracting(LocalServer.Request::authorization)
        .containsOnly("Bearer hunter2");
    assertThat(job.detail()).containsEntry("requests", 3L).doesNotContainKey("headers");
  }

  @Test
  void aTextThatIsNoneIsNotPosted() {
    assertThatThrownBy(
            () ->
                SqlJob.run(
                    view("v", "select cast(X'63E9' as string) as value")
                        + stage(
                            "HTTPLoad",
                            "inputView: v, outputURI: \"" + server.url("/echo") + "\"")))
        .hasStackTraceContaining(
            "HTTPLoad cannot write the column 'value': a value is not valid UTF-8.");
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void aLoadThatTheServerRefusesFails() {
    assertThatThrownBy(
            () ->
                SqlJob.run(
                    view("v", "select 'x' as value")
                        + stage(
                            "HTTPLoad",
                            "inputView: v, outputURI: \"" + server.url("/missing") + "\"")))
        .hasStackTraceContaining(
            "HTTPLoad expects all response StatusCode(s) in [200, 201, 202] but server responded"
                + " with 404 (Not Found).");
    assertThatThrownBy(
            () ->
                SqlJob.run(
                    view("v", "select 'x' as `the value`, 1 as `a.b`")
                        + stage(
                            "HTTPLoad",
                            "inputView: v, outputURI: \"" + server.url("/echo") + "\"")))
        .hasMessage(
            "HTTPLoad requires inputView to be dataset with [value: string] signature. inputView"
                + " 'v' has 2 columns of type [the value: string, a.b: int].");
  }

  @Test
  void payloadsArePostedOnceAsJson() throws Exception {
    SqlJob job =
        SqlJob.run(
            stage(
                "HTTPExecute",
                "uri: \""
                    + server.url("/echo")
                    + "\", payloads: {text: \"ü\", \"a.b\": \"1\"}, headers: {X: y}"));
    assertThat(server.requests()).hasSize(1);
    assertThat(server.requests().get(0).body()).isEqualTo("{\"a.b\":\"1\",\"text\":\"ü\"}");
    assertThat(server.requests().get(0).contentType()).startsWith("application/json");
    assertThat(job.detail().get("response").toString()).contains("200").contains("OK");
    assertThatThrownBy(
            () -> SqlJob.run(stage("HTTPExecute", "uri: \"" + server.url("/missing") + "\"")))
        .hasMessage(
            "HTTPExecute expects a response StatusCode in [200, 201, 202] but server responded with"
                + " 404 (Not Found). Asked was "
                + server.url("/missing")
                + "; the answer says 'no'.");
  }

  @Test
  void wrongAddressesAreFoundBeforeTheRun() {
    List<Problem> problems =
        SqlJob.problems(
            stage("HTTPExecute", "uri: \"nowhere\"")
                + stage("HTTPExtract", "outputView: v, inputURI: \"file:///x\"")
                + stage("HTTPExtract", "outputView: w"));
    assertThat(problems)
        .extracting(Problem::message)
        .containsExactly(
            "\"nowhere\" is no address of a server",
            "\"file:///x\" is no address of a server",
            "HTTPExtract needs the key \"inputURI\" or \"inputView\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          HTTPExtract   | inputURI: "http://x/", body: a                 | "body" has no effect here: it counts with "method": "POST" only
          HTTPExtract   | inputView: v, bodyField: a                     | "bodyField" has no effect here: it counts with "method": "POST" only
          HTTPExtract   | inputView: v, method: POST, bodyField: a, body: b | "body" has no effect here: it counts without "bodyField" only
          HTTPExtract   | inputURI: "http://x/", uriField: a             | "uriField" has no effect here: it counts with "inputView" only
          HTTPExtract   | inputURI: "http://x/", method: POST, bodyField: a | "bodyField" has no effect here: it counts with "inputView" only
          HTTPTransform | inputView: v, uri: "http://x/", delimiter: ";" | "delimiter" has no effect here: it counts with a "batchSize" of more than 1 only
          """)
  void keysThatDoNothingAreTold(String type, String keys, String message) {
    assertThat(
            SqlJob.plan(view("v", "select 'x' as value") + stage(type, "outputView: w, " + keys))
                .warnings())
        .filteredOn(warning -> warning.code() == ErrorCode.NO_EFFECT)
        .extracting(Problem::message)
        .containsExactly(message);
  }

  @Test
  void aPostHasItsBody() {
    assertThat(
            SqlJob.plan(
                    stage(
                        "HTTPExtract",
                        "outputView: w, inputURI: \"http://x/\", method: POST, body: a"))
                .warnings())
        .extracting(Problem::code)
        .doesNotContain(ErrorCode.NO_EFFECT);
  }
}
