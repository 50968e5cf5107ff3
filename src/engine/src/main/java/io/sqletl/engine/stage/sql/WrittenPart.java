package io.sqletl.engine.stage.sql;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.Problem;
import java.util.Optional;
import org.apache.spark.sql.catalyst.trees.Origin;

/**
 * A part of a statement as it was written, with its parameters put in.
 *
 * @param offset where it begins in {@link SqlStatement#text()}
 */
record WrittenPart(SqlStatement statement, String text, int offset) {

  private static final int SHOWN = 60;

  /** What Spark made something of; nothing where that does not come from this text. */
  static Optional<WrittenPart> of(Origin origin, SqlStatement statement) {
    String sql = statement.text();
    if (origin.startIndex().isEmpty()
        || origin.stopIndex().isEmpty()
        || origin.sqlText().isEmpty()
        || !origin.sqlText().get().equals(sql)) {
      return Optional.empty();
    }
    int start = sql.offsetByCodePoints(0, (Integer) origin.startIndex().get());
    int end = sql.offsetByCodePoints(0, (Integer) origin.stopIndex().get() + 1);
    return start < end
        ? Optional.of(new WrittenPart(statement, sql.substring(start, end), start))
        : Optional.empty();
  }

  /** The text on one line, and its beginning only if it is long. */
  String shown() {
    String line = text.strip().replaceAll("\\s+", " ");
    return line.length() <= SHOWN ? line : line.substring(0, SHOWN).stripTrailing() + " …";
  }

  /** What is odd about it, at its place; without the values of secret parameters. */
  Problem problem(ErrorCode code, String message, String remedy) {
    int length = text.lines().findFirst().orElse("").length();
    return new Problem(
        code,
        statement.at(offset, length),
        statement.withoutSecrets(message),
        statement.withoutSecrets(remedy));
  }
}
