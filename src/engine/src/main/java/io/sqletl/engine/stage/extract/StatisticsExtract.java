package io.sqletl.engine.stage.extract;

import io.sqletl.engine.job.Key;

/** The keys of StatisticsExtract. */
public record StatisticsExtract(
    @Key(
            value = "The view whose columns are measured.",
            required = true,
            role = Key.Role.INPUT_VIEW)
        String inputView,
    @Key(
            value = "The name of the view that the stage makes.",
            required = true,
            role = Key.Role.OUTPUT_VIEW)
        String outputView,
    @Key(
            value =
                "Whether distinct values and percentiles are estimated, and stddev is that of a"
                    + " sample; if not, they are exact, and stddev is that of the population.",
            defaultValue = "true")
        boolean approximate,
    @Key(value = "Whether the columns 25%, 50% and 75% are added.", defaultValue = "false")
        boolean histogram,
    @Key(
            value =
                "The relative standard deviation of estimated distinct values, above 0; used only"
                    + " when \"approximate\" is true.",
            defaultValue = "0.05")
        double hllRelativeSD,
    @Key(
            value = "Whether the result is written to the log too, as \"statistics\".",
            defaultValue = "false")
        boolean persist) {}
