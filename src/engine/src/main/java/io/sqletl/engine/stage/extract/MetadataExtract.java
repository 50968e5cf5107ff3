package io.sqletl.engine.stage.extract;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyGroup;
import io.sqletl.engine.stage.OutputView;

/** The keys of MetadataExtract. */
public record MetadataExtract(
    @Key(
            value = "The view whose columns are described.",
            required = true,
            role = Key.Role.INPUT_VIEW)
        String inputView,
    @KeyGroup OutputView output) {}
