package io.sqletl.engine.stage.extract;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.StageContext;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A last record that has the sums of those above it, as spreadsheets have it; a sum of all is
 * doubled. Where a file is read to its beginning, the numbers decide; else the word and the empty
 * values do.
 */
final class TotalLines {

  private static final String SUM =
      "(grand |sub-?)?totals?|sums?|(gesamt|zwischen)?summen?"
          + "|gesamt(ergebnis|betrag|wert|zahl)?|insgesamt|total général|totale|totaal";

  private static final String MEAN = "average|durchschnitt|mittelwert";

  /** What such a word has behind it, which is no part of a name: a year, a currency, a remark. */
  private static final String REST =
      "(\\s+\\d[\\d./-]*|\\s+(in )?(EUR|USD|CHF|GBP|[€$£%])|\\s+[(\\[].*[)\\]])*\\s*:?";

  private static final Pattern WORD = pattern("(" + SUM + "|" + MEAN + ")" + REST);

  /** The same with any words behind it, as a company may be called. */
  private static final Pattern BEGINNING = pattern("(" + SUM + ")\\b.*");

  private static final Pattern IS_MEAN = pattern("(" + MEAN + ")\\b.*");

  private static final Pattern NUMBER =
      Pattern.compile("[-+€$£ ]*[0-9][0-9.,' \u00a0\u202f]*[€$£% ]*");

  private static final Pattern NO_PART_OF_NUMBER = Pattern.compile("[^0-9.,-]");

  private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private static final int MOST_FILES = 4;

  /** How many lines may follow, such as where the numbers are from. */
  private static final int MOST_NOTES = 2;

  /** With fewer records a number may be that of one above by chance. */
  private static final int LEAST_RECORDS = 2;

  private final DelimitedDialect dialect;
  private final List<String> columns;

  private TotalLines(DelimitedDialect dialect, List<String> columns) {
    this.dialect = dialect;
    this.columns = columns;
  }

  /** A record that looks like sums. */
  private record Found(String label, int column) {}

  /**
   * Looks at the last lines of the first files, and warns once.
   *
   * @param columns the names of the columns
   */
  static void tell(
      List<FileTail> tails, DelimitedDialect dialect, List<String> columns, StageContext context) {
    TotalLines lines = new TotalLines(dialect, columns);
    for (FileTail tail : tails.subList(0, Math.min(MOST_FILES, tails.size()))) {
      Optional<Found> found = lines.find(tail);
      if (found.isPresent()) {
        context.warn(
            ErrorCode.UNTOLD,
            "The last record of "
                + tail.file().getName()
                + " looks like sums of those above it, by '"
                + found.get().label().strip()
                + "', and is read as a record",
            "leave it out in SQL, such as WHERE "
                + lines.condition(found.get())
                + ", or take it out of the file");
        return;
      }
    }
  }

  /** NULLs are kept, which a comparison by <> would leave out. */
  private String condition(Found found) {
    String name = columns.get(Math.min(found.column(), columns.size() - 1));
    return (PLAIN_NAME.matcher(name).matches() ? name : "`" + name.replace("`", "``") + "`")
        + " IS DISTINCT FROM '"
        + found.label().replace("'", "''")
        + "'";
  }

  private Optional<Found> find(FileTail tail) {
    List<byte[]> lines = tail.lastLines();
    int notes = 0;
    for (int i = 0; notes <= MOST_NOTES && i < lines.size(); i++) {
      List<String> values = values(lines.get(i));
      if (!values.isEmpty() && values.stream().allMatch(String::isBlank)) {
        continue; // As spreadsheets write rows that were emptied
      }
      List<byte[]> above = lines.subList(i + 1, lines.size());
      Optional<Found> found = label(values);
      if (found.isPresent()) {
        return found.filter(label -> isOfSums(values, label, above, tail.isWhole()));
      }
      if (!isNote(values)) {
        return Optional.empty();
      }
      notes++;
    }
    return Optional.empty();
  }

  /** One text and nothing else, which is no record where there are several columns. */
  private boolean isNote(List<String> values) {
    List<String> written = values.stream().filter(value -> !value.isBlank()).toList();
    return columns.size() > 1
        && written.size() == 1
        && !NUMBER.matcher(written.get(0).strip()).matches();
  }

