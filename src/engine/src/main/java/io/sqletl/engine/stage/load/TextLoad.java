package io.sqletl.engine.stage.load;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyGroup;
import java.util.Optional;

/** The keys of TextLoad. */
public record TextLoad(
    @KeyGroup TextTarget target,
    @Key(value = TextTarget.OUTPUT_URI, role = Key.Role.OUTPUT_URI) Optional<String> outputURI,
    @Key("What stands before the first row of a single file.") Optional<String> prefix,
    @Key(
            "What stands between two rows of a single file; nothing when left out, no line break either.")
        Optional<String> separator,
    @Key("What stands behind the last row of a single file.") Optional<String> suffix,
    @Key("Changes nothing: single files are written one after the other.")
        Optional<Integer> singleFileNumPartitions) {}
