package io.sqletl.engine.stage.extract;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.unix_millis;

import io.sqletl.engine.stage.OutputView;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import io.sqletl.engine.stage.kafka.KafkaBrokers;
import io.sqletl.engine.stage.kafka.OffsetRange;
import io.sqletl.engine.stage.kafka.TopicName;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Makes a view of the messages of a topic that a group has not read. Which ones is settled as the
 * stage runs, so that the view holds the same messages however often it is used.
 */
public final class KafkaExtractStage implements StageType<KafkaExtract> {

  private static final String FORMAT = "kafka";

  @Override
  public Class<KafkaExtract> configuration() {
    return KafkaExtract.class;
  }

  @Override
  public String description() {
    return "Makes a view of the messages of a Kafka topic that a consumer group has not read, with"
        + " the columns topic, partition, offset, timestamp, timestampType, key and value; or a"
        + " stream of them.";
  }

  @Override
  public Stage plan(KafkaExtract keys, StagePlanning planning) {
    TopicName.checkBrokers(keys.bootstrapServers(), planning);
    TopicName.check(keys.topic(), planning);
    fromOne("maxPollRecords", keys.maxPollRecords(), planning);
    fromOne("timeout", keys.timeout(), planning);
    keys.maxRecords().ifPresent(most -> fromOne("maxRecords", most, planning));
    KafkaBrokers brokers =
        new KafkaBrokers(
            "KafkaExtract", keys.bootstrapServers(), planning.header().params(), keys.timeout());
    return context -> Optional.of(extract(keys, brokers, context));
  }

  private static void fromOne(String key, long value, StagePlanning planning) {
    if (value < 1) {
      planning.invalid(key, "\"" + key + "\" is " + value, "it counts from 1");
    }
  }

  private static Dataset<Row> extract(
      KafkaExtract keys, KafkaBrokers brokers, StageContext context) {
    OffsetRange unread = brokers.unread(keys.topic(), keys.groupID(), keys.strict());
    Map<String, String> options = new TreeMap<>(brokers.sparkOptions());
    options.put("assign", unread.partitionsJson());
    options.put("startingOffsets", unread.fromJson());
    options.put("failOnDataLoss", Boolean.toString(keys.strict()));
    options.put("kafka.max.poll.records", Integer.toString(keys.maxPollRecords()));
    options.put("kafkaConsumer.pollTimeoutMs", Integer.toString(keys.timeout()));
    if (context.options().streaming()) {
      keys.maxRecords().ifPresent(most -> options.put("maxOffsetsPerTrigger", most.toString()));
      Dataset<Row> stream = context.spark().readStream().format(FORMAT).options(options).load();
      return keys.output().register(columns(stream), context);
    }
    OffsetRange read = keys.maxRecords().map(unread::limited).orElse(unread);
    options.put("endingOffsets", read.toJson());
    context.detail("offsets", Map.of("from", read.fromJson(), "to", read.toJson()));
    Dataset<Row> rows = context.spark().read().format(FORMAT).options(options).load();
    OutputView output = keys.output();
    OutputView kept =
        new OutputView(
            output.outputView(),
            output.numPartitions(),
            output.partitionBy(),
            // What is committed must have been read
            output.persist() || keys.autoCommit());
    Dataset<Row> view = kept.register(columns(rows), context);
    if (kept.persist() && keys.strict()) {
      requireAll(read, context);
    }
    if (keys.autoCommit()) {
      brokers.commit(keys.groupID(), read.next());
    }
    return view;
  }

  private static void requireAll(OffsetRange read, StageContext context) {
    long records = ((Number) context.detail().get("records")).longValue();
    if (records != read.count()) {
      throw new StageException(
          "KafkaExtract should read "
              + read.count()
              + " messages of the topic '"
              + read.topic()
              + "' but got "
              + records
              + ". Set 'strict' to false for a topic that is compacted or written in"
              + " transactions.");
    }
  }

  private static Dataset<Row> columns(Dataset<Row> messages) {
    return messages.select(
        col("topic"),
        col("partition"),
        col("offset"),
        unix_millis(col("timestamp")).as("timestamp"),
        col("timestampType"),
        col("key"),
        col("value"));
  }
}
