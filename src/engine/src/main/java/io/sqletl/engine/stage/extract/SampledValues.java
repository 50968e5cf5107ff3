package io.sqletl.engine.stage.extract;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.StageContext;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Signs in the first records of delimited text that their values are not what they stand for:
 * quotes of another kind, formulas by which spreadsheets keep a text, and comments. Each kind is
 * told once, of the first file that has it.
 */
final class SampledValues {

  private static final Pattern FORMULA = Pattern.compile("=\"[^\"]*\"", Pattern.DOTALL);

  /** A value in single quotes alone may be a name, or measured in feet. */
  private static final int LEAST_QUOTED = 2;

  private final DelimitedDialect dialect;
  private final List<String> columns;
  private final StageContext context;

  /**
   * @param columns the names of the columns of the view
   */
  SampledValues(DelimitedDialect dialect, List<String> columns, StageContext context) {
    this.dialect = dialect;
    this.columns = columns;
    this.context = context;
  }

  /**
   * The first records of a file.
   *
   * @param first which may be the header
   * @param sample those after it
   */
  record Head(String file, SampledRecord first, List<SampledRecord> sample) {

    /** Of data. */
    List<SampledRecord> records(boolean hasHeader) {
      return hasHeader ? sample : Stream.concat(Stream.of(first), sample.stream()).toList();
    }
  }

  /** Looks at files, and warns of each kind once. */
  void tell(List<Head> heads) {
    heads.stream()
        .map(this::otherQuotes)
        .flatMap(Optional::stream)
        .findFirst()
        .ifPresent(this::warn);
    heads.stream().map(this::formulas).flatMap(Optional::stream).findFirst().ifPresent(this::warn);
    heads.stream().map(this::comments).flatMap(Optional::stream).findFirst().ifPresent(this::warn);
  }

  private record Warning(ErrorCode code, String message, String remedy) {}

  private void warn(Warning warning) {
    context.warn(warning.code(), warning.message(), warning.remedy());
  }

  /** A value, and where it stands. */
  private record Place(SampledRecord record, int column) {

    String value() {
      return record.values().get(column);
    }
  }

  private String shown(Head head, Place place) {
    int number =
        dialect.multiLine() && dialect.header() ? place.record.number() - 1 : place.record.number();
    return head.file
        + ":"
        + number
        + ": "
        + column(head, place)
        + " "
        + (place.value().length() > 40 ? place.value().substring(0, 40) + "…" : place.value());
  }

  /** The name of its column, which another file may have elsewhere. */
  private String column(Head head, Place place) {
    List<String> header = dialect.header() ? head.first.values() : List.of();
    boolean isNamed = place.column < header.size() && header.get(place.column) != null;
    return isNamed && columns.contains(header.get(place.column))
        ? SqlColumn.of(header.get(place.column))
        : SqlColumn.of(columns, place.column);
  }

  /** All values of a column, or nearly all, where no value of the file is in double quotes. */
  private Optional<Warning> otherQuotes(Head head) {
    List<SampledRecord> records = head.records(dialect.header());
    if (dialect.quote() != '"'
        || head.first.text().contains("\"")
        || records.stream().anyMatch(record -> record.text().contains("\""))) {
      return Optional.empty();
    }
    int quoted = 0;
    Optional<Place> first = Optional.empty();
    for (int i = 0; i < head.first.values().size(); i++) {
      List<Place> values = values(records, i, head);
      List<Place> inQuotes = values.stream().filter(place -> isQuoted(place.value())).toList();
      if (!inQuotes.isEmpty() && inQuotes.size() * 4 >= values.size() * 3) {
        quoted += inQuotes.size();
        first = first.or(() -> Optional.of(inQuotes.get(0)));
      }
    }
    boolean isTold = quoted >= LEAST_QUOTED;
    return first
        .filter(place -> isTold)
        .map(
            place ->
                new Warning(
                    ErrorCode.UNTOLD,
                    "The values of "
                        + column(head, place)
                        + " are in single quotes, which are read as part of them ("
                        + shown(head, place)
                        + ")",
                    "set \"quote\": \"SingleQuote\" if they only mark where a value begins and"
                        + " ends"));
  }

  private static boolean isQuoted(String value) {
    String text = value.strip();
    return text.length() > 1 && text.startsWith("'") && text.endsWith("'");
  }

  private static List<Place> values(List<SampledRecord> records, int column, Head head) {
    return records.stream()
        .filter(record -> record.values().size() == head.first.values().size())
        .filter(record -> record.values().get(column) != null)
        .map(record -> new Place(record, column))
        .toList();
  }

  private Optional<Warning> formulas(Head head) {
    List<SampledRecord> records = head.records(dialect.header());
    int count = 0;
    Optional<Place> first = Optional.empty();
    for (SampledRecord record : records) {
      for (int i = 0; i < record.values().size(); i++) {
        String value = record.values().get(i);
        if (value != null && FORMULA.matcher(value.strip()).matches()) {
          Place place = new Place(record, i);
          count++;
          first = first.or(() -> Optional.of(place));
        }
      }
    }
    String number =
        (count == 1 ? "1 value" : count + " values")
            + " of the first "
            + (records.size() == 1 ? "record" : records.size() + " records");
    return first.map(
        place -> {
          String name = column(head, place);
          return new Warning(
              ErrorCode.UNTOLD,
              number
                  + " of "
                  + head.file
                  + " are written as a spreadsheet keeps a text, and read with the signs around it"
                  + " ("
                  + shown(head, place)
                  + ")",
              "take them off in SQL, such as regexp_replace("
                  + name
                  + ", '^=\"(.*)\"$', '$1') AS "
                  + name
                  + ", or have the file written without them");
        });
  }

  /** Lines before all others that begin with a number sign, and have one value. */
  private Optional<Warning> comments(Head head) {
    boolean headerIsOne = dialect.header() && isComment(head.first);
    List<SampledRecord> records = head.records(dialect.header() && !headerIsOne);
    int count = 0;
    while (count < records.size() && isComment(records.get(count))) {
      count++;
    }
    boolean areOthers =
        records.stream().skip(count).noneMatch(record -> record.text().startsWith("#"));
    if (count == 0 || count == records.size() || !areOthers) {
      return Optional.empty();
    }
    SampledRecord first = records.get(0);
    Place place = new Place(first, 0);
    return Optional.of(
        new Warning(
            ErrorCode.UNTOLD,
            "The first line of "
                + head.file
                + (headerIsOne ? "" : " below the header")
                + " looks like a comment, and is read as "
                + (headerIsOne ? "the header" : "a record")
                + " ("
                + shown(head, place)
                + ")",
            headerIsOne
                ? "take it out of the file"
                : "leave it out in SQL, such as WHERE "
                    + SqlColumn.isNot(SqlColumn.of(columns, 0), place.value())
                    + ", or take it out of the file"));
  }

  /** A record of other values too is one of data; one of fewer is an error of its row. */
  private boolean isComment(SampledRecord record) {
    return record.text().startsWith("# ")
        && record.text().strip().indexOf(' ', 2) > 0
        && record.values().size() == columns.size()
        && record.values().stream().skip(1).allMatch(value -> value == null || value.isBlank());
  }
}
