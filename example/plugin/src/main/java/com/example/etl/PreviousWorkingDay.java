package com.example.etl;

import io.sqletl.engine.job.Key;
import java.util.Optional;

/** The keys of the dynamic configuration plugin PreviousWorkingDay. */
public record PreviousWorkingDay(
    @Key(value = "The name of the variable that is set.", required = true) String returnName,
    @Key("The day before which the working day is, as 2024-03-01; today in UTC when left out.")
        Optional<String> before) {}