  /** The first value that is not empty, where it begins as sums are called. */
  private static Optional<Found> label(List<String> values) {
    for (int i = 0; i < values.size(); i++) {
      String value = values.get(i).strip();
      if (!value.isEmpty()) {
        boolean isLabel = WORD.matcher(value).matches() || BEGINNING.matcher(value).matches();
        return isLabel ? Optional.of(new Found(values.get(i), i)) : Optional.empty();
      }
    }
    return Optional.empty();
  }

  private boolean isOfSums(List<String> values, Found label, List<byte[]> above, boolean isWhole) {
    List<Integer> numbers = new ArrayList<>();
    boolean hasText = false;
    boolean hasEmpty = false;
    for (int i = 0; i < values.size(); i++) {
      String value = values.get(i).strip();
      boolean isNumber = NUMBER.matcher(value).matches();
      hasEmpty |= value.isEmpty();
      hasText |= i != label.column() && !value.isEmpty() && !isNumber;
      if (isNumber && i != label.column()) {
        numbers.add(i);
      }
    }
    boolean isWord = WORD.matcher(label.label().strip()).matches();
    if (numbers.isEmpty() || isWord && hasEmpty) {
      return !numbers.isEmpty();
    }
    if (hasText && !hasEmpty) {
      return false; // What something is called, with all that is known of it
    }
    if (!isWhole) {
      return isWord;
    }
    boolean isMean = IS_MEAN.matcher(label.label().strip()).matches();
    return addsUp(values, numbers, above, isMean);
  }

  /** Whether each number is that of the column above it, by one way of writing decimals. */
  private boolean addsUp(
      List<String> last, List<Integer> numbers, List<byte[]> above, boolean isMean) {
    List<List<String>> records = new ArrayList<>();
    for (byte[] line : above) {
      List<String> values = values(line);
      if (values.size() == last.size()) {
        records.add(values);
      }
    }
    return records.size() >= LEAST_RECORDS
        && (addsUp(last, numbers, records, isMean, '.')
            || addsUp(last, numbers, records, isMean, ','));
  }

  private static boolean addsUp(
      List<String> last,
      List<Integer> numbers,
      List<List<String>> records,
      boolean isMean,
      char point) {
    for (int column : numbers) {
      BigDecimal sum = BigDecimal.ZERO;
      int count = 0;
      for (List<String> record : records) {
        Optional<BigDecimal> value = number(record.get(column), point);
        if (value.isPresent()) {
          sum = sum.add(value.get());
          count++;
        }
      }
      Optional<BigDecimal> told = number(last.get(column), point);
      if (told.isEmpty() || count < LEAST_RECORDS || sum.signum() == 0) {
        return false;
      }
      BigDecimal expected =
          isMean
              ? sum.divide(
                  BigDecimal.valueOf(count), Math.max(0, told.get().scale()), RoundingMode.HALF_UP)
              : sum;
      if (expected.compareTo(told.get()) != 0) {
        return false;
      }
    }
    return true;
  }

  private static Optional<BigDecimal> number(String text, char point) {
    if (!NUMBER.matcher(text.strip()).matches()) {
      return Optional.empty();
    }
    String digits = NO_PART_OF_NUMBER.matcher(text).replaceAll("");
    String plain = digits.replace(point == '.' ? "," : ".", "").replace(point, '.');
    try {
      return Optional.of(new BigDecimal(plain));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** The values of a line; none of one that is no record. */
  private List<String> values(byte[] bytes) {
    byte[] line =
        dialect.isUtf8()
            ? bytes
            : dialect
                .charset()
                .decode(ByteBuffer.wrap(bytes))
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    DelimitedLine record = new DelimitedLine(dialect);
    List<String> values = new ArrayList<>();
    if (record.read(line, 0, line.length, 0) == null) {
      for (int i = 0; i < record.count(); i++) {
        values.add(record.value(i) == null ? "" : record.value(i).toString());
      }
    }
    return values;
  }

  private static Pattern pattern(String regex) {
    return Pattern.compile(regex, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
  }
}
