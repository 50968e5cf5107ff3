package io.sqletl.engine.stage.extract;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyGroup;
import io.sqletl.engine.stage.OutputView;
import io.sqletl.engine.stage.StorageAccess;
import java.util.Optional;

/** The keys of ImageExtract. */
public record ImageExtract(
    @Key(
            value =
                "The URI of the input: a file, a directory, or a pattern with *, ?, [..] and {..,..}.",
            required = true,
            role = Key.Role.INPUT_URI)
        String inputURI,
    @KeyGroup OutputView output,
    @Key(
            value =
                "Whether files that are no images are left out; if not, they are rows without data.",
            defaultValue = "true")
        boolean dropInvalid,
    @Key(
            "The directory from which on the names of directories are values of columns (key=value)."
                + " Without effect when the run is streaming.")
        Optional<String> basePath,
    @Key("How late rows of a stream may be; used only when the run is streaming.")
        Optional<Watermark> watermark,
    @KeyGroup StorageAccess access) {}
