package io.sqletl.engine.stage.load;

import io.sqletl.engine.job.KeyGroup;

/** The keys of JSONLoad. */
public record JSONLoad(@KeyGroup FileTarget target) {}
