package io.sqletl.engine.stage.execute;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyGroup;
import io.sqletl.engine.stage.StorageAccess;

/** The keys of PipelineExecute. */
public record PipelineExecute(
    @Key(
            value =
                "The job whose stages run here: a notebook (.ipynb) or a HOCON or JSON file, by"
                    + " path or URI.",
            required = true)
        String uri,
    @KeyGroup StorageAccess access) {}
