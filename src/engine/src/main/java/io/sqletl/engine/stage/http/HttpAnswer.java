package io.sqletl.engine.stage.http;

import io.sqletl.engine.stage.RecordErrors;

/**
 * What a server answered.
 *
 * @param status the status code
 * @param reason the server's words for the status; may be null
 * @param contentType as the server says it: {@code text/html; charset=utf-8}; null if it does not
 * @param contentLength the length that the server says, or that of the text in characters
 * @param body the text; null if there is none
 * @param encoding the name of the character set that the text was read in
 * @param isDamaged whether bytes of it are no text in that, and replacement characters stand there
 * @param isOfUtf8 whether the bytes are those of UTF-8, and the text was read in something else,
 *     where they are other letters
 * @param movedTo the host and path that a redirect leads to which was not followed, since what was
 *     sent would not have gone there; null if there is none
 * @param milliseconds how long it took
 */
public record HttpAnswer(
    int status,
    String reason,
    String contentType,
    long contentLength,
    String body,
    String encoding,
    boolean isDamaged,
    boolean isOfUtf8,
    String movedTo,
    long milliseconds) {

  /** What stands for bytes that are no text. */
  private static final char REPLACEMENT = '\uFFFD';

  /**
   * What is wrong with a part of the text.
   *
   * @param uri that was asked
   * @param part what a row is given of it; may be null
   * @return null if nothing is
   */
  public String problem(String uri, String part) {
    return isDamaged && part != null && part.indexOf(REPLACEMENT) >= 0
        ? "the answer of " + uri + " has bytes that are no text in " + encoding
        : null;
  }

  /** Tells if the letters of the text may be others than those that the server means. */
  public void tell(String uri, RecordErrors errors) {
    if (isOfUtf8) {
      errors.tellOfEncoding(uri, encoding);
    }
  }

  /** Where a redirect leads that was not followed, and what to do; without a full stop. */
  public String redirect() {
    return "It redirects to "
        + movedTo
        + ", and a POST that follows becomes a GET, which sends nothing there: put the new address"
        + " into the stage";
  }
}
