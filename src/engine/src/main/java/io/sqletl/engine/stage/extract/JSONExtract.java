package io.sqletl.engine.stage.extract;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyGroup;
import io.sqletl.engine.stage.MalformedRecords;
import io.sqletl.engine.stage.OutputView;
import io.sqletl.engine.stage.SchemaSource;
import java.util.Optional;

/** The keys of JSONExtract. */
public record JSONExtract(
    @KeyGroup InputSource input,
    @KeyGroup OutputView output,
    @Key(
            value =
                "Whether documents, objects or arrays of objects, stand anywhere in their file, one"
                    + " after the other; if not, each line holds whole ones, and large files are"
                    + " read by several tasks.",
            defaultValue = "true")
        boolean multiLine,
    @Key(value = MalformedRecords.KEY, defaultValue = "report") MalformedRecords malformedRecords,
    @Key(
            "The encoding of the files, such as ISO-8859-1; UTF-8, or UTF-16 that shows itself, if"
                + " left out.")
        Optional<String> encoding,
    @KeyGroup FileReading reading,
    @KeyGroup SchemaSource schema) {}
