package io.sqletl.engine.stage.extract;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyGroup;
import io.sqletl.engine.stage.OutputView;
import io.sqletl.engine.stage.SchemaSource;

/** The keys of ORCExtract. */
public record ORCExtract(
    @Key(
            value =
                "The URI of the input: a file, a directory, or a pattern with *, ?, [..] and {..,..}.",
            required = true,
            role = Key.Role.INPUT_URI)
        String inputURI,
    @KeyGroup OutputView output,
    @KeyGroup FileReading reading,
    @KeyGroup SchemaSource schema) {}
