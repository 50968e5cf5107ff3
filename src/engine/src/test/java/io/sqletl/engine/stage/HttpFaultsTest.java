package io.sqletl.engine.stage;

import static io.sqletl.engine.stage.LocalServer.answer;
import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.job.Problem;
import java.io.IOException;
import java.nio.charset.Charset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told where a server's answer, or the way to it, is none that can be read. */
class HttpFaultsTest {

  private LocalServer server;

  @BeforeEach
  void start() throws IOException {
    server = new LocalServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void answering(String contentType, byte[] body) {
    server.on(
        "/x",
        (exchange, sent) -> {
          exchange.getResponseHeaders().add("Content-Type", contentType);
          exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
        });
  }

  private void redirecting(String location) {
    server.on(
        "/x",
        (exchange, sent) -> {
          exchange.getResponseHeaders().add("Location", location);
          exchange.sendResponseHeaders(302, -1);
        });
  }

  private String extract() {
    return stage(
        "HTTPExtract", "outputView: v, persist: true, inputURI: \"" + server.url("/x") + "\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nonsense", "utf8!"})
  void aCharacterSetThatThereIsNotIsTold(String name) {
    answering("application/json; charset=" + name, new byte[] {'1'});
    assertThatThrownBy(() -> SqlJob.run(extract()))
        .hasStackTraceContaining(
            "HTTPExtract cannot read the answer of "
                + server.url("/x")
                + ": its Content-Type, application/json; charset="
                + name
                + ", names a character set that there is not. Have the server name the one that it"
                + " writes, such as charset=UTF-8, or name none, which is UTF-8.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain; charset=", "text/plain; charset=\"utf-8\"", "nonsense"})
  void otherTypesAreRead(String type) throws Exception {
    answering(type, new byte[] {'1'});
    SqlJob.run(extract());
    assertThat(rows("select body from v")).containsExactly("[1]");
  }

  /** Which bytes are no letters of the character set is told elsewhere. */
  @ParameterizedTest
  @CsvSource({
    "UTF-8, text/plain; charset=ISO-8859-1, Müller, ISO-8859-1",
    "UTF-8, application/json; charset=windows-1252, Müller, windows-1252",
    "UTF-8, text/xml, <?xml version='1.0' encoding='ISO-8859-1'?><r>ü</r>, ISO-8859-1",
    "ISO-8859-1, text/plain; charset=ISO-8859-1, café,",
    "UTF-8, text/plain; charset=UTF-8, Müller,",
    "UTF-8, text/plain, Müller,",
    "UTF-8, text/plain; charset=ISO-8859-1, Miller,"
  })
  void anotherCharacterSetThanThatOfTheBytesIsTold(
      String own, String type, String text, String charset) throws Exception {
    answering(type, text.getBytes(Charset.forName(own)));
    String told =
        charset == null
            ? ""
            : "the answer of "
                + server.url("/x")
                + " is read as "
                + charset
                + ", as it says itself, and its bytes are those of UTF-8";
    String uri = "\"" + server.url("/x");
    SqlJob extract =
        SqlJob.run(
            view("a", "select " + uri + "?key=hunter2\" as uri from range(3)")
                + stage("HTTPExtract", "inputView: a, outputView: v, persist: true"));
    assertThat(extract.adjusted().describeEncodings()).isEqualTo(told);
    SqlJob transform =
        SqlJob.run(
            view("a", "select 'x' as value from range(3)")
                + stage(
                    "HTTPTransform",
                    "inputView: a, outputView: v, persist: true, uri: " + uri + "\""));
    assertThat(transform.adjusted().describeEncodings()).isEqualTo(told);
    assertThat(transform.adjusted().describeDigits()).isEmpty();
  }

  @Test
  void anEmptyAnswerNeedsNoCharacterSet() throws Exception {
    answering("text/plain; charset=nonsense", new byte[0]);
    SqlJob.run(extract());
    assertThat(rows("select body from v")).containsExactly("[null]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /x?key=hunter2 | it redirects in a circle, to URL?key=hunter2; put the address that answers into the stage
          http://exa mple/ | it redirects to what is no address; see to the header Location of the server, or put the address that answers into the stage
          ftp://localhost/a | it redirects, to ftp://localhost/a, which is no address of http or https
          http://nohost.invalid/ | there is no host nohost.invalid
          """)
  void aRedirectThatLeadsNowhereIsTold(String location, String reason) {
    redirecting(location);
    assertThatThrownBy(() -> SqlJob.run(extract()))
        .hasStackTraceContaining(
            "HTTPExtract got no answer from "
                + server.url("/x")
                + ": "
                + reason.replace("URL?key=hunter2", server.url("/x")));
  }

  @Test
  void redirectsWithoutEndAreTold() {
    server.on(
        "/x",
        (exchange, sent) -> {
          exchange.getResponseHeaders().add("Location", exchange.getRequestURI().getPath() + "a");
          exchange.sendResponseHeaders(302, -1);
        });
    assertThatThrownBy(() -> SqlJob.run(extract()))
        .hasStackTraceContaining(": it redirects too often, to " + server.url("/xa"));
  }

  @Test
  void anAddressOfARowThatIsNoneIsTold() {
    assertThatThrownBy(
            () ->
                SqlJob.run(
                    view("a", "select 'http://localhost/a b' as uri")
                        + stage("HTTPExtract", "inputView: a, outputView: v, persist: true")))
        .hasStackTraceContaining(
            "HTTPExtract cannot ask 'http://localhost/a b', which is no address: Illegal character"
                + " in path at its character 19. Write http://HOST/… or https://HOST/…, with"
                + " url_encode for values in it.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          HTTPLoad      | outputURI                                          | , with 'bad'
          HTTPExtract   | outputView: w, persist: true, inputURI             | ''
          HTTPExtract   | outputView: w, persist: true, method: POST, body: bad, inputURI | , with 'bad'
          HTTPTransform | outputView: w, persist: true, inputView: v, uri    | , with 'bad'
          HTTPTransform | outputView: w, persist: true, inputView: v, batchSize: 2, numPartitions: 1, uri | , with 'good\\nbad'
          """)
  void theRequestAndTheAnswerOfAWrongStatusAreTold(String type, String keys, String sent) {
    String secret = "s3cret-of-a-header";
    server.on(
        "/x",
        (exchange, body) ->
            answer(
                exchange,
                body.isEmpty() || body.contains("bad") ? 422 : 200,
                "{\"error\":\"field x\nof " + secret + "\"}" + "!".repeat(500)));
    String input = type.equals("HTTPLoad") ? "inputView: v, " : "";
    assertThatThrownBy(
            () ->
                SqlJob.run(
                    view("v", "select explode(array('good', 'bad')) as value")
                        + stage(
                            type,
                            input
                                + "headers: {Authorization: \"Bearer "
                                + secret
                                + "\"}, "
                                + keys
                                + ": \""
                                + server.url("/x")
                                + "\"")))
        .hasStackTraceContaining(
            " but server responded with 422. Asked was "
                + server.url("/x")
                + sent
                + "; the answer says '{\"error\":\"field x\\nof *****\"}!!!")
        .hasStackTraceContaining("!!!…'.");
  }

  @Test
  void anAnswerWithoutATextHasNoneToTell() {
    server.on("/x", (exchange, body) -> exchange.sendResponseHeaders(500, -1));
    assertThatThrownBy(() -> SqlJob.run(extract()))
        .hasStackTraceContaining("Asked was " + server.url("/x") + "; the answer has no text.");
  }

  @Test
  void headersThatCannotBeSentAreFoundBeforeTheRun() {
    String keys = "outputView: v, inputURI: \"http://x/\", headers: ";
    assertThat(
            SqlJob.problems(
                stage("HTTPExtract", keys + "{\"X Y\": a}")
                    + stage("HTTPExtract", keys + "{A: \"s3cret\\nB: c\"}")
                    + stage("HTTPExtract", keys + "{A: \"s3cret€\"}")))
        .extracting(Problem::message)
        .containsExactly(
            "\"X Y\" is no name of a header",
            "The value of the header \"A\" has a line end or a character that no header can have",
            "The value of the header \"A\" has a line end or a character that no header can have");
    assertThat(
            SqlJob.problems(
                stage("HTTPExtract", keys + "{X-Y_z: \"Bearer a=b;ü \\n\", \"Accept\": \"*/*\"}")))
        .isEmpty();
  }
}
