package io.sqletl.engine.stage.kafka;

import io.sqletl.engine.stage.StageException;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * The brokers of a cluster, and what is asked of them before and after Spark reads.
 *
 * @param type the type of the stage that asks, for messages
 * @param bootstrapServers {@code host:port}, several with commas
 * @param options further options of Kafka's clients, each with {@code kafka.} before its name
 * @param timeout how long to wait for an answer, in milliseconds
 */
public record KafkaBrokers(
    String type, String bootstrapServers, Map<String, String> options, int timeout) {

  /** How long stages wait that have no key for it, in milliseconds. */
  public static final int TIMEOUT = 10_000;

  private static final String PREFIX = "kafka.";

  /** The options by which Spark reaches them. */
  public Map<String, String> sparkOptions() {
    Map<String, String> spark = new TreeMap<>();
    options.forEach(
        (name, value) -> {
          if (name.startsWith(PREFIX)) {
            spark.put(name, value);
          }
        });
    spark.put("kafka.bootstrap.servers", bootstrapServers);
    return spark;
  }

  /**
   * What of a topic a group has not read: from what it committed, or from the first message that is
   * there, to the last.
   *
   * @param strict whether it is a failure that messages were deleted before the group read them
   * @throws StageException if the brokers or the topic are not there, or messages are lost
   */
  public OffsetRange unread(String topic, String group, boolean strict) {
    return ask(
        admin -> {
          TopicDescription description =
              wait(admin.describeTopics(java.util.List.of(topic)).allTopicNames()).get(topic);
          Map<TopicPartition, Long> first =
              offsets(admin, topic, description, OffsetSpec.earliest());
          Map<TopicPartition, Long> end = offsets(admin, topic, description, OffsetSpec.latest());
          Map<TopicPartition, OffsetAndMetadata> committed =
              wait(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
          Map<Integer, Long> from = new TreeMap<>();
          Map<Integer, Long> to = new TreeMap<>();
          end.forEach(
              (partition, last) -> {
                long begin = first.get(partition);
                long next =
                    Optional.ofNullable(committed.get(partition))
                        .map(OffsetAndMetadata::offset)
                        .orElse(begin);
                if (strict && (next < begin || next > last)) {
                  throw lost(topic, group, partition, next, begin, last);
                }
                from.put(partition.partition(), Math.min(Math.max(next, begin), last));
                to.put(partition.partition(), last);
              });
          return new OffsetRange(topic, from, to);
        },
        topic);
  }

  private StageException lost(
      String topic, String group, TopicPartition partition, long next, long first, long last) {
    return new StageException(
        type
            + ": the group '"
            + group
            + "' is at offset "
            + next
            + " of partition "
            + partition.partition()
            + " of the topic '"
            + topic
            + "', which has those from "
            + first
            + " to "
            + last
            + "; messages were deleted before they were read. Set 'strict' to false to go on with"
            + " what is there.");
  }

  /** Sets what a group has read. */
  public void commit(String group, Map<TopicPartition, Long> next) {
    Map<TopicPartition, OffsetAndMetadata> offsets =
        next.entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey, entry -> new OffsetAndMetadata(entry.getValue())));
    ask(admin -> wait(admin.alterConsumerGroupOffsets(group, offsets).all()), "");
  }

  private Map<TopicPartition, Long> offsets(
      Admin admin, String topic, TopicDescription description, OffsetSpec which) {
    Map<TopicPartition, OffsetSpec> asked =
        description.partitions().stream()
            .collect(
                Collectors.toMap(
                    partition -> new TopicPartition(topic, partition.partition()),
                    partition -> which));
    return wait(admin.listOffsets(asked).all()).entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().offset()));
  }

  private <T> T ask(Function<Admin, T> question, String topic) {
    Properties properties = new Properties();
    options.forEach(
        (name, value) -> {
          if (name.startsWith(PREFIX)) {
            properties.put(name.substring(PREFIX.length()), value);
          }
        });
    properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, timeout);
    properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, timeout);
    try (Admin admin = Admin.create(properties)) {
      return question.apply(admin);
    } catch (NoAnswerException e) {
      throw failure(e.getCause(), topic);
    } catch (org.apache.kafka.common.KafkaException e) {
      throw failure(e.getCause() == null ? e : e.getCause(), topic);
    }
  }

  private StageException failure(Throwable reason, String topic) {
    if (reason instanceof UnknownTopicOrPartitionException) {
      return new StageException(
          type
              + ": there is no topic '"
              + topic
              + "' at '"
              + bootstrapServers
              + "'; correct 'topic', or create it.",
          reason);
    }
    return new StageException(
        type
            + " gets no answer of Kafka at '"
            + bootstrapServers
            + "': "
            + reason.getMessage()
            + "; correct 'bootstrapServers', or the options of the connection in 'params'.",
        reason);
  }

  private static <T> T wait(KafkaFuture<T> answer) {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw new NoAnswerException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NoAnswerException(e);
    }
  }

  /** Carries the brokers' refusal through what asks them. */
  private static final class NoAnswerException extends RuntimeException {

    private NoAnswerException(Throwable cause) {
      super(cause);
    }
  }
}
