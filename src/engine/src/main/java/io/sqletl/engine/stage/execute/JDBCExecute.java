package io.sqletl.engine.stage.execute;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyGroup;
import io.sqletl.engine.stage.StorageAccess;
import java.util.Map;
import java.util.Optional;

/** The keys of JDBCExecute. */
public record JDBCExecute(
    @Key(value = "The URI of a file with one statement in the database's own SQL.", required = true)
        String inputURI,
    @Key(
            value =
                "The JDBC URL of the database, whose driver must be on the class path; \"params\""
                    + " are the connection's properties.",
            required = true,
            role = Key.Role.SECRET)
        String jdbcURL,
    @Key("The user to connect as, unless \"params\" has it.") Optional<String> user,
    @Key(value = "The user's password, unless \"params\" has it.", role = Key.Role.SECRET)
        Optional<String> password,
    @Key(
            value =
                "Texts that replace the placeholders ${name} of the statement, as they are; each"
                    + " must be used, and none may be missing.",
            role = Key.Role.SECRET_BY_NAME)
        Map<String, String> sqlParams,
    @KeyGroup StorageAccess access) {}
