package io.sqletl.engine.stage.transform;

import io.sqletl.engine.job.Key;
import java.util.List;
import java.util.Optional;

/** The keys of DiffTransform. */
public record DiffTransform(
    @Key(value = "The one view.", required = true, role = Key.Role.INPUT_VIEW) String inputLeftView,
    @Key(value = "The other view.", required = true, role = Key.Role.INPUT_VIEW)
        String inputRightView,
    @Key("The columns of the left view that tell its rows apart; all when left out.")
        List<String> inputLeftKeys,
    @Key("The columns of the right view that tell its rows apart; all when left out.")
        List<String> inputRightKeys,
    @Key(
            value =
                "The name of a view of the rows that are in both: as they are on the left, or, when"
                    + " keys are given, in a column \"left\" and a column \"right\".",
            role = Key.Role.OUTPUT_VIEW)
        Optional<String> outputIntersectionView,
    @Key(
            value = "The name of a view of the rows that are only in the left view.",
            role = Key.Role.OUTPUT_VIEW)
        Optional<String> outputLeftView,
    @Key(
            value = "The name of a view of the rows that are only in the right view.",
            role = Key.Role.OUTPUT_VIEW)
        Optional<String> outputRightView,
    @Key(
            value =
                "Whether the comparison is computed once, kept for all three views, and its rows"
                    + " counted.",
            defaultValue = "false")
        boolean persist) {}
