package io.sqletl.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kernel through its sockets, with a real session behind it. */
class KernelTest {

  @TempDir static Path folder;
  private static KernelClient kernel;

  @BeforeAll
  static void start() throws Exception {
    kernel =
        new KernelClient(
            folder,
            new KernelOptions(
                Optional.of(folder.resolve("lake")),
                "local[2]",
                Map.of("spark.sql.session.timeZone", "UTC"),
                Map.of("ETL_CONF_API_TOKEN", "topsecret", "PATH", "/bin")));
  }

  @AfterAll
  static void stop() {
    kernel.close();
  }

  @Test
  void tellsWhatItIs() {
    JsonNode info = kernel.kernelInfo();
    assertThat(info.at("/language_info/name").asText()).isEqualTo("arc");
    assertThat(info.path("protocol_version").asText()).startsWith("5.");
  }

  @Test
  void showsRowsWithTypesAndTellsNullFromEmpty() {
    KernelClient.Answer answer =
        kernel.run(
            "%sql\nSELECT 1 AS number, '' AS empty, CAST(NULL AS STRING) AS missing,"
                + " 1.5D AS share, X'0AFF' AS bytes, TIMESTAMP '2026-01-02 03:04:05' AS at");
    assertThat(answer.text())
        .isEqualTo(
            """
            number | empty  | missing |  share | bytes   | at
               int | string | string  | double | binary  | timestamp
            -------+--------+---------+--------+---------+---------------------
                 1 |        | NULL    |   1.50 | [0A FF] | 2026-01-02 03:04:05Z""");
    assertThat(answer.result(Content.HTML))
        .contains("<th style=\"text-align:right\">number<br>")
        .contains(">int</small>")
        .contains("text-align:left\"><i style=\"opacity:.5\">NULL</i></td>")
        .contains("text-align:left\"></td>");
  }

  @Test
  void showsDaysOfAnyYearAsRunsDo() {
    assertThat(
            kernel
                .run(
                    "%sql\nSELECT DATE '-0043-03-15' AS bc, DATE '1582-10-10' AS gap,"
                        + " DATE '+20000-01-01' AS late, DATE '2024-02-29' AS plain,"
                        + " TIMESTAMP '-0043-03-15 01:02:03' AS at")
                .text())
        .contains("-0043-03-15 | 1582-10-10 | +20000-01-01 | 2024-02-29 | -0043-03-15 01:02:03Z");
  }

  @Test
  void showsMarkupInDataAsText() {
    String html =
        kernel.run("%sql SELECT '<script>alert(1)</script>' AS `a<b`").result(Content.HTML);
    assertThat(html).doesNotContain("<script>").contains("&lt;script&gt;").contains("a&lt;b");
  }

  @Test
  void showsTheRowsAndCharactersThatACellAsksFor() {
    kernel.run("%sql outputView=many SELECT id, repeat('x', 100) AS text FROM range(100)");
    assertThat(kernel.run("%sql numRows=2 truncate=10\nSELECT * FROM many").text().lines())
        .endsWith("     1 | xxxxxxx...", "the first 2 rows; there are more");
  }

  @Test
  void keepsAPageFromHugeValues() {
    KernelClient.Answer answer =
        kernel.run("%sql truncate=0\nSELECT repeat('x', 10000000) AS text FROM range(300)");
    assertThat(answer.result(Content.HTML).length()).isLessThan(2_000_000);
    assertThat(answer.text()).endsWith("rows; there are more");
  }

  @Test
  void runsStagesAndShowsEach() throws Exception {
    Files.writeString(folder.resolve("in.csv"), "a,1\nb,2\n");
    KernelClient.Answer answer =
        kernel.run(
            "{type: DelimitedExtract, name: e, inputURI: \""
                + folder.resolve("in.csv")
                + "\", outputView: extracted}\n"
                + "{type: SQLTransform, name: t, sql: \"SELECT count(*) AS n FROM extracted\","
                + " outputView: counted}");
    assertThat(answer.of("display_data"))
        .anySatisfy(shown -> assertThat(shown.at("/data/text~1plain").asText()).contains("in.csv"));
    assertThat(answer.text()).endsWith("2");
  }

