package io.sqletl.engine.stage.load;

import io.sqletl.engine.stage.OutputView;
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
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;

/** Sends rows as messages. */
public final class KafkaLoadStage implements StageType<KafkaLoad> {

  private static final String FORMAT = "kafka";

  @Override
  public Class<KafkaLoad> configuration() {
    return KafkaLoad.class;
  }

  @Override
  public String description() {
    return "Sends each row of a view to a Kafka topic as a message.";
  }

  @Override
  public Stage plan(KafkaLoad keys, StagePlanning planning) {
    TopicName.checkBrokers(keys.bootstrapServers(), planning);
    TopicName.check(keys.topic(), planning);
    if (keys.acks() < -1 || keys.acks() > 1) {
      planning.invalid("acks", "\"acks\" is " + keys.acks(), "choose -1, 0 or 1");
    }
    if (keys.batchSize() < 0) {
      planning.invalid("batchSize", "\"batchSize\" is " + keys.batchSize(), "it counts from 0");
    }
    if (keys.retries() < 0) {
      planning.invalid("retries", "\"retries\" is " + keys.retries(), "it counts from 0");
    }
    KafkaBrokers brokers =
        new KafkaBrokers(
            "KafkaLoad", keys.bootstrapServers(), planning.header().params(), KafkaBrokers.TIMEOUT);
    Map<String, String> options = new TreeMap<>(brokers.sparkOptions());
    options.put("topic", keys.topic());
    options.put("kafka.acks", Integer.toString(keys.acks()));
    options.put("kafka.batch.size", Integer.toString(keys.batchSize()));
    options.put("kafka.retries", Integer.toString(keys.retries()));
    return context -> Optional.of(send(keys, options, context));
  }

  private static Dataset<Row> send(
      KafkaLoad keys, Map<String, String> options, StageContext context) throws TimeoutException {
    Dataset<Row> view = context.view(keys.inputView());
    requireMessages(view.schema().fields(), keys.inputView());
    if (view.isStreaming()) {
      view.writeStream().format(FORMAT).options(options).start();
      return view;
    }
    Dataset<Row> rows = OutputView.Partitioning.apply(view, keys.numPartitions(), List.of());
    rows.write().format(FORMAT).options(options).save();
    return rows;
  }

  private static void requireMessages(StructField[] columns, String inputView) {
    boolean fits =
        Arrays.stream(columns)
                .allMatch(
                    column ->
                        List.of("key", "value").contains(column.name())
                            && (column.dataType() instanceof StringType
                                || column.dataType() instanceof BinaryType))
            && Arrays.stream(columns).anyMatch(column -> column.name().equals("value"));
    if (!fits) {
      throw new StageException(
          "KafkaLoad requires inputView to be dataset with [value: string] or [key: string, value:"
              + " string] signature. inputView '"
              + inputView
              + "' has "
              + columns.length
              + " columns of type ["
              + Arrays.stream(columns)
                  .map(column -> column.name() + ": " + column.dataType().simpleString())
                  .collect(Collectors.joining(", "))
              + "].");
    }
  }
}
