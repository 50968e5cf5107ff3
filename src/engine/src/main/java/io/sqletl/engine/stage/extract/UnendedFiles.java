package io.sqletl.engine.stage.extract;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.StageContext;
import java.util.List;

/**
 * A file of lines whose last line does not end, where those of all others do. A copy that was
 * broken off within the last value of a record looks so, and nothing else tells it.
 */
final class UnendedFiles {

  /** Fewer do not show what is usual. */
  private static final int FEWEST_FILES = 3;

  private UnendedFiles() {}

  /** Warns of one alone. */
  static void tell(List<FileTail> tails, StageContext context) {
    if (tails.size() < FEWEST_FILES) {
      return;
    }
    List<FileTail> unended = tails.stream().filter(tail -> !tail.endsItsLine()).limit(2).toList();
    if (unended.size() == 1) {
      context.warn(
          ErrorCode.UNTOLD,
          "The last line of "
              + unended.get(0).file()
              + " has no line end, and those of the other files have one: it may have been cut"
              + " within its last value",
          "compare it with its source, or end its last line if it is whole");
    }
  }
}
