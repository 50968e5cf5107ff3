package io.sqletl.engine.stage.http;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.stage.StagePlanning;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The keys of a stage that sends HTTP requests. */
public record HttpRequestKeys(
    @Key(
            value = "Headers of each request; their values stay out of the log.",
            role = Key.Role.SECRET)
        Map<String, String> headers,
    @Key(
            value = "The status codes of an answer that is taken for good.",
            defaultValue = "200,201,202")
        List<Integer> validStatusCodes) {

  private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  /** What the client would send as blanks and question marks. */
  private static final Pattern UNSENDABLE = Pattern.compile("[^\\t\\x20-\\x7E\\xA0-\\xFF]");

  /** Reports headers that cannot be sent as they are written; values are not told. */
  public void check(StagePlanning planning) {
    headers.forEach(
        (name, value) -> {
          if (!NAME.matcher(name).matches()) {
            planning.invalid(
                "headers",
                "\"" + name + "\" is no name of a header",
                "its letters are those of ASCII, digits and -, and no blanks");
          } else if (UNSENDABLE.matcher(value.strip()).find()) {
            planning.invalid(
                "headers",
                "The value of the header \""
                    + name
                    + "\" has a line end or a character that no header can have",
                "take it out, or write it as the server wants it, such as %E2%82%AC");
          }
        });
  }
}
