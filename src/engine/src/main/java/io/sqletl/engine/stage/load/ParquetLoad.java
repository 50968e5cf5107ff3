package io.sqletl.engine.stage.load;

import io.sqletl.engine.job.KeyGroup;

/** The keys of ParquetLoad. */
public record ParquetLoad(@KeyGroup FileTarget target) {}
