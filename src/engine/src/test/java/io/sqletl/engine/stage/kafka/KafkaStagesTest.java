package io.sqletl.engine.stage.kafka;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.spark;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.job.JobOptions;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.SqlJob;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kafka extract, load and commit against a real broker. */
class KafkaStagesTest {

  private static LocalKafka kafka;

  @TempDir Path directory;

  @BeforeAll
  static void startKafka() {
    kafka = LocalKafka.start();
  }

  private static String extract(String topic, String keys) {
    return stage(
        "KafkaExtract",
        "bootstrapServers: \""
            + kafka.address()
            + "\", topic: \""
            + topic
            + "\", groupID: \"g\", outputView: messages\n"
            + keys);
  }

  private static String commit(String view) {
    return stage(
        "KafkaCommitExecute",
        "bootstrapServers: \"" + kafka.address() + "\", groupID: g, inputView: " + view);
  }

  private static String load(String topic, String keys) {
    return stage(
        "KafkaLoad",
        "inputView: sent, bootstrapServers: \""
            + kafka.address()
            + "\", topic: \""
            + topic
            + "\"\n"
            + keys);
  }

  @Test
  void messagesOfOtherProgramsAreReadWithAllThatKafkaKnowsOfThem() throws Exception {
    kafka.topic("orders", 2);
    kafka.send("orders", 0, "a", "bücher");
    kafka.send("orders", 1, "c");
    SqlJob job = SqlJob.run(extract("orders", ""));
    assertThat(
            rows(
                "select topic, partition, offset, timestampType, key, cast(value as string) from"
                    + " messages order by partition, offset"))
        .containsExactly(
            "[orders,0,0,0,null,a]", "[orders,0,1,0,null,bücher]", "[orders,1,0,0,null,c]");
    assertThat(spark().table("messages").schema().toDDL())
        .isEqualTo(
            "topic STRING,partition INT,offset BIGINT,timestamp BIGINT,timestampType INT,key"
                + " BINARY,value BINARY");
    assertThat(job.detail())
        .containsEntry(
            "offsets",
            Map.of(
                "from", "{\"orders\":{\"0\":0,\"1\":0}}", "to", "{\"orders\":{\"0\":2,\"1\":1}}"));
  }

  @Test
  void theViewDoesNotGrowAndTheNextRunGoesOnBehindWhatWasCommitted() throws Exception {
    kafka.topic("clicks", 1);
    kafka.send("clicks", 0, "1", "2");
    SqlJob.run(extract("clicks", ""));
    kafka.send("clicks", 0, "3");
    assertThat(rows("select count(*) from messages")).containsExactly("[2]");

    SqlJob.run(extract("clicks", ""));
    assertThat(rows("select count(*) from messages"))
        .as("nothing was committed")
        .containsExactly("[3]");
    SqlJob.run(extract("clicks", "maxRecords: 2") + commit("messages"));
    assertThat(kafka.committed("g", "clicks", 0)).isEqualTo(2);

    SqlJob.run(extract("clicks", "autoCommit: true"));
    assertThat(rows("select cast(value as string) from messages")).containsExactly("[3]");
    assertThat(kafka.committed("g", "clicks", 0)).isEqualTo(3);
    SqlJob.run(extract("clicks", "") + commit("messages"));
    assertThat(rows("select * from messages")).isEmpty();
    assertThat(kafka.committed("g", "clicks", 0)).isEqualTo(3);
  }

  @Test
  void messagesThatWereDeletedBeforeTheyWereReadAreAFailureUnlessTheJobSaysOtherwise()
      throws Exception {
    kafka.topic("short", 1);
    kafka.send("short", 0, "1", "2", "3");
    SqlJob.run(extract("short", "maxRecords: 1") + commit("messages"));
    kafka.deleteBefore("short", 0, 2);
    assertThatThrownBy(() -> SqlJob.run(extract("short", "")))
        .hasMessage(
            "KafkaExtract: the group 'g' is at offset 1 of partition 0 of the topic 'short', which"
                + " has those from 2 to 3; messages were deleted before they were read. Set"
                + " 'strict' to false to go on with what is there.");
    SqlJob.run(extract("short", "strict: false"));
    assertThat(rows("select cast(value as string) from messages")).containsExactly("[3]");
  }

