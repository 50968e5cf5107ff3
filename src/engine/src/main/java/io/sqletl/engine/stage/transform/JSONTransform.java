package io.sqletl.engine.stage.transform;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyGroup;
import io.sqletl.engine.stage.OutputView;

/** The keys of JSONTransform. */
public record JSONTransform(
    @Key(value = "The view whose rows become texts.", required = true, role = Key.Role.INPUT_VIEW)
        String inputView,
    @KeyGroup OutputView output) {}
