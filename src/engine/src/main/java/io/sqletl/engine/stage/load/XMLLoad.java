package io.sqletl.engine.stage.load;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyGroup;
import java.util.Optional;

/** The keys of XMLLoad. */
public record XMLLoad(
    @KeyGroup TextTarget target,
    @Key(value = TextTarget.OUTPUT_URI, required = true, role = Key.Role.OUTPUT_URI)
        String outputURI,
    @Key("What stands before the first row of a single file, such as <?xml version=\"1.0\"?>.")
        Optional<String> prefix) {}