  @Test
  void rowsAreSentWithTheirKeys() throws Exception {
    kafka.topic("out", 1);
    SqlJob.run(
        view("sent", "select * from values ('k', 'v'), (null, 'ü') as t(key, value)")
            + load("out", "numPartitions: 1, acks: -1, retries: 3"));
    assertThat(kafka.messages("out", 0)).containsExactlyInAnyOrder("k=v", "null=ü");
    SqlJob.run(view("sent", "select 'alone' as value") + load("out", ""));
    assertThat(kafka.messages("out", 0)).contains("null=alone");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          select 1 as value          | [value: int]
          select 'a' as a, 'b' as b  | [a: string, b: string]
          select 'k' as key          | [key: string]
          select 'v' as `va lue`     | [va lue: string]
          select 'v' as `value.x`    | [value.x: string]
          """)
  void onlyMessagesCanBeSent(String query, String columns) {
    assertThatThrownBy(() -> SqlJob.run(view("sent", query) + load("none", "")))
        .hasMessageStartingWith("KafkaLoad requires inputView to be dataset with [value: string]")
        .hasMessageEndingWith(columns + ".");
  }

  @Test
  void whatIsNotThereIsNamedWithTheRemedy() {
    assertThatThrownBy(() -> SqlJob.run(extract("nowhere", "")))
        .hasMessage(
            "KafkaExtract: there is no topic 'nowhere' at '"
                + kafka.address()
                + "'; correct 'topic', or create it.");
    String away =
        stage(
            "KafkaExtract",
            "bootstrapServers: \"localhost:1\", topic: t, groupID: g, outputView: v, timeout: 500");
    assertThatThrownBy(() -> SqlJob.run(away))
        .hasMessageStartingWith("KafkaExtract gets no answer of Kafka at 'localhost:1': ")
        .hasMessageEndingWith(
            "; correct 'bootstrapServers', or the options of the connection in 'params'.");
    assertThatThrownBy(() -> SqlJob.run(view("other", "select 1 as offset") + commit("other")))
        .hasMessage(
            "KafkaCommitExecute needs the columns topic, partition and offset of a KafkaExtract;"
                + " inputView 'other' has [offset].");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          topic: "a b"              | "a b" is no name of a topic; write letters, digits, '.', '_' and '-', at most 249
          bootstrapServers: broker  | "broker" are no brokers; write HOST:PORT, several with commas between them
          timeout: 0                | "timeout" is 0; it counts from 1
          maxRecords: 0             | "maxRecords" is 0; it counts from 1
          maxPollRecords: 0         | "maxPollRecords" is 0; it counts from 1
          """)
  void wrongKeysAreFoundBeforeTheRun(String key, String message) {
    assertThat(SqlJob.problems(extract("t", key)))
        .extracting(Problem::headline)
        .singleElement()
        .asString()
        .contains(message);
  }

  @Test
  void aStreamBeginsWhereTheGroupIsAndIsWrittenAsItComes() throws Exception {
    kafka.topic("in", 1);
    kafka.topic("through", 1);
    kafka.send("in", 0, "old", "new");
    SqlJob.run(extract("in", "maxRecords: 1") + commit("messages"));
    spark()
        .conf()
        .set("spark.sql.streaming.checkpointLocation", directory.resolve("checkpoint").toString());
    JobOptions batch = SqlJob.options();
    JobOptions streaming =
        new JobOptions("test", false, true, false, batch.storageLevel(), true, true, true, true);
    String job =
        extract("in", "maxRecords: 1")
            + view("sent", "select upper(cast(value as string)) as value from messages")
            + load("through", "");
    try {
      SqlJob.plan("job.conf", "stages = [" + job + "]", streaming).run();
      kafka.send("in", 0, "newer");
      for (StreamingQuery query : spark().streams().active()) {
        query.processAllAvailable();
      }
      assertThat(kafka.messages("through", 0)).containsExactly("null=NEW", "null=NEWER");
    } finally {
      for (StreamingQuery query : spark().streams().active()) {
        query.stop();
      }
      spark().conf().unset("spark.sql.streaming.checkpointLocation");
    }
  }

  @Test
  void aLimitIsSharedByThePartitions() {
    OffsetRange range =
        new OffsetRange("t", Map.of(0, 0L, 1, 10L, 2, 5L), Map.of(0, 1L, 1, 110L, 2, 5L));
    assertThat(range.limited(7).to()).isEqualTo(Map.of(0, 1L, 1, 16L, 2, 5L));
    assertThat(range.limited(1_000)).isEqualTo(range);
    assertThat(range.limited(7).count()).isEqualTo(7);
  }
}
