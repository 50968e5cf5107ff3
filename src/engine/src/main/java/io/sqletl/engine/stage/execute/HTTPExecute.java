package io.sqletl.engine.stage.execute;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyGroup;
import io.sqletl.engine.stage.http.HttpRequestKeys;
import java.util.Map;

/** The keys of HTTPExecute. */
public record HTTPExecute(
    @Key(value = "The address that is posted to.", required = true) String uri,
    @Key(
            value =
                "What is sent, as a JSON object of texts; keys with dots are sent as they are"
                    + " written. Nothing is sent when left out.",
            role = Key.Role.SECRET)
        Map<String, String> payloads,
    @KeyGroup HttpRequestKeys request) {}
