package io.sqletl.engine.stage.load;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyGroup;
import io.sqletl.engine.stage.http.HttpRequestKeys;

/** The keys of HTTPLoad. */
public record HTTPLoad(
    @Key(
            value = "The view whose one column, the string \"value\", is sent.",
            required = true,
            role = Key.Role.INPUT_VIEW)
        String inputView,
    @Key(
            value =
                "Where each row is posted. A load that fails half-way has sent what it sent, and a"
                    + " task that Spark tries again sends its rows again.",
            required = true,
            role = Key.Role.OUTPUT_URI)
        String outputURI,
    @KeyGroup HttpRequestKeys request) {}
