package io.sqletl.engine.stage.validate;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyGroup;
import io.sqletl.engine.stage.StorageAccess;
import io.sqletl.engine.stage.delta.TimeTravel;
import io.sqletl.engine.stage.history.Choices;
import java.util.Optional;

/** The keys of DeltaLakeHistoryValidate. */
public record DeltaLakeHistoryValidate(
    @Key(
            value = "The path of a Delta table that DeltaLakeHistoryLoad made.",
            required = true,
            role = Key.Role.INPUT_URI)
        String inputURI,
    @Key(
            value = "Whether NULL in a key fails the job, or is a value like others.",
            defaultValue = "fail")
        Choices.NullKeys nullKeys,
    @Key("Which version of the Delta table is looked at; the latest when left out.")
        Optional<TimeTravel> options,
    @KeyGroup StorageAccess access) {}
