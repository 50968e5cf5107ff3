package io.sqletl.engine.stage.extract;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyGroup;
import io.sqletl.engine.stage.OutputView;
import io.sqletl.engine.stage.SchemaSource;
import io.sqletl.engine.stage.StorageAccess;
import io.sqletl.engine.stage.delta.TimeTravel;
import java.util.Optional;

/** The keys of DeltaLakeExtract. */
public record DeltaLakeExtract(
    @Key(
            value = "The path of the Delta table: the folder that holds _delta_log.",
            required = true,
            role = Key.Role.INPUT_URI)
        String inputURI,
    @KeyGroup OutputView output,
    @Key("Which version of the table is read; the view then no longer follows the table.")
        Optional<TimeTravel> options,
    @KeyGroup SchemaSource schema,
    @KeyGroup StorageAccess access) {}
