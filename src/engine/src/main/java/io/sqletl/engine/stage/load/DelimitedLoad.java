package io.sqletl.engine.stage.load;

import io.sqletl.engine.job.KeyGroup;
import io.sqletl.engine.stage.DelimitedFormat;

/** The keys of DelimitedLoad. */
public record DelimitedLoad(@KeyGroup FileTarget target, @KeyGroup DelimitedFormat format) {}
