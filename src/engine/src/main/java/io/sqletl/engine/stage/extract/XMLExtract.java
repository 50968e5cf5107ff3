package io.sqletl.engine.stage.extract;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyGroup;
import io.sqletl.engine.stage.MalformedRecords;
import io.sqletl.engine.stage.OutputView;
import io.sqletl.engine.stage.SchemaSource;
import io.sqletl.engine.stage.StorageAccess;
import java.util.Optional;

/** The keys of XMLExtract. */
public record XMLExtract(
    @KeyGroup InputSource input,
    @KeyGroup OutputView output,
    @Key(
            "The URI of an XML schema (XSD, whole in one file) that each document must meet; one that"
                + " does not fails the run with its file and line.")
        Optional<String> xsdURI,
    @Key(value = MalformedRecords.KEY, defaultValue = "report") MalformedRecords malformedRecords,
    @KeyGroup StorageAccess access,
    @Key(
            value =
                "Whether rows get the number of their record in its file (_index); if not, they get"
                    + " a growing number with gaps (_monotonically_increasing_id).",
            defaultValue = "true")
        boolean contiguousIndex,
    @KeyGroup SchemaSource schema) {}
