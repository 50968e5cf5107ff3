package io.sqletl.engine.stage.execute;

import io.sqletl.engine.job.KeyGroup;
import io.sqletl.engine.stage.sql.SqlKeys;

/** The keys of LogExecute. */
public record LogExecute(@KeyGroup SqlKeys query) {}
