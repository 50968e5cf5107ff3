package io.sqletl.engine.stage.extract;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyGroup;
import io.sqletl.engine.stage.StorageAccess;
import java.util.Optional;

/** The keys that extracts from files have in common. */
public record FileReading(
    @Key(
            "The directory from which on the names of directories are values of columns"
                + " (key=value); a single one of them is then read with its columns.")
        Optional<String> basePath,
    @Key("How late rows of a stream may be; used only when the run is streaming.")
        Optional<Watermark> watermark,
    @KeyGroup StorageAccess access,
    @Key(
            value =
                "Whether rows get the number of their record in its file (_index); if not, they get"
                    + " a growing number with gaps (_monotonically_increasing_id).",
            defaultValue = "true")
        boolean contiguousIndex) {}
