package io.sqletl.engine.stage.extract;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.StageContext;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A last record that programs write to say that the data end, or how many there are, filled up with
 * delimiters so that it has the form of a record.
 */
final class EndMarks {

  private static final Pattern END =
      pattern(
          "[-*=<# ]*(end of (file|report|data|list|document|export|extract|records)|eof"
              + "|dateiende|ende der (datei|liste)|fin du fichier)[-*=># ]*[.!]?");

  /** What one column has of it is an error of the row: {@code (2 rows affected)}. */
  private static final Pattern COUNT =
      pattern(
          "\\(?\\d[\\d,.']* (rows?|records?|lines?|row\\(s\\)|record\\(s\\)|zeilen|datensätze)"
              + "( (selected|affected|returned|exported|found|listed|fetched|written|total"
              + "|in set.*|ausgewählt))?[.)]*"
              + "|(total |number of )?(rows?|records?|lines?|row count|record count)( total)?"
              + "\\s*[:=]\\s*\\d[\\d,.']*");

  private static final String COMMENT = "a comment";

  private static final int MOST_FILES = 4;

  private final List<String> columns;

  private EndMarks(List<String> columns) {
    this.columns = columns;
  }

  /** A record that is none. */
  private record Found(LastRecord record, String text, int column, String kind) {}

  /**
   * Looks at the last lines of the first files, and warns once.
   *
   * @param columns the names of the columns
   */
  static void tell(
      List<FileTail> tails, DelimitedDialect dialect, List<String> columns, StageContext context) {
    EndMarks marks = new EndMarks(columns);
    for (FileTail tail : tails.subList(0, Math.min(MOST_FILES, tails.size()))) {
      Optional<Found> found = marks.find(LastRecord.of(tail, dialect));
      if (found.isPresent()) {
        context.warn(
            ErrorCode.UNTOLD,
            "The last record of "
                + found.get().record().place(tail)
                + " looks like "
                + found.get().kind()
                + ", '"
                + found.get().text().strip()
                + "', and is read as a record",
            "leave it out in SQL, such as WHERE "
                + SqlColumn.isNot(SqlColumn.of(columns, found.get().column()), found.get().text())
                + ", or take it out of the file");
        return;
      }
    }
  }

  private Optional<Found> find(List<LastRecord> records) {
    List<LastRecord> written = records.stream().filter(record -> !record.isEmptied()).toList();
    if (written.size() < 2) {
      return Optional.empty();
    }
    LastRecord last = written.get(0);
    // One of fewer values is an error of its row
    if (last.written().size() != 1 || last.values().size() != columns.size()) {
      return Optional.empty();
    }
    String text = last.written().get(0);
    return kind(text.strip())
        .filter(kind -> written.stream().skip(1).noneMatch(record -> isOfKind(record, kind)))
        .map(kind -> new Found(last, text, last.values().indexOf(text), kind));
  }

  /** Records with such values have them for data. */
  private boolean isOfKind(LastRecord record, String kind) {
    return record.values().stream()
        .anyMatch(
            value ->
                kind.equals(COMMENT)
                    ? value.startsWith("#")
                    : kind(value.strip()).equals(Optional.of(kind)));
  }

  private Optional<String> kind(String text) {
    if (END.matcher(text).matches()) {
      return Optional.of("a mark of the end");
    }
    if (COUNT.matcher(text).matches() && (columns.size() > 1 || !text.startsWith("("))) {
      return Optional.of("a number of records");
    }
    return text.startsWith("# ") ? Optional.of(COMMENT) : Optional.empty();
  }

  private static Pattern pattern(String regex) {
    return Pattern.compile(regex, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
  }
}
