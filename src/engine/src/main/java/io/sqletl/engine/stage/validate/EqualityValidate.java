package io.sqletl.engine.stage.validate;

import io.sqletl.engine.job.Key;

/** The keys of EqualityValidate. */
public record EqualityValidate(
    @Key(value = "The one view.", required = true, role = Key.Role.INPUT_VIEW) String leftView,
    @Key(value = "The other view.", required = true, role = Key.Role.INPUT_VIEW)
        String rightView) {}
