package io.sqletl.engine.stage.extract;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Signs that the first record of delimited text is not what the job takes it for: a header that is
 * data, data that is a header, a line that programs leave for themselves, or another delimiter.
 */
final class HeaderSigns {

  /** What Excel writes to tell itself the delimiter. */
  private static final Pattern SEPARATOR_LINE = Pattern.compile("\"?sep=.{1,2}\"?", Pattern.DOTALL);

  private static final Pattern MARKUP =
      Pattern.compile("^\\s*<(!doctype|html\\b|\\?xml\\b)", Pattern.CASE_INSENSITIVE);

  private static final String POINTER = "version https://git-lfs.github.com/";

  private static final Pattern NUMBER = Pattern.compile("[-+]?[0-9]+([.,][0-9]+)*");

  private static final Pattern DATE =
      Pattern.compile(
          "\\d{4}-\\d\\d?-\\d\\d?([T ].*)?|\\d\\d?[./]\\d\\d?[./]\\d{4}( .*)?|\\d\\d:\\d\\d(:\\d\\d.*)?");

  /** A number that is no year, and no number of a week, month or column either. */
  private static final Pattern NO_NAME = Pattern.compile("-[0-9].*|[0-9]+[.][0-9]+|[0-9]{5,}");

  private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_ .()/%#-]*");

  /** How programs name columns: small letters, digits and underscores. */
  private static final Pattern IDENTIFIER = Pattern.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*");

  private static final String OTHER_DELIMITERS = ";\t|,";

  private final DelimitedDialect dialect;
  private final StageContext context;

  HeaderSigns(DelimitedDialect dialect, StageContext context) {
    this.dialect = dialect;
    this.context = context;
  }

  /**
   * What is wrong with a file whose first line is none of delimited text: it tells Excel the
   * delimiter, or begins a page.
   *
   * @param first its first bytes, in UTF-8
   */
  static Optional<String> separatorLine(byte[] first, int from, int to) {
    int end = from;
    while (end < to && end - from < POINTER.length() && first[end] != '\n' && first[end] != '\r') {
      end++;
    }
    String line = new String(first, from, end - from, StandardCharsets.UTF_8);
    if (MARKUP.matcher(line).find()) {
      return Optional.of(
          "begins with "
              + line
              + ", as a page of HTML or a document of XML does, such as the message of a server in"
              + " place of the data");
    }
    if (line.startsWith("-----BEGIN ")) {
      return Optional.of(
          "begins with " + line + ", as what is encrypted or signed does; unpack it");
    }
    if (line.toUpperCase(Locale.ROOT).startsWith("INSERT INTO ")) {
      return Optional.of(
          "begins with " + line + ", as a dump of statements does; export the table as CSV");
    }
    if (line.startsWith(POINTER)) {
      return Optional.of(
          "is a pointer of Git LFS and not the data; bring the data with git lfs pull");
    }
    return SEPARATOR_LINE.matcher(line).matches()
        ? Optional.of(
            "begins with the line "
                + line
                + ", by which Excel tells itself the delimiter and which is no record; take that"
                + " line out of the file")
        : Optional.empty();
  }

  /**
   * @throws StageException for a file that begins with such a line
   */
  static void requireNoSeparatorLine(String file, byte[] first) {
    separatorLine(first, 0, first.length)
        .ifPresent(
            sign -> {
              throw new StageException("The file '" + file + "' " + sign);
            });
  }

  /**
   * Looks at a header.
   *
   * @param where what messages call the file
   * @param sample the first records below it
   */
  void header(String where, List<String> names, List<List<String>> sample) {
    if (names.size() == 1 && names.get(0) != null) {
      oneColumn(where, names.get(0), sample);
    }
    Optional<String> value = likeRecord(names).or(() -> repeated(names, sample));
    if (value.isPresent()) {
      context.warn(
          ErrorCode.COLUMN_NAMES,
          "The header of "
              + where
              + " looks like a record, by '"
              + value.get()
              + "' ("
              + shown(names)
              + "), and is not read as one",
          "set \"header\": false if the file has no header");
    }
  }

  /** Files of which the only line is taken for a header, and does not look like one. */
  void onlyHeader(String where, List<String> names) {
    if (names.size() == 1 && names.get(0) != null && names.get(0).strip().indexOf(' ') > 0) {
      context.warn(
          ErrorCode.COLUMN_NAMES,
          "The only line of "
              + where
              + ", '"
              + names.get(0)
              + "', is read as its header, so that there are no records",
          "see that the file holds the data and no message about them");
    }
  }

