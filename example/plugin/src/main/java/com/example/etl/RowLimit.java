package com.example.etl;

import io.sqletl.engine.job.Key;

/** The keys of the lifecycle plugin RowLimit. */
public record RowLimit(
    @Key(value = "How many rows a stage may make at most; it is counted.", required = true)
        long maximum) {}
