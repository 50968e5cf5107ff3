package io.sqletl.engine.stage.transform;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyGroup;
import io.sqletl.engine.stage.OutputView;
import io.sqletl.engine.stage.StorageAccess;

/** The keys of MLTransform. */
public record MLTransform(
    @Key(
            value =
                "The folder of a model that Spark ML saved: a PipelineModel or a"
                    + " CrossValidatorModel, whose best model counts.",
            required = true)
        String inputURI,
    @Key(value = "The view whose rows are predicted.", required = true, role = Key.Role.INPUT_VIEW)
        String inputView,
    @KeyGroup OutputView output,
    @KeyGroup StorageAccess access) {}
