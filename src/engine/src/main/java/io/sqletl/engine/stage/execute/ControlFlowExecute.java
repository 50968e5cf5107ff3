package io.sqletl.engine.stage.execute;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyGroup;
import io.sqletl.engine.stage.lifecycle.ControlFlow;
import io.sqletl.engine.stage.sql.SqlKeys;

/** The keys of ControlFlowExecute. */
public record ControlFlowExecute(
    @KeyGroup SqlKeys query,
    @Key(
            value =
                "The name under which the outcome is left for the lifecycle plugin ControlFlow,"
                    + " which must be in the job with the same key.",
            defaultValue = ControlFlow.DEFAULT_KEY)
        String key) {}