  private static Optional<String> likeRecord(List<String> names) {
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i) == null ? "" : names.get(i).strip();
      boolean isValue = i == 0 && isValue(name) || NO_NAME.matcher(name).matches();
      if (isValue) {
        return Optional.of(name);
      }
    }
    return Optional.empty();
  }

  /**
   * Looks at the first record of files without a header.
   *
   * @param sample the first records after it
   * @param schema the names of the stage's schema; empty when it has none
   */
  void record(String where, List<String> first, List<List<String>> sample, List<String> schema) {
    if (first.size() == 1 && first.get(0) != null) {
      oneColumn(where, first.get(0), sample);
    }
    if (isSame(first, schema) || isHeaderOf(first, sample)) {
      context.warn(
          ErrorCode.COLUMN_NAMES,
          "The first record of "
              + where
              + " looks like a header ("
              + shown(first)
              + "), and is read as data",
          "set \"header\": true if it is one");
    }
  }

  /** Whether values are these names, whatever their case. */
  static boolean isSame(List<String> values, List<String> names) {
    return !names.isEmpty() && keys(values).equals(keys(names));
  }

  private static List<String> keys(List<String> names) {
    return names.stream()
        .map(name -> name == null ? "" : name.strip().toLowerCase(Locale.ROOT))
        .toList();
  }

  /** A value of the header that a record has in the same column; another header has all of them. */
  private static Optional<String> repeated(List<String> names, List<List<String>> sample) {
    for (List<String> record : sample) {
      if (record.size() == names.size() && !keys(record).equals(keys(names))) {
        for (int i = 0; i < names.size(); i++) {
          if (isWord(names.get(i)) && names.get(i).equals(record.get(i))) {
            return Optional.of(names.get(i));
          }
        }
      }
    }
    return Optional.empty();
  }

  /** A number may be the name of a day or a month, and a flag may be that of its column. */
  private static boolean isWord(String name) {
    return name != null && name.length() > 1 && !NUMBER.matcher(name).matches();
  }

  /** Names above values: numbers and times, or texts of which none is written as names are. */
  private static boolean isHeaderOf(List<String> first, List<List<String>> sample) {
    Set<String> names = new HashSet<>();
    for (String name : first) {
      boolean isName = name != null && NAME.matcher(name.strip()).matches();
      if (!isName || !names.add(name.strip().toLowerCase(Locale.ROOT))) {
        return false;
      }
    }
    if (first.size() < 2 || sample.isEmpty() || sample.get(0).size() != first.size()) {
      return false;
    }
    return sample.get(0).stream().anyMatch(value -> value != null && isValue(value.strip()))
        || first.stream().allMatch(name -> IDENTIFIER.matcher(name.strip()).matches())
            && sample.size() > 1
            && isAboveTexts(first.size(), sample);
  }

  /** Whether the values of a column are all written otherwise than names of columns are. */
  private static boolean isAboveTexts(int columns, List<List<String>> sample) {
    for (int i = 0; i < columns; i++) {
      int column = i;
      boolean areTexts =
          sample.stream()
              .allMatch(
                  record ->
                      column < record.size()
                          && record.get(column) != null
                          && !IDENTIFIER.matcher(record.get(column).strip()).matches());
      if (areTexts) {
        return true;
      }
    }
    return false;
  }

  private static boolean isValue(String text) {
    return NUMBER.matcher(text).matches() || DATE.matcher(text).matches();
  }

  private void oneColumn(String where, String text, List<List<String>> sample) {
    String separator = new String(dialect.separator(), StandardCharsets.UTF_8);
    for (char other : OTHER_DELIMITERS.toCharArray()) {
      if (text.indexOf(other) >= 0 && separator.indexOf(other) < 0) {
        String shown = other == '\t' ? "a tab" : "'" + other + "'";
        context.warn(
            ErrorCode.COLUMN_NAMES,
            "The records of " + where + " are one column, and the first has " + shown + " in it",
            "if it separates values, set \"delimiter\": "
                + (other == '|'
                    ? "\"Pipe\""
                    : other == ','
                        ? "\"Comma\""
                        : "\"Custom\" and \"customDelimiter\": \""
                            + (other == '\t' ? "\\t" : other)
                            + "\""));
        return;
      }
    }
    if (separator.indexOf(' ') < 0) {
      AlignedColumns.of(text, sample)
          .ifPresent(
              columns ->
                  context.warn(
                      ErrorCode.COLUMN_NAMES,
                      "The records of "
                          + where
                          + " are one column, and blanks stand in all of them where the first has"
                          + " some ('"
                          + text
                          + "')",
                      "if they separate columns of a fixed width, read the file with TextExtract"
                          + " and cut its lines in SQL, such as "
                          + columns.firstInSql(dialect.header())));
    }
  }

  private static String shown(List<String> values) {
    List<String> some = values.subList(0, Math.min(6, values.size()));
    return some.stream()
            .map(
                value ->
                    value == null ? "" : value.length() > 30 ? value.substring(0, 30) + "…" : value)
            .collect(java.util.stream.Collectors.joining(", "))
        + (values.size() > some.size() ? ", …" : "");
  }
}
