package io.sqletl.engine.stage.validate;

import io.sqletl.engine.job.KeyGroup;
import io.sqletl.engine.stage.sql.SqlKeys;

/** The keys of SQLValidate. */
public record SQLValidate(@KeyGroup SqlKeys query) {}
