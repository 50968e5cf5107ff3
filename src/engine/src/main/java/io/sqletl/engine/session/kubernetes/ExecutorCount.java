package io.sqletl.engine.session.kubernetes;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many executors a run has.
 *
 * @param least at least so many, 0 or more
 * @param most at most so many; {@code least} when the number is fixed
 */
public record ExecutorCount(int least, int most) {

  private static final Pattern TEXT = Pattern.compile("(\\d{1,4})(?:\\.\\.(\\d{1,4}))?");

  /** Reads {@code 2} or {@code 1..20}; empty for anything else. */
  static Optional<ExecutorCount> parse(String text) {
    Matcher matcher = TEXT.matcher(text.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int least = Integer.parseInt(matcher.group(1));
    int most = matcher.group(2) == null ? least : Integer.parseInt(matcher.group(2));
    return most < 1 || most < least
        ? Optional.empty()
        : Optional.of(new ExecutorCount(least, most));
  }

  /** Whether executors come and go with the work. */
  public boolean isDynamic() {
    return least != most;
  }

  @Override
  public String toString() {
    return isDynamic() ? least + ".." + most : String.valueOf(least);
  }
}
