package io.sqletl.engine.stage.load;

import io.sqletl.engine.job.KeyGroup;

/** The keys of AvroLoad. */
public record AvroLoad(@KeyGroup FileTarget target) {}
