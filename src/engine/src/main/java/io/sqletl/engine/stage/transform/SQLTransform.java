package io.sqletl.engine.stage.transform;

import io.sqletl.engine.job.KeyGroup;
import io.sqletl.engine.stage.OutputView;
import io.sqletl.engine.stage.sql.SqlKeys;

/** The keys of SQLTransform. */
public record SQLTransform(@KeyGroup SqlKeys query, @KeyGroup OutputView output) {}
