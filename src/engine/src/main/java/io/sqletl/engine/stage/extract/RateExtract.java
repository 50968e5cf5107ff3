package io.sqletl.engine.stage.extract;

import io.sqletl.engine.job.Key;
import java.util.Optional;

/** The keys of RateExtract. */
public record RateExtract(
    @Key(
            value = "The name of the view that the stage makes.",
            required = true,
            role = Key.Role.OUTPUT_VIEW)
        String outputView,
    @Key(value = "How many rows come each second, from 1.", defaultValue = "1") int rowsPerSecond,
    @Key(value = "After how many seconds they come as fast, from 0.", defaultValue = "1")
        int rampUpTime,
    @Key("The number of partitions, from 1; as many as Spark runs tasks when left out.")
        Optional<Integer> numPartitions) {}
