package io.sqletl.engine.stage.load;

import io.sqletl.engine.job.KeyGroup;

/** The keys of ORCLoad. */
public record ORCLoad(@KeyGroup FileTarget target) {}
