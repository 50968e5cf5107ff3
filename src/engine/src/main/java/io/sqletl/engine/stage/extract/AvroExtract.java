package io.sqletl.engine.stage.extract;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyGroup;
import io.sqletl.engine.stage.OutputView;
import io.sqletl.engine.stage.SchemaSource;
import io.sqletl.engine.stage.StorageAccess;
import java.util.Optional;

/** The keys of AvroExtract. */
public record AvroExtract(
    @Key(
            value =
                "The URI of the input: a file, a directory, or a pattern with *, ?, [..] and {..,..};"
                    + " needed unless \"inputView\" is given.",
            role = Key.Role.INPUT_URI)
        Optional<String> inputURI,
    @Key(
            value =
                "The name of a view with a binary column of Avro records without a header of their"
                    + " own; counts before \"inputURI\" and needs \"avroSchemaURI\".",
            role = Key.Role.INPUT_VIEW)
        Optional<String> inputView,
    @Key(
            value = "The column of \"inputView\" that is decoded; the records stand in its place.",
            defaultValue = "value")
        String inputField,
    @Key(
            "The URI of the Avro schema by which records are read, or of a schema registry's answer"
                + " that holds it.")
        Optional<String> avroSchemaURI,
    @KeyGroup OutputView output,
    @Key(
            "The directory from which on the names of directories are values of columns"
                + " (key=value); a single one of them is then read with its columns.")
        Optional<String> basePath,
    @KeyGroup StorageAccess access,
    @Key(
            value =
                "Whether rows get the number of their record in its file (_index); if not, they get"
                    + " a growing number with gaps (_monotonically_increasing_id).",
            defaultValue = "true")
        boolean contiguousIndex,
    @KeyGroup SchemaSource schema) {}
