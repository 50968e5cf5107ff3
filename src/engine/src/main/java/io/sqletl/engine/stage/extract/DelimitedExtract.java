package io.sqletl.engine.stage.extract;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyGroup;
import io.sqletl.engine.stage.DelimitedFormat;
import io.sqletl.engine.stage.OutputView;
import io.sqletl.engine.stage.SchemaSource;

/** The keys of DelimitedExtract. */
public record DelimitedExtract(
    @KeyGroup InputSource input,
    @KeyGroup OutputView output,
    @KeyGroup DelimitedFormat format,
    @Key(value = "The character before a quote that belongs to its value.", defaultValue = "\\")
        String escape,
    @Key(
            value =
                "Whether quoted values may hold line breaks; a file is then read by one task, and"
                    + " its records are numbered instead of its lines.",
            defaultValue = "false")
        boolean multiLine,
    @KeyGroup FileReading reading,
    @KeyGroup SchemaSource schema) {}
