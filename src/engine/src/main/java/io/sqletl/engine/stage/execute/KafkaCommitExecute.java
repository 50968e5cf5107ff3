package io.sqletl.engine.stage.execute;

import io.sqletl.engine.job.Key;

/** The keys of KafkaCommitExecute. */
public record KafkaCommitExecute(
    @Key(
            value =
                "The view that a KafkaExtract made, or one that still has its columns topic,"
                    + " partition and offset.",
            required = true,
            role = Key.Role.INPUT_VIEW)
        String inputView,
    @Key(
            value =
                "The brokers as HOST:PORT, several with commas. \"params\" whose names begin with"
                    + " kafka. are options of Kafka's clients, such as kafka.security.protocol.",
            required = true)
        String bootstrapServers,
    @Key(value = "The consumer group for which the messages of the view are read.", required = true)
        String groupID) {}
