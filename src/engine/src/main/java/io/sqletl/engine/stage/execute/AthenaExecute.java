package io.sqletl.engine.stage.execute;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyGroup;
import io.sqletl.engine.stage.StorageAccess;
import java.util.Map;
import java.util.Optional;

/** The keys of AthenaExecute. */
public record AthenaExecute(
    @Key(
            value =
                "The URI of a file with one statement of Amazon Athena, such as the DDL of a"
                    + " table.",
            required = true)
        String inputURI,
    @Key(
            value = "The workgroup to run it in, which may name where results go.",
            defaultValue = "primary")
        String workgroup,
    @Key(
            "Where Athena writes results, as s3://BUCKET/FOLDER/, unless the workgroup says it;"
                + " s3a: is understood.")
        Optional<String> outputLocation,
    @Key(value = "The database of names without one.", defaultValue = "default") String database,
    @Key("The data catalog of the database; without it, that of Glue.") Optional<String> catalog,
    @Key(
            value = "Seconds after which the statement is stopped and the stage fails, from 1.",
            defaultValue = "600")
        int timeout,
    @Key(
            value =
                "Texts that replace the placeholders ${name} of the statement, as they are; each"
                    + " must be used, and none may be missing.",
            role = Key.Role.SECRET_BY_NAME)
        Map<String, String> sqlParams,
    @KeyGroup StorageAccess access) {}