  @Test
  void tellsWhatIsRejectedBelowTheCellByWhichItComesToLight() throws Exception {
    Files.writeString(folder.resolve("ragged.csv"), "a,b\n1,2\n3\n4,5\n");
    KernelClient.Answer answer =
        kernel.run(
            "{type: DelimitedExtract, name: e, header: true, inputURI: \""
                + folder.resolve("ragged.csv")
                + "\", outputView: ragged}");
    assertThat(answer.of("stream"))
        .anySatisfy(
            said ->
                assertThat(said.path("text").asText())
                    .startsWith("Rejected: 1\n  ragged.csv:3: 2 values expected, 1 found -> "));
    assertThat(kernel.run("%sql SELECT count(*) AS n FROM ragged").of("stream"))
        .noneSatisfy(said -> assertThat(said.path("text").asText()).contains("Rejected"));
    kernel.run(
        "{type: SQLTransform, name: s, sql: \"SELECT 'x' AS n\", outputView: texts,"
            + " persist: false}");
    assertThat(
            kernel
                .run(
                    "{type: TypingTransform, name: t, inputView: texts, outputView: typed,"
                        + " schema: [{name: n, type: integer, nullable: true}]}")
                .of("stream"))
        .anySatisfy(said -> assertThat(said.path("text").asText()).contains("n 'x' is no integer"));
  }

  /** The first rows, which a cell shows, are rounded nowhere. */
  @Test
  void tellsWhatTypingRoundedInTheCellThatUsesTheView() throws Exception {
    kernel.run(
        "%sql outputView=texts SELECT if(id = 900, '1.005', '1.00') AS n FROM range(0, 1000, 1, 1)");
    KernelClient.Answer typing =
        kernel.run(
            "{type: TypingTransform, name: t, inputView: texts, outputView: typed, schema:"
                + " [{name: n, type: decimal, precision: 9, scale: 2, nullable: true}]}");
    assertThat(shown(typing)).doesNotContain("rounded");
    assertThat(shown(kernel.run("%sql SELECT sum(n) AS n FROM typed")))
        .contains("'n': 1 value was rounded to the digits of decimal(9, 2), such as '1.005'");
    assertThat(shown(kernel.run("%sql SELECT sum(n) AS n FROM typed"))).doesNotContain("rounded");
  }

  private static String shown(KernelClient.Answer answer) {
    return answer.of("stream").toString() + answer.of("display_data");
  }

  @Test
  void saysWhereALoadWrote() {
    kernel.run("%sql outputView=rows SELECT 1 AS id");
    KernelClient.Answer answer =
        kernel.run(
            "{type: ParquetLoad, name: l, inputView: rows, outputURI: \"s3a://bucket/out\"}");
    assertThat(answer.text()).startsWith("Written:\n  s3a://bucket/out  ->  ");
    assertThat(folder.resolve("lake/bucket/out/_SUCCESS")).exists();
  }

  @Test
  void tellsAMistakeWithItsLineAndARemedy() {
    KernelClient.Answer answer =
        kernel.run(
            "{\n  \"type\": \"DelimitedExtract\",\n  \"name\": \"x\",\n  \"delimeter\": \"Pipe\"\n}");
    assertThat(answer.status()).isEqualTo("error");
    assertThat(answer.error())
        .containsPattern(
            "cell \\d+ line 4: DelimitedExtract has no key \"delimeter\"; did you mean"
                + " \"delimiter\"\\? \\[UNKNOWN_KEY]")
        .contains("^^^^^^^^^");
  }

  @Test
  void tellsAnUnknownViewFromTheViewsOfEarlierCells() {
    kernel.run("%sql outputView=contacts SELECT 1 AS id");
    assertThat(kernel.run("%sql SELECT * FROM contact").error())
        .contains("did you mean \"contacts\"?");
    assertThat(kernel.run("%printschema contacts").text()).startsWith("root\n |-- id: integer");
  }

