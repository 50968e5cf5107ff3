package io.sqletl.engine.stage.extract;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.spark;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;

import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.Folder;
import io.sqletl.engine.stage.SqlJob;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every record of JSON is read, wherever it stands, and no digit of it is lost. */
class JsonRecordsTest {

  @TempDir Path directory;
  private Folder folder;

  @BeforeEach
  void makeFolder() {
    folder = new Folder(directory);
  }

  private void extract(String keys) throws Exception {
    SqlJob.run(stage("JSONExtract", "inputURI: \"" + folder + "/in\"\noutputView: json\n" + keys));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\":1}\n{\"id\":2}\n{\"id\":3}\n",
        "{\"id\":1}{\"id\":2} {\"id\":3}",
        "{\n  \"id\": 1\n}\n{\n  \"id\": 2\n}\n{\n  \"id\": 3\n}",
        "[{\"id\":1},{\"id\":2},{\"id\":3}]",
        "[\n  {\"id\": 1},\n  {\"id\": 2},\n  {\"id\": 3}\n]\n",
        "[{\"id\":1}]\n[{\"id\":2},\n{\"id\":3}]",
        "\uFEFF{\"id\":1},\n{\"id\":2},\r\n{\"id\":3}",
        "{\"id\":1,\"t\":\"}{\\\"[\"}{\"id\":2,\"t\":[{\"u\":\"]\"}]}{\"id\":3}",
      })
  void everyDocumentOfAFileIsRead(String text) throws Exception {
    folder.with("in/a.json", text);
    extract("");
    assertThat(rows("select id, _index from json order by id"))
        .containsExactly("[1,1]", "[2,2]", "[3,3]");
    assertThat(rows("select count(*) from json")).containsExactly("[3]");
  }

  @Test
  void documentsOnOneLineAreAllReadWhereLinesAreRecords() throws Exception {
    folder.with("in/a.json", "{\"id\":1}{\"id\":2}\n\n[{\"id\":3}]\n");
    extract("multiLine: false");
    assertThat(rows("select id from json order by id")).containsExactly("[1]", "[2]", "[3]");
    assertThat(rows("select count(*) from json")).containsExactly("[3]");
  }

  @Test
  void whatJsonLoadWritesIsReadBackByDefault() throws Exception {
    SqlJob.run(
        view("a", "select id, cast(id as string) as t from range(1000)")
            + stage(
                "JSONLoad", "inputView: a, outputURI: \"" + folder + "/in\", numPartitions: 1"));
    extract("");
    assertThat(rows("select count(*), sum(id), count(t) from json"))
        .containsExactly("[1000,499500,1000]");
  }

  @Test
  void noDigitIsLostWithoutASchema() throws Exception {
    folder.with(
        "in/a.json",
        "{\"big\":12345678901234567890,\"money\":1.10,\"half\":0.5,\"one\":1.0,\"long\":3000000000,"
            + "\"precise\":0.1234567890123456789012,\"huge\":1e400,\"e\":1e5,\"mixed\":1}\n"
            + "{\"big\":1,\"money\":2.5,\"half\":2,\"one\":100.0,\"mixed\":\"x\","
            + "\"longer\":123456789012345678901234567890123456789012345678901234567890}");
    extract("");
    assertThat(
            rows(
                "select big, money, half, one, long, precise, huge, e, mixed, longer from json"
                    + " order by _index"))
        .containsExactly(
            "[12345678901234567890,1.10,0.5,1.0,3000000000,0.1234567890123456789012,1e400,"
                + "100000.0,1,null]",
            "[1,2.50,2.0,100.0,null,null,null,null,x,"
                + "123456789012345678901234567890123456789012345678901234567890]");
    assertThat(spark().table("json").schema().apply("half").dataType().simpleString())
        .isEqualTo("double");
  }

  @Test
  void nestedValuesAreKeptAndMixedOnesAreTheirText() throws Exception {
    folder.with(
        "in/a.json",
        "{\"o\":{\"x\":1,\"y\":[{\"z\":1.5},{}]},\"m\":{\"a\": 1.10},\"n\":null,\"e\":{},\"l\":[]}\n"
            + "{\"m\":[1, 2]}");
    extract("");
    assertThat(spark().table("json").drop("_filename", "_index", "_errors").schema().simpleString())
        .isEqualTo(
            "struct<l:array<string>,m:string,n:string,"
                + "o:struct<x:bigint,y:array<struct<z:double>>>>");
    assertThat(rows("select m, o.y[0].z from json order by _index"))
        .containsExactly("[{\"a\": 1.10},1.5]", "[[1, 2],null]");
  }

  @Test
  void otherEncodingsThatShowThemselvesAreRead() throws Exception {
    folder.with("in/a.json", "{\"t\":\"Zürich\"}".getBytes(StandardCharsets.UTF_16));
    folder.with("in/b.json", "{\"t\":\"Zürich\"}".getBytes(StandardCharsets.UTF_16LE));
    folder.with("in/c.json.gz", Folder.gzip("{\"t\":\"Zürich\"}"));
    extract("");
    assertThat(rows("select t, count(*) from json group by t")).containsExactly("[Zürich,3]");
  }

  @Test
  void textsOfAViewMayHoldSeveralRecords() throws Exception {
    SqlJob.run(
        view("texts", "select '{\"b\": 1}{\"b\": 2}' as t")
            + stage("JSONExtract", "inputView: texts, outputView: json"));
    assertThat(rows("select b from json order by b")).containsExactly("[1]", "[2]");
  }

  @Test
  void fieldsWhoseObjectsAreAllEmptyAreTold() throws Exception {
    String records =
        """
        {"id":1,"opts":{},"items":[{},{}],"o":{"p":{},"q":1},"l":[{"x":[[{}]],"y":2}],"t":{},"u":[]}
        {"id":2,"opts":null,"items":[],"o":{"q":2},"l":[],"t":{"n":{}},"u":null,"k":{},"z":null}
        {"id":3,"k":"x"}
        """;
    folder.with("in/a.json", records);
    String told =
        "JSONExtract 'a JSONExtract': the fields 'items', 'l[].x', 'o.p', 'opts', 't' have no"
            + " columns: every object there is {}";
    SqlJob job = SqlJob.run(stage("JSONExtract", input() + "outputView: json"));
    assertThat(job.runWarnings())
        .extracting(Problem::message)
        .filteredOn(text -> !text.contains("of different kinds"))
        .containsExactly(told);
    assertThat(spark().table("json").columns())
        .startsWith("id", "k", "l", "o", "u", "z", "_filename");
    job =
        SqlJob.run(
            view("texts", "select value from text.`" + folder.of("in/a.json") + "`")
                + stage("JSONExtract", "inputView: texts, outputView: json"));
    assertThat(job.runWarnings())
        .extracting(Problem::message)
        .filteredOn(text -> !text.contains("of different kinds"))
        .containsExactly(told);
    folder.with(
        "schema.conf",
        "[{name: opts, type: string, nullable: true}, {name: items, type: string, nullable: true}]");
    job =
        SqlJob.run(
            stage(
                "JSONExtract",
                input() + "outputView: json, schemaURI: \"" + folder.of("schema.conf") + "\""));
    assertThat(rows("select opts, items from json order by _index"))
        .containsExactly("[{},[{},{}]]", "[null,[]]", "[null,null]");
    assertThat(job.runWarnings()).isEmpty();
  }

  private String input() {
    return "inputURI: \"" + folder + "/in\"\n";
  }
}
