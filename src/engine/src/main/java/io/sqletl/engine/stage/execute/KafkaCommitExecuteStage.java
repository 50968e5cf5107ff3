package io.sqletl.engine.stage.execute;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.max;

import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import io.sqletl.engine.stage.kafka.KafkaBrokers;
import io.sqletl.engine.stage.kafka.TopicName;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Commits the messages of a view as read. */
public final class KafkaCommitExecuteStage implements StageType<KafkaCommitExecute> {

  private static final List<String> COLUMNS = List.of("topic", "partition", "offset");

  @Override
  public Class<KafkaCommitExecute> configuration() {
    return KafkaCommitExecute.class;
  }

  @Override
  public String description() {
    return "Commits the messages of a KafkaExtract for its consumer group, so that the next run goes"
        + " on behind them; as the last stage, a job that failed reads them again.";
  }

  @Override
  public Stage plan(KafkaCommitExecute keys, StagePlanning planning) {
    TopicName.checkBrokers(keys.bootstrapServers(), planning);
    KafkaBrokers brokers =
        new KafkaBrokers(
            "KafkaCommitExecute",
            keys.bootstrapServers(),
            planning.header().params(),
            KafkaBrokers.TIMEOUT);
    return context -> {
      commit(keys, brokers, context);
      return Optional.empty();
    };
  }

  private static void commit(KafkaCommitExecute keys, KafkaBrokers brokers, StageContext context) {
    Dataset<Row> messages = context.view(keys.inputView());
    List<String> columns = Arrays.asList(messages.columns());
    if (!columns.containsAll(COLUMNS)) {
      throw new StageException(
          "KafkaCommitExecute needs the columns topic, partition and offset of a KafkaExtract;"
              + " inputView '"
              + keys.inputView()
              + "' has ["
              + String.join(", ", columns)
              + "].");
    }
    Map<TopicPartition, Long> next =
        messages
            .groupBy(col("topic"), col("partition"))
            .agg(max(col("offset")))
            .collectAsList()
            .stream()
            .collect(
                Collectors.toMap(
                    row -> new TopicPartition(row.getString(0), row.getInt(1)),
                    row -> row.getLong(2) + 1));
    Map<String, Object> told = new TreeMap<>();
    next.forEach((partition, offset) -> told.put(partition.toString(), offset));
    context.detail("offsets", told);
    if (!next.isEmpty()) {
      brokers.commit(keys.groupID(), next);
    }
  }
}
