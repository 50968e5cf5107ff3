package io.sqletl.engine.stage.extract;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyGroup;
import io.sqletl.engine.stage.OutputView;
import io.sqletl.engine.stage.SchemaSource;

/** The keys of JSONExtract. */
public record JSONExtract(
    @KeyGroup InputSource input,
    @KeyGroup OutputView output,
    @Key(
            value =
                "Whether each file is one JSON document, an object or an array of objects; if not,"
                    + " each line is one.",
            defaultValue = "true")
        boolean multiLine,
    @KeyGroup FileReading reading,
    @KeyGroup SchemaSource schema) {}
