package io.sqletl.engine.stage.transform;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.run;
import static io.sqletl.engine.stage.SqlJob.spark;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.LocalServer;
import io.sqletl.engine.stage.Rejected;
import io.sqletl.engine.stage.SqlJob;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** HTTPTransform and TensorFlowServingTransform against a real server. */
class HttpTransformsTest {

  private static final String WORDS =
      view(
          "words",
          "select /*+ coalesce(1) */ * from values (1, 'grüße'), (2, 'b'), (3, null), (4, 'd')"
              + " t(id, value)");

  private LocalServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        new LocalServer()
            .on(
                "/upper",
                (exchange, body) ->
                    LocalServer.answer(exchange, 200, body.toUpperCase(Locale.GERMAN)))
            .on(
                "/slow",
                (exchange, body) -> {
                  try {
                    Thread.sleep(200);
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                  LocalServer.answer(exchange, 200, body);
                })
            .on(
                "/moved",
                (exchange, body) -> {
                  exchange.getResponseHeaders().add("Location", "/upper");
                  exchange.sendResponseHeaders(307, -1);
                })
            .on(
                "/login",
                (exchange, body) -> {
                  exchange.getResponseHeaders().add("Location", "/upper");
                  LocalServer.answer(exchange, 302, "<html>moved</html>");
                })
            .answering("/one", 200, "only one")
            .answering("/empty", 204, "")
            .answering("/gone", 404, "not here")
            .answering("/broken", 500, "{\"error\": \"no such model\"}")
            .answering("/text", 200, "no json")
            .on(
                "/cut",
                (exchange, body) -> {
                  exchange.sendResponseHeaders(200, 100);
                  exchange.getResponseBody().write("half".getBytes());
                  exchange.getResponseBody().flush();
                })
            .on("/hangup", (exchange, body) -> exchange.close());
  }

  @AfterEach
  void stop() {
    server.close();
    spark().catalog().clearCache();
  }

  private String http(String path, String keys) {
    return stage(
        "HTTPTransform",
        "uri: \""
            + server.url(path)
            + "\", inputView: words, outputView: answered, persist: true\n"
            + keys);
  }

  @Test
  void eachRowIsSentAndItsAnswerAdded() throws Exception {
    SqlJob job =
        run(
            WORDS
                + http(
                    "/upper", "headers: {Authorization: \"Bearer x\", X-A: b}, numPartitions: 1"));
    assertThat(rows("select * from answered order by id"))
        .containsExactly("[1,grüße,GRÜSSE]", "[2,b,B]", "[3,null,null]", "[4,d,D]");
    assertThat(server.requests()).hasSize(3);
    assertThat(server.requests().get(0).method()).isEqualTo("POST");
    assertThat(server.requests().get(0).authorization()).isEqualTo("Bearer x");
    assertThat(job.detail()).containsEntry("records", 4L);
  }

  @Test
  void rowsCanBeSentTogether() throws Exception {
    run(WORDS + http("/upper", "batchSize: 10"));
    assertThat(rows("select body from answered order by id"))
        .containsExactly("[GRÜSSE]", "[B]", "[null]", "[D]");
    assertThat(server.requests())
        .singleElement()
        .extracting(LocalServer.Request::body)
        .isEqualTo("grüße\nb\nd");
  }

  @Test
  void theDelimiterIsTheJobsChoice() throws Exception {
    run(WORDS + http("/upper", "batchSize: 10, delimiter: \";\""));
    assertThat(server.requests())
        .singleElement()
        .extracting(LocalServer.Request::body)
        .isEqualTo("grüße;b;d");
    assertThat(rows("select body from answered where id = 4")).containsExactly("[D]");
  }

