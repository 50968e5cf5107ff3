package io.sqletl.engine.stage.validate;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyGroup;
import io.sqletl.engine.stage.sql.SqlKeys;

/** The keys of MetadataValidate. */
public record MetadataValidate(
    @Key(
            value = "The view whose columns the query is about.",
            required = true,
            role = Key.Role.INPUT_VIEW)
        String inputView,
    @KeyGroup SqlKeys query) {}
