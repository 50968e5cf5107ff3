package io.sqletl.engine.stage.http;

import io.sqletl.engine.job.Key;
import java.util.List;
import java.util.Map;

/** The keys of a stage that sends HTTP requests. */
public record HttpRequestKeys(
    @Key(
            value = "Headers of each request; their values stay out of the log.",
            role = Key.Role.SECRET)
        Map<String, String> headers,
    @Key(
            value = "The status codes of an answer that is taken for good.",
            defaultValue = "200,201,202")
        List<Integer> validStatusCodes) {}
