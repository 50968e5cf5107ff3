package io.sqletl.engine.stage.execute;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyGroup;
import io.sqletl.engine.stage.sql.SqlKeys;
import java.util.Optional;

/** The keys of ConfigExecute. */
public record ConfigExecute(
    @KeyGroup SqlKeys query,
    @Key(
            value = "The name of a view of what the query returned, if one is wanted.",
            role = Key.Role.OUTPUT_VIEW)
        Optional<String> outputView,
    @Key(
            value = "Whether that view is computed once, kept, and its rows counted.",
            defaultValue = "false")
        boolean persist) {}