  private static String texts(String... values) {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < values.length; i++) {
      rows.append(i == 0 ? "" : ", ").append("(" + i + ", " + values[i] + ")");
    }
    return view("words", "select /*+ coalesce(1) */ * from values " + rows + " t(id, value)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
          'a\\nb' ~ ''  ~ batchSize: 2                    ~ 'a\\nb' of the column 'value' in a batch: it holds the delimiter '\\n'
          'c'    ~ X'0A' ~ batchSize: 2, delimiter: "\\n" ~ '\\n' of the column 'value' in a batch: it holds the delimiter '\\n'
          'a;'   ~ 'b'  ~ batchSize: 9, delimiter: ";;"   ~ 'a;' of the column 'value' in a batch: it holds the delimiter ';;'
          """)
  void aValueThatHoldsTheDelimiterIsNotSentWithOthers(
      String first, String second, String keys, String message) {
    String cast = second.startsWith("X") ? "cast(" + first + " as binary)" : first;
    assertThatThrownBy(() -> run(texts(cast, second) + http("/upper", keys)))
        .hasStackTraceContaining("HTTPTransform cannot send the value " + message)
        .hasStackTraceContaining(
            "Set \"delimiter\" to something that no value holds, or \"batchSize\" to 1.");
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void aValueIsSentAsItIsByItself() throws Exception {
    run(texts("'a\\nb'", "''") + http("/upper", ""));
    assertThat(rows("select body from answered order by id")).containsExactly("[A\nB]", "[]");
  }

  @ParameterizedTest
  @CsvSource({"/upper, 0", "/ended, 0", "/upper, 1", "/ended, 1", "/upper, 2", "/ended, 2"})
  void emptyAnswersAreAnswersWhereverTheyStand(String path, int empty) throws Exception {
    server.on(
        "/ended",
        (exchange, body) ->
            LocalServer.answer(exchange, 200, body.toUpperCase(Locale.GERMAN) + "\n"));
    String[] values = {"'a'", "'b'", "'c'"};
    values[empty] = "''";
    run(texts(values) + http(path, "batchSize: 3"));
    String[] answers = {"[A]", "[B]", "[C]"};
    answers[empty] = "[]";
    assertThat(rows("select body from answered order by id")).containsExactly(answers);
  }

  @ParameterizedTest
  @CsvSource({"'1\n2\n3', 3", "'1\n2\n\n\n', 5", "'1', 1", "'', 1"})
  void moreOrFewerAnswersThanRowsAreRefused(String answer, int count) {
    server.answering("/fixed", 200, answer);
    assertThatThrownBy(() -> run(texts("'a'", "'b'") + http("/fixed", "batchSize: 2")))
        .hasStackTraceContaining("but server responded with " + count);
  }

  @ParameterizedTest
  @CsvSource({"value", "other"})
  void textsThatAreNoneAreNotSent(String column) {
    String other = column.equals("value") ? "other" : "value";
    String words = "select cast(X'63E9' as string) as " + column + ", 'a' as " + other;
    assertThatThrownBy(() -> run(view("words", words) + http("/upper", "")))
        .hasStackTraceContaining(
            "HTTPTransform cannot write the column '" + column + "': a value is not valid UTF-8.");
    assertThatThrownBy(() -> run(predict("/upper", words, "")))
        .hasStackTraceContaining("TensorFlowServingTransform cannot write the column");
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void answersThatAreNoTextAreTold() throws Exception {
    server.on(
        "/latin",
        (exchange, body) ->
            LocalServer.answer(exchange, 200, body.getBytes(StandardCharsets.ISO_8859_1)));
    for (String keys : new String[] {"", "batchSize: 10", "batchSize: 2, failMode: permissive"}) {
      // A column of the name that extracts use is the view's
      String words =
          "select /*+ coalesce(1) */ *, 'mine' as _errors from values (1, 'grüße'), (2, 'b'),"
              + " (3, null), (4, 'd') t(id, value)";
      SqlJob job = run(view("words", words) + http("/latin", keys));
      assertThat(rows("select body, _errors from answered order by id"))
          .containsExactly("[gr\uFFFD\uFFFDe,mine]", "[b,mine]", "[null,mine]", "[d,mine]");
      Rejected rejected = job.rejected().orElseThrow();
      assertThat(rejected.values().value().first().stream().map(rejected::render))
          .singleElement()
          .asString()
          .contains(
              "the answer of " + server.url("/latin") + " has bytes that are no text in UTF-8");
    }
  }

  @Test
  void predictionsThatAreNoTextAreTold() throws Exception {
    server.on(
        "/p",
        (exchange, body) ->
            LocalServer.answer(
                exchange,
                200,
                "{\"predictions\": [\"ü\", \"u\"]}".getBytes(StandardCharsets.ISO_8859_1)));
    SqlJob job =
        run(
            predict(
                "/p", "select /*+ coalesce(1) */ * from values (1), (2) t(value)", "batchSize: 2"));
    assertThat(rows("select result from predicted order by value"))
        .containsExactly("[\uFFFD]", "[u]");
    assertThat(job.rejected().orElseThrow().values().value().first()).hasSize(1);
  }

  @Test
  void permissiveTellsTheAnswersStatus() throws Exception {
    run(WORDS + http("/gone", "failMode: permissive"));
    assertThat(
            rows(
                "select id, body, response.statusCode, response.reasonPhrase,"
                    + " lower(response.contentType), response.responseTime >= 0 from answered order by id"))
        .startsWith("[1,not here,404,Not Found,text/plain; charset=utf-8,true]")
        .contains("[3,null,null,null,null,null]");
  }

  @ParameterizedTest
  @CsvSource({"/slow, grüße", "/moved, GRÜSSE", "/empty, ''"})
  void aServerMayBeSlowMoveOrHaveNothingToSay(String path, String body) throws Exception {
    run(WORDS + http(path, "validStatusCodes: [200, 204]"));
    assertThat(rows("select body from answered where id = 1")).containsExactly("[" + body + "]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /gone   |                     | HTTPTransform expects all response StatusCode(s) in [200, 201, 202] but server responded with 404 (Not Found).
          /upper  | validStatusCodes: [201] | HTTPTransform expects all response StatusCode(s) in [201] but server responded with 200 (OK).
          /one    | batchSize: 2, numPartitions: 1 | HTTPTransform expects the response to contain same number of results as 'batchSize' (2) but server responded with 1.
          /login  |                     | server responded with 302 (Temporary Redirect). It redirects to HOST/upper, and a POST that follows becomes a GET
          /cut    |                     | HTTPTransform got no answer from URL: Premature end of Content-Length delimited message body (expected: 100; received: 4)
          /hangup |                     | HTTPTransform got no answer from URL
          /upper  | inputField: valu    | HTTPTransform requires a field named 'valu' of type 'string' or 'binary'. inputView has: [id, value].
          /upper  | inputField: id      | HTTPTransform requires a field named 'id' of type 'string' or 'binary'. 'id' is of type: 'int'.
          """)
  void whatGoesWrongIsSaid(String path, String keys, String message) {
    assertThatThrownBy(() -> run(WORDS + http(path, keys == null ? "" : keys)))
        .hasStackTraceContaining(message.replace("URL", server.url(path)).replace("HOST", host()));
  }

