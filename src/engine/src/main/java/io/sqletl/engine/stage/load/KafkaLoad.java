package io.sqletl.engine.stage.load;

import io.sqletl.engine.job.Key;
import java.util.Optional;

/** The keys of KafkaLoad. */
public record KafkaLoad(
    @Key(
            value =
                "The view whose rows are sent: the column value, or key and value, texts or binary.",
            required = true,
            role = Key.Role.INPUT_VIEW)
        String inputView,
    @Key(
            value =
                "The brokers as HOST:PORT, several with commas. \"params\" whose names begin with"
                    + " kafka. are options of Kafka's clients, such as kafka.security.protocol.",
            required = true)
        String bootstrapServers,
    @Key(
            value =
                "The topic that is written. Messages of a load that fails half-way stay there, and a"
                    + " task that is tried again sends its messages again.",
            required = true)
        String topic,
    @Key(
            value =
                "How many brokers must have a message before it counts as sent: 0 for none, 1 for the"
                    + " first, -1 for all in sync.",
            defaultValue = "1")
        int acks,
    @Key(value = "How many bytes are sent together at most, from 0.", defaultValue = "16384")
        int batchSize,
    @Key(
            value = "How often a message is sent again that a broker did not take, from 0.",
            defaultValue = "0")
        int retries,
    @Key(
            "The number of partitions of the view that are sent side by side, from 1; as the view has"
                + " them when left out.")
        Optional<Integer> numPartitions) {}
