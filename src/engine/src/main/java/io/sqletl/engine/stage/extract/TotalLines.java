package io.sqletl.engine.stage.extract;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.StageContext;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A last record that has the sums of those above it, as spreadsheets have it; a sum of all is
 * doubled. Where a file is read to its beginning, the numbers decide; else the word and the empty
 * values do. Sums without a word have no values in the first columns, where all others do.
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

  /** A line of sums within the records, of whatever they are. */
  private static final Pattern PART = pattern("(sub-?totals?|zwischensummen?)\\b.*");

  private static final Pattern IS_MEAN = pattern("(" + MEAN + ")\\b.*");

  private static final Pattern NUMBER =
      Pattern.compile("[-+€$£ ]*[0-9][0-9.,' \u00a0\u202f]*[€$£% ]*");

  private static final Pattern NO_PART_OF_NUMBER = Pattern.compile("[^0-9.,-]");

  private static final int MOST_FILES = 4;

  private static final int MOST_LABELS = 6;

  /** How many lines may follow, such as where the numbers are from. */
  private static final int MOST_NOTES = 2;

  /** So many records without a gap tell what one with a gap is. */
  private static final int RECORDS_OF_LARGE_FILE = 8;

  /** With fewer records a number may be that of one above by chance. */
  private static final int LEAST_RECORDS = 2;

  private final DelimitedDialect dialect;
  private final List<String> columns;

  private TotalLines(DelimitedDialect dialect, List<String> columns) {
    this.dialect = dialect;
    this.columns = columns;
  }

  /**
   * A record that looks like sums.
   *
   * @param label what it is called; empty where its first values are
   * @param labels of lines of sums above it
   */
  private record Found(LastRecord record, String label, int column, List<String> labels) {}

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
                + found.get().record().place(tail)
                + " looks like sums of those above it, "
                + lines.reason(found.get())
                + ", and is read as a record",
            "leave it out in SQL, such as WHERE "
                + lines.condition(found.get())
                + ", or take it out of the file");
        return;
      }
    }
  }

  private String reason(Found found) {
    if (found.label().isEmpty()) {
      return "as it alone has no value of " + SqlColumn.of(columns, found.column());
    }
    return "by '"
        + found.label().strip()
        + "'"
        + (found.labels().isEmpty()
            ? ""
            : ", as do others between the records ('" + String.join("', '", found.labels()) + "')");
  }

  private String condition(Found found) {
    String name = SqlColumn.of(columns, found.column());
    if (found.label().isEmpty()) {
      return "trim(" + name + ") <> ''";
    }
    Set<String> labels = new LinkedHashSet<>(found.labels());
    labels.add(found.label());
    // NULLs are kept, which a comparison by <> would leave out
    return labels.size() == 1
        ? SqlColumn.isNot(name, found.label())
        : "coalesce("
            + name
            + ", '') NOT IN ("
            + labels.stream().map(SqlColumn::text).collect(Collectors.joining(", "))
            + ")";
  }

  private Optional<Found> find(FileTail tail) {
    List<LastRecord> records = LastRecord.of(tail, dialect);
    int notes = 0;
    for (int i = 0; notes <= MOST_NOTES && i < records.size(); i++) {
      LastRecord last = records.get(i);
      if (last.isEmptied()) {
        continue;
      }
      List<LastRecord> above = records.subList(i + 1, records.size());
      Optional<Found> found = label(last);
      if (found.isPresent()) {
        return found
            .map(label -> withLabels(label, above))
            .filter(label -> isOfSums(label, above, tail.isWhole()));
      }
      if (isUnlabelled(last, above, tail.isWhole())) {
        return Optional.of(new Found(last, "", 0, List.of()));
      }
      if (!isNote(last)) {
        return Optional.empty();
      }
      notes++;
    }
    return Optional.empty();
  }

  /** One text and nothing else, which is no record where there are several columns. */
  private boolean isNote(LastRecord record) {
    List<String> written = record.written();
    return columns.size() > 1 && written.size() == 1 && !isNumber(written.get(0));
  }

  private static boolean isNumber(String value) {
    return NUMBER.matcher(value.strip()).matches();
  }

  /** The first value that is not empty, where it begins as sums are called. */
  private static Optional<Found> label(LastRecord record) {
    for (int i = 0; i < record.values().size(); i++) {
      String value = record.values().get(i).strip();
      if (!value.isEmpty()) {
        boolean isLabel = WORD.matcher(value).matches() || BEGINNING.matcher(value).matches();
        return isLabel
            ? Optional.of(new Found(record, record.values().get(i), i, List.of()))
            : Optional.empty();
      }
    }
    return Optional.empty();
  }

  private static Found withLabels(Found found, List<LastRecord> above) {
    List<String> labels =
        above.stream()
            .filter(record -> isPart(record, found))
            .map(record -> record.values().get(found.column()))
            .distinct()
            .limit(MOST_LABELS)
            .toList();
    return new Found(found.record(), found.label(), found.column(), labels);
  }

  /** Whether a record above is one of sums too. */
  private static boolean isPart(LastRecord record, Found found) {
    String value =
        found.column() < record.values().size() ? record.values().get(found.column()).strip() : "";
    return !found.label().isEmpty()
        && (WORD.matcher(value).matches() || PART.matcher(value).matches());
  }

  /** The columns that have numbers, but for that of the label. */
  private static List<Integer> numbers(Found found) {
    List<String> values = found.record().values();
    return IntStream.range(0, values.size())
        .filter(i -> i != found.column() && isNumber(values.get(i)))
        .boxed()
        .toList();
  }

  private boolean isOfSums(Found found, List<LastRecord> above, boolean isWhole) {
    List<String> values = found.record().values();
    List<Integer> numbers = numbers(found);
    boolean hasText = found.record().written().size() > numbers.size() + 1;
    boolean hasEmpty = values.stream().anyMatch(String::isBlank);
    boolean isWord = WORD.matcher(found.label().strip()).matches();
    if (numbers.isEmpty() || isWord && hasEmpty) {
      return !numbers.isEmpty();
    }
    if (hasText && !hasEmpty) {
      return false; // What something is called, with all that is known of it
    }
    if (!isWhole) {
      return isWord;
    }
    boolean isMean = IS_MEAN.matcher(found.label().strip()).matches();
    return addsUp(values, numbers, records(above, found), isMean, LEAST_RECORDS)
        || !found.labels().isEmpty()
            && addsUp(values, numbers, sinceLastPart(above, found), isMean, 1);
  }

  /** Whether the first values are empty in this record alone, and the others are sums. */
  private boolean isUnlabelled(LastRecord last, List<LastRecord> above, boolean isWhole) {
    Found found = new Found(last, "", 0, List.of());
    List<String> values = last.values();
    List<Integer> numbers = numbers(found);
    List<List<String>> records = records(above, found);
    if (values.size() != columns.size()
        || values.isEmpty()
        || !values.get(0).isBlank()
        || last.written().size() != numbers.size()
        || records.stream().anyMatch(record -> isEmptyWhere(values, record))) {
      return false;
    }
    if (isWhole) {
      return addsUp(values, numbers, records, /* isMean */ false, LEAST_RECORDS)
          && !(records.size() == LEAST_RECORDS && isNext(values, numbers, records.get(0)));
    }
    // A sum of all is no less than one of some, where none is below zero
    return records.size() >= RECORDS_OF_LARGE_FILE
        && numbers.stream().anyMatch(column -> isMoreThanAll(values, column, records));
  }

  /** Whether a record has no value where the last has none before its first. */
  private static boolean isEmptyWhere(List<String> last, List<String> record) {
    for (int i = 0; i < last.size() && last.get(i).isBlank(); i++) {
      if (record.get(i).isBlank()) {
        return true;
      }
    }
    return false;
  }

  /** As 3 comes after 1 and 2, and is their sum. */
  private static boolean isNext(List<String> last, List<Integer> numbers, List<String> before) {
    return numbers.stream()
        .allMatch(
            column -> {
              Optional<BigDecimal> next =
                  number(before.get(column), '.').map(number -> number.add(BigDecimal.ONE));
              return next.equals(number(last.get(column), '.'));
            });
  }

  private static boolean isMoreThanAll(List<String> last, int column, List<List<String>> records) {
    BigDecimal sum = BigDecimal.ZERO;
    for (List<String> record : records) {
      BigDecimal value = number(record.get(column), '.').orElse(BigDecimal.ZERO);
      if (value.signum() < 0) {
        return false;
      }
      sum = sum.add(value);
    }
    return sum.signum() > 0
        && number(last.get(column), '.').orElse(BigDecimal.ZERO).compareTo(sum) >= 0;
  }

  /** The records of values, without lines of sums. */
  private static List<List<String>> records(List<LastRecord> above, Found found) {
    return above.stream()
        .filter(record -> !isPart(record, found) && !record.isEmptied())
        .map(LastRecord::values)
        .filter(values -> values.size() == found.record().values().size())
        .toList();
  }

  /** Lines of sums within the records: the last one is of those since the one before it. */
  private static List<List<String>> sinceLastPart(List<LastRecord> above, Found found) {
    int before = 0;
    while (before < above.size() && !isPart(above.get(before), found)) {
      before++;
    }
    return records(above.subList(0, before), found);
  }

  private boolean addsUp(
      List<String> last,
      List<Integer> numbers,
      List<List<String>> records,
      boolean isMean,
      int least) {
    return !numbers.isEmpty()
        && records.size() >= least
        && (addsUp(last, numbers, records, isMean, least, '.')
            || addsUp(last, numbers, records, isMean, least, ','));
  }

  /** Whether each number is that of the column above it, by one way of writing decimals. */
  private static boolean addsUp(
      List<String> last,
      List<Integer> numbers,
      List<List<String>> records,
      boolean isMean,
      int least,
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
      if (told.isEmpty() || count < least || sum.signum() == 0) {
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

  private static Pattern pattern(String regex) {
    return Pattern.compile(regex, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
  }
}
