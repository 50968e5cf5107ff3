package io.sqletl.engine.stage.configuration;

import io.sqletl.engine.job.Key;
import java.util.Optional;

/** The keys of the plugin DeltaPeriodDynamicConfigurationPlugin. */
public record DeltaPeriod(
    @Key(value = "The name of the variable that is set.", required = true) String returnName,
    @Key(value = "How many days before the current date the period begins.", required = true)
        int lagDays,
    @Key(value = "How many days after the current date the period ends.", required = true)
        int leadDays,
    @Key(value = "How dates are written, as a pattern of java.time: uuuu-MM-dd.", required = true)
        String formatter,
    @Key("The current date, in the same pattern; today in UTC when left out.")
        Optional<String> currentDate) {}