  @Test
  void doesNotRunTheCellsBehindAFailedOne() {
    String failing = kernel.sendCell("%sql SELECT * FROM nowhere_at_all");
    String behind = kernel.sendCell("%sql outputView=never_made SELECT 1");
    assertThat(kernel.await(failing, message -> {}).status()).isEqualTo("error");
    assertThat(kernel.await(behind, message -> {}).status()).isEqualTo("aborted");
    assertThat(kernel.run("%printschema never_made").status()).isEqualTo("error");
  }

  @Test
  void anInterruptStopsSparkAndLeavesTheSession() {
    kernel.run("%sql outputView=kept SELECT 42 AS answer");
    KernelClient.Answer answer =
        kernel.run(
            "%sql\nSELECT count(*) FROM range(1000000000000L) WHERE id % 7 = 3",
            message -> {
              if (message.at("/header/msg_type").asText().equals("display_data")) {
                kernel.interrupt();
              }
            });
    assertThat(answer.of("error").get(0).path("ename").asText()).isEqualTo("INTERRUPTED");
    assertThat(kernel.run("%sql SELECT answer FROM kept").text()).endsWith("42");
  }

  @Test
  void replacesADeadSession() {
    kernel.run("%sql outputView=lost SELECT 1");
    SparkSession.getDefaultSession().get().stop();
    KernelClient.Answer answer = kernel.run("%sql SELECT 7 AS seven");
    assertThat(answer.text()).endsWith("7");
    assertThat(answer.of("stream").get(0).path("text").asText()).startsWith("Spark had stopped;");
    assertThat(kernel.run("%sql SELECT * FROM lost").error()).contains("UNKNOWN_VIEW");
  }

  @Test
  void goesOnAfterAMessageOfAStranger() {
    kernel.sendForged();
    assertThat(kernel.run("%version").status()).isEqualTo("ok");
  }

  /** What is published, to other front ends too, and what the history keeps. */
  @Test
  void nobodyElseIsToldASecret() {
    List<KernelClient.Answer> answers =
        List.of(
            kernel.run("%env\nETL_CONF_PASSWORD=hunter22"),
            kernel.run("%env ETL_CONF_CLIENT_SECRET=hunter23"),
            kernel.run(
                "%sql sqlParams=p=${ETL_CONF_PASSWORD},t=${ETL_CONF_API_TOKEN}\n"
                    + "SELECT '${p}' AS p, 'topsecret' AS t, 'hunter22' AS written"),
            kernel.run(
                "{\"type\": \"HTTPExtract\", \"name\": \"h\", \"environments\": [\"test\"], \"outputView\":"
                    + " \"h\", \"inputURI\": \"http://me:hunter24@127.0.0.1:1/?api_key=hunter25\"}"),
            kernel.run("%printenv"));
    String all =
        answers.stream()
            .map(answer -> answer.reply().toString() + answer.published())
            .collect(Collectors.joining());
    assertThat(all).contains("*****").doesNotContain("hunter2").doesNotContain("topsecret");
    String history = kernel.history().toString();
    assertThat(history)
        .contains("%env", "*****")
        .doesNotContain("hunter2")
        .doesNotContain("topsecret");
  }

  @Test
  void echoesNoSecret() {
    KernelClient.Answer defined =
        kernel.run("%env\nETL_CONF_PASSWORD=hunter22\nETL_CONF_OTHER=shown");
    assertThat(defined.text())
        .contains("ETL_CONF_PASSWORD: *****")
        .contains("ETL_CONF_OTHER: shown");
    String cell = "%sql sqlParams=p=${ETL_CONF_PASSWORD},t=${ETL_CONF_API_TOKEN}\n";
    assertThat(kernel.run(cell + "SELECT '${p}' AS p, '${t}' AS t").text())
        .doesNotContain("hunter22")
        .doesNotContain("topsecret");
    assertThat(kernel.run(cell + "SELECT raise_error('${p} ${t}')").error())
        .contains("*****")
        .doesNotContain("hunter22")
        .doesNotContain("topsecret");
    assertThat(kernel.run("{\"type\": \"X\", \"secretAccessKey\": \"abc\"}").error())
        .contains("%secret");
  }

