package io.sqletl.engine.stage.transform;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.run;
import static io.sqletl.engine.stage.SqlJob.spark;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.InternalColumn;
import io.sqletl.engine.stage.SqlJob;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DebeziumTransformStageTest {

  private static final String CUSTOMERS =
      """
      schema: [{name: id, type: integer, nullable: false}, {name: Name, type: string, nullable: true}]
      """;

  /** Events by lines: the operation, then the row before and after, each an object or null. */
  private static void events(String... lines) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < lines.length; i++) {
      String[] parts = lines[i].split(" ; ");
      String row = parts[2].equals("null") ? parts[1] : parts[2];
      String id = row.replaceAll(".*\"id\": ?(\\d+).*", "$1");
      rows.add(
          RowFactory.create(
              ("{\"payload\": {\"id\": " + id + "}}").getBytes(),
              ("{\"payload\": {\"op\": \""
                      + parts[0]
                      + "\", \"before\": "
                      + parts[1]
                      + ", \"after\": "
                      + parts[2]
                      + ", \"source\": {\"connector\": \"mysql\"}}}")
                  .getBytes(),
              "customers",
              (long) i));
    }
    register(rows);
  }

  private static void register(List<Row> rows) {
    StructType columns =
        new StructType()
            .add("key", DataTypes.BinaryType)
            .add("value", DataTypes.BinaryType)
            .add("topic", DataTypes.StringType)
            .add("offset", DataTypes.LongType);
    spark().createDataFrame(rows, columns).createOrReplaceTempView("raw_events");
  }

  @Test
  void theLastEventOfEachKeyIsWhatIsThereNow() throws Exception {
    events(
        "c ; null ; {\"id\": 1, \"Name\": \"ann\"}",
        "r ; null ; {\"id\": 2, \"Name\": \"bob\"}",
        "u ; {\"id\": 1, \"Name\": \"ann\"} ; {\"id\": 1, \"Name\": \"anne\"}",
        "d ; {\"id\": 2, \"Name\": \"bob\"} ; null",
        "c ; null ; {\"id\": 3, \"Name\": null}");
    follow(CUSTOMERS, "");
    assertThat(rows("select id, Name, _topic, _offset from now order by id"))
        .containsExactly("[1,anne,customers,2]", "[3,null,customers,4]");
    assertThat(InternalColumn.isInternal(spark().table("now").schema().apply("_offset").metadata()))
        .isTrue();
  }

  /** Runs the stage on the events as they were registered. */
  private static SqlJob follow(String schema, String keys) throws Exception {
    return run(
        stage(
                    "SQLTransform",
                    "outputView: events, sql: \"select * from ${t}\", sqlParams: {t: \"parquet.`PATH`\"}")
                .replace("PATH", saved())
            + view("was", "select 7 as id, 'old' as name")
            + stage("DebeziumTransform", "inputView: events, outputView: now\n" + schema + keys));
  }

  private static String saved() {
    String path = System.getProperty("java.io.tmpdir") + "/sql-etl-debezium-events";
    spark().table("raw_events").coalesce(1).write().mode("overwrite").parquet(path);
    return path;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          c ; null ; {"id": 1, "Name": "a"} # c ; null ; {"id": 1, "Name": "b"}                     | expected previous value to be null for operation 'c' (key '1', offset 1)
          u ; {"id": 1, "Name": "a"} ; {"id": 1, "Name": "b"}                                       | expected previous value to equal next before value for operation 'u' (key '1', offset 0)
          c ; null ; {"id": 1, "Name": "a"} # u ; {"id": 1, "Name": "z"} ; {"id": 1, "Name": "b"}   | expected previous value to equal next before value for operation 'u' (key '1', offset 1)
          c ; null ; {"id": 1, "Name": "a"} # d ; {"id": 1, "Name": "z"} ; null                     | expected previous value to equal next before value for operation 'd' (key '1', offset 1)
          """)
  void aGapEndsAStrictRunAndNoOther(String lines, String message) throws Exception {
    events(lines.split(" # "));
    assertThatThrownBy(
            () -> {
              follow(CUSTOMERS, "");
              rows("select * from now");
            })
        .hasStackTraceContaining(message);
    follow(CUSTOMERS, "strict: false");
    assertThat(rows("select * from now")).hasSizeLessThan(2);
  }

  @Test
  void timesWithoutAUnitAreToldAndRefusedWhereMillisecondsCannotBe() throws Exception {
    String schema =
        "schema: [{name: v, type: timestamp, formatters: [uuuu], timezoneId: UTC, nullable:"
            + " true}]\n";
    String event =
        "{\"op\": \"c\", \"before\": null, \"after\": {\"v\": %s}, \"source\":"
            + " {\"connector\": \"mysql\"}}";
    register(
        List.of(
            RowFactory.create(
                "{\"id\": 1}".getBytes(), event.formatted("1577872800000").getBytes(), "t", 0L)));
    SqlJob job = follow(schema, "");
    assertThat(rows("select v from now")).containsExactly("[2020-01-01 10:00:00.0]");
    assertThat(job.runWarnings())
        .singleElement()
        .satisfies(
            warning ->
                assertThat(warning.message())
                    .contains("the times of 'v' as numbers")
                    .endsWith("they are taken for milliseconds"));
    register(
        List.of(
            RowFactory.create(
                "{\"id\": 1}".getBytes(),
                event.formatted("1577872800000000").getBytes(),
                "t",
                0L)));
    follow(schema, "");
    assertThatThrownBy(() -> rows("select v from now"))
        .hasStackTraceContaining("for field 'v': the event does not say the unit");
  }

  @Test
  void keysOfSeveralColumnsDoNotBecomeOne() throws Exception {
    String event =
        "{\"op\": \"c\", \"before\": null, \"after\": {\"v\": 1}, \"source\": {\"connector\":"
            + " \"mysql\"}}";
    register(
        List.of(
            RowFactory.create(
                "{\"a\": \"x|y\", \"b\": \"z\"}".getBytes(), event.getBytes(), "t", 0L),
            RowFactory.create(
                "{\"a\": \"x\", \"b\": \"y|z\"}".getBytes(), event.getBytes(), "t", 1L)));
    follow("schema: [{name: v, type: integer, nullable: true}]\n", "");
    assertThat(rows("select v from now")).containsExactly("[1]", "[1]");
  }

  @Test
  void eventsFollowFromTheRowsThatWereThere() throws Exception {
    events("u ; {\"id\": 7, \"Name\": \"old\"} ; {\"id\": 7, \"Name\": \"new\"}");
    follow(CUSTOMERS, "initialStateView: was, initialStateKey: id");
    assertThat(rows("select id, Name from now")).containsExactly("[7,new]");
    events("c ; null ; {\"id\": 8, \"Name\": \"eight\"}");
    follow(CUSTOMERS, "initialStateView: was, initialStateKey: ID");
    assertThat(rows("select id, Name, _topic from now order by id"))
        .containsExactly("[7,old,null]", "[8,eight,customers]");
  }

  @Test
  void noEventsGiveNoRows() throws Exception {
    register(List.of());
    follow(CUSTOMERS, "");
    assertThat(rows("select * from now")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          type: boolean, trueValues: [], falseValues: []       |                                         | 1                        | true
          type: date, formatters: [uuuu]                       | "type": "int32", "name": "io.debezium.time.Date" | 18000            | 2019-04-14
          type: decimal, precision: 9, scale: 2                | "type": "bytes", "parameters": {"scale": "2"} | "BNI="              | 12.34
          type: decimal, precision: 9, scale: 2                |                                         | "8914.714"               | 8914.71
          type: double                                         |                                         | 1.5                      | 1.5
          type: long                                           |                                         | 9007199254740993         | 9007199254740993
          type: string                                         |                                         | "grüße"                  | grüße
          type: time, formatters: [HHmm]                       | "name": "io.debezium.time.MicroTime"    | 34200000000              | 09:30
          type: timestamp, formatters: [uuuu], timezoneId: UTC | "name": "io.debezium.time.Timestamp"    | 1577872800000            | 2020-01-01 10:00:00.0
          type: timestamp, formatters: [uuuu], timezoneId: UTC | "name": "io.debezium.time.MicroTimestamp" | 1577872800000000       | 2020-01-01 10:00:00.0
          type: timestamp, formatters: [uuuu], timezoneId: UTC | "name": "io.debezium.time.ZonedTimestamp" | "2020-01-01T11:00:00+01:00" | 2020-01-01 10:00:00.0
          """)
  void valuesAreReadInTheWaysThatConnectorsWriteThem(
      String type, String described, String value, String expected) throws Exception {
    String event =
        """
        {"schema": {"fields": [{"field": "after", "fields": [{"field": "v", DESCRIBED}]}]},
         "payload": {"op": "c", "before": null, "after": {"v": VALUE},
           "source": {"connector": "postgresql"}}}
        """
            .replace("DESCRIBED", described == null ? "\"optional\": true" : described)
            .replace("VALUE", value);
    register(
        List.of(RowFactory.create("{\"id\": 1}".getBytes(), event.getBytes("UTF-8"), "t", 0L)));
    follow("schema: [{name: v, nullable: true, " + type + "}]\n", "");
    assertThat(rows("select v from now")).containsExactly("[" + expected + "]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {"id": 1}      | {                                                                                  | invalid message format. 'value' is no JSON
          {"id": 1}      | {"payload": {"op": "c"}}                                                           | invalid message format. missing 'value.payload.source.connector' attribute.
          {"id": 1}      | {"payload": {"source": {"connector": "mysql"}}}                                    | invalid message format. missing 'value.payload.op' attribute.
          {"id": 1}      | {"op": "x", "source": {"connector": "mysql"}}                                      | invalid message format. unknown operation 'x'.
          {"id": 1}      | {"op": "c", "source": {"connector": "mongodb"}}                                    | cannot follow events of the connector 'mongodb'
          {"id": 1}      | {"op": "c", "after": null, "source": {"connector": "mysql"}}                       | expected 'value.payload.after' to be Object.
          {"id": 1}      | {"op": "u", "before": null, "after": {"id": 1}, "source": {"connector": "mysql"}}  | expected 'value.payload.before' to be Object; a database that does not log old rows
          {"id": 1}      | {"op": "c", "after": {"Name": "a"}, "source": {"connector": "mysql"}}              | missing value for non-nullable field 'id'
          {"id": 1}      | {"op": "c", "after": {"id": "x"}, "source": {"connector": "mysql"}}                | '"x"' does not match expected data type 'int' for field 'id'.
          {}             | {"op": "c", "after": {"id": 1}, "source": {"connector": "mysql"}}                  | invalid message format. expected 'key.payload' to be Object.
          """)
  void aWrongEventIsSaid(String key, String value, String message) {
    register(List.of(RowFactory.create(key.getBytes(), value.getBytes(), "t", 0L)));
    assertThatThrownBy(
            () -> {
              follow(CUSTOMERS, "");
              rows("select * from now");
            })
        .hasStackTraceContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          initialStateView: was                                 | DebeziumTransform needs "initialStateKey" with "initialStateView"
          initialStateKey: id                                   | "initialStateKey" is of no use without "initialStateView"
          """)
  void keysAreCheckedBefore(String keys, String message) {
    assertThat(
            SqlJob.problems(
                view("was", "select 1 as id")
                    + view("e", "select 1 as a")
                    + stage(
                        "DebeziumTransform", "inputView: e, outputView: o\n" + CUSTOMERS + keys)))
        .extracting(Problem::message)
        .containsExactly(message);
  }

  @Test
  void aViewWithoutEventsIsSaid() {
    assertThatThrownBy(
            () ->
                run(
                    view("e", "select 1 as key")
                        + stage("DebeziumTransform", "inputView: e, outputView: o\n" + CUSTOMERS)))
        .hasMessage(
            "DebeziumTransform requires inputView to have the columns [key, value, topic, offset]"
                + " but 'e' has: [key].");
  }

  private static final String TEXTS =
      """
      schema: [{name: id, type: integer, nullable: false}, {name: doc, type: string, nullable: true},
        {name: qty, type: decimal, precision: 30, scale: 5, nullable: true}]
      """;

  @Test
  void aLargeValueThatWasNotSentIsKeptOrNullAndTold() throws Exception {
    String missing = "\"__debezium_unavailable_value\"";
    events(
        "c ; null ; {\"id\": 1, \"doc\": \"old\", \"qty\": 1}",
        "u ; null ; {\"id\": 1, \"doc\": " + missing + ", \"qty\": 12345678901234567.12345}",
        "u ; null ; {\"id\": 2, \"doc\": " + missing + ", \"qty\": 3}");
    SqlJob job = follow(TEXTS, "strict: false");
    assertThat(rows("select id, doc, qty from now order by id"))
        .containsExactly("[1,old,12345678901234567.12345]", "[2,null,3.00000]");
    assertThat(job.rejected().orElseThrow().values().value().count()).isEqualTo(1);
    assertThat(job.rejected().orElseThrow().values().value().first().get(0).message())
        .contains("the row of key '2' lacks the value of 'doc'");
    job = follow(TEXTS, "strict: false, unavailableValues: \"null\"");
    assertThat(rows("select id, doc from now order by id")).containsExactly("[1,null]", "[2,null]");
    assertThat(job.rejected().orElseThrow().values().value().count()).isEqualTo(2);
  }

  @Test
  void aColumnThatNoEventHasIsNamed() throws Exception {
    events("c ; null ; {\"id\": 1, \"doc\": \"x\"}");
    SqlJob job = follow(TEXTS, "");
    assertThat(job.runWarnings())
        .singleElement()
        .satisfies(
            warning -> assertThat(warning.message()).endsWith("has the schema's column 'qty'"));
  }
}
