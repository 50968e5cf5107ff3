package io.sqletl.engine.stage.extract;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyGroup;
import io.sqletl.engine.stage.OutputView;
import java.util.Optional;

/** The keys of KafkaExtract. */
public record KafkaExtract(
    @Key(
            value =
                "The brokers as HOST:PORT, several with commas. \"params\" whose names begin with"
                    + " kafka. are options of Kafka's clients, such as kafka.security.protocol.",
            required = true)
        String bootstrapServers,
    @Key(value = "The topic that is read.", required = true) String topic,
    @Key(
            value =
                "The consumer group whose committed offsets say where reading begins; one that never"
                    + " committed begins with the first message.",
            required = true)
        String groupID,
    @Key(
            value =
                "Whether what was read is committed for the group at once, the view then being kept;"
                    + " if not, a KafkaCommitExecute at the end of the job commits it.",
            defaultValue = "false")
        boolean autoCommit,
    @Key(value = "How many messages are taken at a time, from 1.", defaultValue = "500")
        int maxPollRecords,
    @Key(
            "How many messages are read at most, from 1; for a stream, in one batch. What is there as"
                + " the stage runs when left out.")
        Optional<Long> maxRecords,
    @Key(
            value = "How long to wait for an answer of the brokers, in milliseconds, from 1.",
            defaultValue = "10000")
        int timeout,
    @Key(
            value =
                "Whether it is a failure that messages are missing: deleted before they were read,"
                    + " or, in a view that is kept, fewer than the offsets say, as in compacted"
                    + " topics.",
            defaultValue = "true")
        boolean strict,
    @KeyGroup OutputView output) {}