  @Test
  void keepsSettingsAndRefusesUnknownOnes() {
    assertThat(kernel.run("%conf\nnumRows=5").text()).contains("numRows: 5");
    assertThat(kernel.run("%conf\nnumRow=5").error()).contains("did you mean \"numRows\"?");
    assertThat(kernel.run("%conf\nnumRows=many").error()).contains("must be a whole number");
    kernel.run("%conf\nnumRows=20");
  }

  @Test
  void refusesAMagicThatNobodyKnows() {
    assertThat(kernel.run("%shema\ncontacts").error()).contains("did you mean \"%schema\"?");
  }

  @Test
  void completesStagesKeysValuesViewsAndColumns() {
    kernel.run("%sql outputView=orders SELECT 1 AS order_id, 2 AS amount");
    assertThat(kernel.complete("{\"type\": \"DelimitedE")).containsExactly("DelimitedExtract");
    assertThat(kernel.complete("{\"type\": \"DelimitedExtract\", \"delim"))
        .containsExactly("delimiter");
    assertThat(kernel.complete("{\"type\": \"DelimitedExtract\",\n  \"delimiter\": \"P"))
        .containsExactly("Pipe");
    assertThat(kernel.complete("{\"type\": \"ParquetLoad\", \"inputView\": \"ord"))
        .containsExactly("orders");
    assertThat(kernel.complete("%sql\nSELECT * FROM ord")).containsExactly("orders");
    assertThat(kernel.complete("%sql\nWITH x AS (SELECT 1 FROM orders o) SELECT o.am"))
        .containsExactly("amount");
    assertThat(kernel.complete("%sqlv")).containsExactly("%sqlvalidate");
    assertThat(kernel.complete("{\"inputURI\": \"s3a://\"${ETL_CONF_DATAL"))
        .containsExactly("ETL_CONF_DATALAKE_LOC}");
    // A character of two halves before the cursor
    assertThat(kernel.complete("%sql\nSELECT '😀' FROM ord")).containsExactly("orders");
  }

  @Test
  void explainsKeysTypesAndColumns() {
    kernel.run("%sql outputView=orders SELECT 1 AS order_id");
    String stage = "{\"type\": \"DelimitedExtract\", \"delimiter\": \"Pipe\"}";
    assertThat(inspect(stage, stage.indexOf("delim") + 2)).contains("one of Comma, Pipe");
    assertThat(inspect(stage, stage.indexOf("Delimited") + 2))
        .contains("Makes a view of delimited");
    assertThat(inspect("%sql\nSELECT order_id FROM orders", 14)).contains("int");
    assertThat(inspect("%sql\nSELECT order_id FROM orders", 30)).contains("|-- order_id");
  }

  private static String inspect(String code, int cursor) {
    return kernel.ask("inspect_request", code, cursor).at("/data/text~1plain").asText();
  }

  @Test
  void drawsPlotsAndTheJob() {
    kernel.run("%sql name=squares outputView=squares SELECT id AS x, id * id AS y FROM range(10)");
    assertThat(kernel.run("%plot squares x=x y=y kind=line").result(Content.SVG))
        .startsWith("<svg")
        .contains("<polyline");
    assertThat(kernel.run("%plot squares x=z").error()).contains("There is no column \"z\"");
    KernelClient.Answer graph = kernel.run("%graph");
    assertThat(graph.text()).contains("[squares]--> squares (10 rows)");
    assertThat(graph.result(Content.SVG)).contains(">10 rows<");
  }

  @Test
  void listsAFolder() throws Exception {
    Files.createDirectories(folder.resolve("lake/bucket/listed"));
    Files.writeString(folder.resolve("lake/bucket/listed/a.txt"), "12345");
    assertThat(kernel.run("%list\ns3a://bucket/listed").text()).contains("a.txt").contains("5 B");
    assertThat(kernel.run("%list\ns3a://bucket/not-there").error()).contains("There is nothing in");
  }

  @Test
  void theManualListsEveryMagic() throws Exception {
    String manual = Files.readString(Path.of("../../docs/notebooks.md"));
    assertThat(manual).contains(MagicsTable.markdown());
    assertThat(MagicsTable.entries().stream().map(MagicsTable.Entry::word).toList())
        .containsAll(List.of("%sql", "%env", "%graph"));
  }
}
