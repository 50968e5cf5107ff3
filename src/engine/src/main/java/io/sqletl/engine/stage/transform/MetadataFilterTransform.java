package io.sqletl.engine.stage.transform;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyGroup;
import io.sqletl.engine.stage.OutputView;
import io.sqletl.engine.stage.sql.SqlKeys;

/** The keys of MetadataFilterTransform. */
public record MetadataFilterTransform(
    @Key(
            value = "The view whose columns are chosen from.",
            required = true,
            role = Key.Role.INPUT_VIEW)
        String inputView,
    @KeyGroup SqlKeys query,
    @KeyGroup OutputView output) {}
