package io.sqletl.engine.stage.extract;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.StageContext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A last record that has the sums of those above it, as spreadsheets have it; a sum of all is
 * doubled.
 */
final class TotalLines {

  private static final Pattern WORD =
      Pattern.compile(
          "(grand |sub-?)?totals?:?|sums?:?|(gesamt)?summen?:?|gesamt:?|insgesamt:?|total général:?"
              + "|totale:?|totaal:?",
          Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

  private static final Pattern NUMBER = Pattern.compile("[-+€$£ ]*[0-9][0-9.,' \u00a0]*[€$£% ]*");

  private static final int MOST_FILES = 4;

  private TotalLines() {}

  /** Looks at the last lines of the first files, and warns once. */
  static void tell(List<FileTail> tails, DelimitedDialect dialect, StageContext context) {
    for (FileTail tail : tails.subList(0, Math.min(MOST_FILES, tails.size()))) {
      Optional<String> word = tail.lastLine().flatMap(line -> word(line, dialect));
      if (word.isPresent()) {
        context.warn(
            ErrorCode.UNTOLD,
            "The last record of "
                + tail.file().getName()
                + " looks like sums of those above it, by '"
                + word.get()
                + "', and is read as a record",
            "leave it out in SQL, such as WHERE id IS NOT NULL, or take it out of the file");
        return;
      }
    }
  }

  /** The word before sums, where other values are empty and one is a number. */
  private static Optional<String> word(byte[] bytes, DelimitedDialect dialect) {
    byte[] line =
        dialect.isUtf8()
            ? bytes
            : dialect
                .charset()
                .decode(ByteBuffer.wrap(bytes))
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    DelimitedLine record = new DelimitedLine(dialect);
    if (record.read(line, 0, line.length, 0) != null) {
      return Optional.empty();
    }
    String first = null;
    boolean hasEmpty = false;
    boolean hasNumber = false;
    for (int i = 0; i < record.count(); i++) {
      String value = record.value(i) == null ? "" : record.value(i).toString().strip();
      hasEmpty |= value.isEmpty();
      hasNumber |= NUMBER.matcher(value).matches();
      first = first == null && !value.isEmpty() ? value : first;
    }
    return hasEmpty && hasNumber
        ? Optional.of(first).filter(WORD.asMatchPredicate())
        : Optional.empty();
  }
}
