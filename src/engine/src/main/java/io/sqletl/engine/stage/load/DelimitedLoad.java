package io.sqletl.engine.stage.load;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyGroup;
import io.sqletl.engine.stage.DelimitedFormat;
import java.util.Optional;

/** The keys of DelimitedLoad. */
public record DelimitedLoad(
    @KeyGroup FileTarget target,
    @KeyGroup DelimitedFormat format,
    @Key(
            "The character before a quote that belongs to its value, such as \\; when left out the"
                + " quote is doubled, as RFC 4180 says and other programs read it.")
        Optional<String> escape,
    @Key(
            "The text that stands for NULL, such as \\N; when left out NULL is nothing, and an empty"
                + " text is a pair of quotes.")
        Optional<String> nullValue,
    @Key(
            value =
                "The encoding of the files: UTF-8, ISO-8859-1, US-ASCII, UTF-16, UTF-16BE or"
                    + " UTF-16LE. A character that it lacks ends the load.",
            defaultValue = "UTF-8")
        String encoding) {}
