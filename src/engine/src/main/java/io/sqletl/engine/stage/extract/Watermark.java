package io.sqletl.engine.stage.extract;

import io.sqletl.engine.job.Key;

/** How late rows of a stream may be. */
public record Watermark(
    @Key(value = "The column that holds the time of a row's event.", required = true)
        String eventTime,
    @Key(
            value = "How long to wait for late rows, as an interval such as \"10 minutes\".",
            required = true)
        String delayThreshold) {}
