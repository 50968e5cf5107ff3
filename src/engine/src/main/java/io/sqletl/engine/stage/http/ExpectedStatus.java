package io.sqletl.engine.stage.http;

import io.sqletl.engine.stage.SecretNames;
import io.sqletl.engine.stage.StageException;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The statuses of answers that are taken for good.
 *
 * @param requirement how the message of another status begins
 * @param headers the values that were sent as headers, which a server may repeat in its answer
 */
public record ExpectedStatus(List<Integer> valid, String requirement, Collection<String> headers) {

  private static final int LONGEST_ANSWER = 300;
  private static final int LONGEST_VALUE = 80;
  private static final int LONGEST_ADDRESS = 300;

  /**
   * Refuses an answer of another status.
   *
   * @param uri that was asked
   * @param sent the text that was posted, by which its row is known; null if there was none
   */
  public void require(HttpAnswer answer, String uri, String sent) {
    if (valid.contains(answer.status())) {
      return;
    }
    throw new StageException(
        requirement
            + valid.stream().map(String::valueOf).collect(Collectors.joining(", ", " in [", "]"))
            + " but server responded with "
            + answer.status()
            + (answer.reason() == null || answer.reason().isBlank()
                ? "."
                : " (" + answer.reason() + ").")
            + (answer.movedTo() == null
                ? ""
                : " "
                    + answer.redirect()
                    + "; or add "
                    + answer.status()
                    + " to \"validStatusCodes\" if this answer is the one that you mean.")
            + " Asked was "
            + Excerpt.of(uri, LONGEST_ADDRESS)
            + (sent == null || sent.isEmpty()
                ? ""
                : ", with '" + Excerpt.of(masked(sent), LONGEST_VALUE) + "'")
            + (answer.body() == null || answer.body().isBlank()
                ? "; the answer has no text."
                : "; the answer says '"
                    + Excerpt.of(masked(answer.body()).strip(), LONGEST_ANSWER)
                    + "'."));
  }

  /** Headers stay out of messages, also one that the server sends back, whole or without Bearer. */
  private String masked(String text) {
    String clean = text;
    for (String header : headers) {
      String last = header.strip().substring(header.strip().lastIndexOf(' ') + 1);
      for (String value : List.of(header, last)) {
        if (SecretNames.isTakenOutOfTexts(value)) {
          clean = clean.replace(value, SecretNames.MASK);
        }
      }
    }
    return clean;
  }
}