  private String host() {
    return server.url("").substring("http://".length());
  }

  @Test
  void aServerThatIsNotThereIsNamed() {
    String gone = server.url("/upper");
    server.close();
    assertThatThrownBy(() -> run(WORDS + http("/upper", "")))
        .hasStackTraceContaining("HTTPTransform got no answer from " + gone)
        .hasStackTraceContaining("Connection refused");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          uri: "ftp://x/y"                     | "ftp://x/y" is no address of a server
          uri: "http://a b"                    | "http://a b" is no URI
          uri: "http://x/", batchSize: 0       | "batchSize" 0 must be at least 1
          uri: "http://x/", delimiter: "("     | "(" is no regular expression
          uri: "http://x/", delimiter: "", batchSize: 2 | "delimiter" is empty, so that nothing tells the rows
          uri: "http://x/", failMode: lax      | "failMode" of HTTPTransform cannot be "lax"
          uri: "http://x/", validStatusCodes: [ok] | "validStatusCodes" of HTTPTransform must be a list of integers
          """)
  void keysAreCheckedBeforeAnythingIsSent(String keys, String message) {
    assertThat(
            SqlJob.problems(
                WORDS + stage("HTTPTransform", "inputView: words, outputView: a, " + keys)))
        .extracting(Problem::message)
        .singleElement()
        .asString()
        .startsWith(message);
  }

  @Test
  void anEmptyViewAsksNothing() throws Exception {
    run(view("words", "select 'a' as value where false") + http("/upper", ""));
    assertThat(spark().table("answered").columns()).containsExactly("value", "body");
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void binaryAndOddNamesAreSentAsTheyAre() throws Exception {
    run(
        view("words", "select X'6869' as `a.b ``c`, 'k' as `ü`")
            + http("/upper", "inputField: \"a.b `c\""));
    assertThat(rows("select body, `ü` from answered")).containsExactly("[HI,k]");
  }

  private String predict(String path, String view, String keys) {
    return view("inputs", view)
        + stage(
            "TensorFlowServingTransform",
            "uri: \""
                + server.url(path)
                + "\", inputView: inputs, outputView: predicted, persist: true\n"
                + keys);
  }

  @Test
  void aModelPredictsByItsRestInterface() throws Exception {
    server.on(
        "/v1/models/half:predict",
        (exchange, body) -> {
          assertThat(body).startsWith("{\"signature_name\":\"serving\",\"instances\":[");
          String numbers = body.replaceAll(".*\\[(.*)].*", "$1");
          StringBuilder answer = new StringBuilder();
          for (String number : numbers.split(",")) {
            answer.append(answer.isEmpty() ? "" : ",").append(Double.parseDouble(number) / 2);
          }
          LocalServer.answer(exchange, 200, "{\"predictions\": [" + answer + "]}");
        });
    run(
        predict(
            "/v1/models/half:predict",
            "select * from values (1), (2), (null), (5) t(value)",
            "signatureName: serving, responseType: double, batchSize: 2, numPartitions: 1"));
    assertThat(rows("select * from predicted order by value"))
        .containsExactly("[null,null]", "[1,0.5]", "[2,1.0]", "[5,2.5]");
    assertThat(server.requests())
        .allMatch(request -> request.contentType().startsWith("application/json"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          '[1, 2]'              | object  | {"predictions": [{"a": [1]}]} | {"instances":[[1,2]]} | {"a":[1]}
          '{"x": 1}'            | integer | {"predictions": [[7]]}        | {"instances":[{"x":1}]} | 7
          1.50                  | double  | {"predictions": [2]}          | {"instances":[1.50]}  | 2.0
          9007199254740993L     | object  | {"predictions": ["cat"]}      | {"instances":[9007199254740993]} | cat
          '1'                   | integer | {"predictions": [null]}       | {"instances":[1]}     | null
          """)
  void inputsAndPredictionsMayBeOfManyTypes(
      String input, String type, String answer, String request, String result) throws Exception {
    server.answering("/p", 200, answer);
    run(predict("/p", "select " + input + " as value", "responseType: " + type));
    assertThat(server.requests().get(0).body()).isEqualTo(request);
    assertThat(rows("select result from predicted")).containsExactly("[" + result + "]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          /broken | '1' as value   |                       | {"error": "no such model"}
          /gone   | '1' as value   |                       | not here
          /text   | '1' as value   |                       | TensorFlowServingTransform cannot read the answer of URL as JSON
          /upper  | '1' as value   |                       | TensorFlowServingTransform expects an answer with a list of 'predictions', but URL gave: {"INSTANCES":[1]}
          /upper  | '{x' as value  |                       | TensorFlowServingTransform cannot read the value '{x' as JSON
          /two    | '1' as value   |                       | TensorFlowServingTransform sent 1 rows to URL but it gave 2 predictions.
          /word   | '1' as value   | responseType: integer | TensorFlowServingTransform expects predictions of 'responseType' integer, but got "cat"
          /upper  | true as value  |                       | TensorFlowServingTransform requires a field named 'value' of type 'string' or 'integer' or 'long' or 'float' or 'double' or 'decimal'. 'value' is of type: 'boolean'.
          /upper  | '1' as other   |                       | inputView has: [other].
          /login  | '1' as value   |                       | TensorFlowServingTransform was answered with 302 (Temporary Redirect). It redirects to HOST/upper, and a POST that follows becomes a GET, which sends nothing there: put the new address into the stage.
          /cut    | '1' as value   |                       | Premature end of Content-Length
          """)
  void aModelThatCannotPredictIsSaid(String path, String view, String keys, String message) {
    server.answering("/two", 200, "{\"predictions\": [1, 2]}");
    server.answering("/word", 200, "{\"predictions\": [\"cat\"]}");
    assertThatThrownBy(() -> run(predict(path, "select " + view, keys == null ? "" : keys)))
        .hasStackTraceContaining(message.replace("URL", server.url(path)).replace("HOST", host()));
  }
}
