package io.sqletl.engine.stage.extract;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyGroup;
import io.sqletl.engine.stage.MalformedRecords;
import io.sqletl.engine.stage.OutputView;
import io.sqletl.engine.stage.SchemaSource;

/** The keys of TextExtract. */
public record TextExtract(
    @KeyGroup PathSource input,
    @KeyGroup OutputView output,
    @Key(value = "Whether each file is one row; if not, each line is one.", defaultValue = "false")
        boolean multiLine,
    @Key(value = MalformedRecords.KEY, defaultValue = "report") MalformedRecords malformedRecords,
    @KeyGroup FileReading reading,
    @KeyGroup SchemaSource schema) {}
