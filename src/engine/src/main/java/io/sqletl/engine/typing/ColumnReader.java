package io.sqletl.engine.typing;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.NearestName;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.job.SourceText;
import java.time.DateTimeException;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.unsafe.types.UTF8String;

/** Makes a {@link SchemaColumn} of a column object; after a problem what it returns is unusable. */
final class ColumnReader {

  private static final List<String> TYPES =
      List.of(
          "boolean",
          "date",
          "decimal",
          "double",
          "integer",
          "long",
          "string",
          "time",
          "timestamp",
          "binary",
          "struct",
          "array");

  /** Stands in for the name of a column that has none, so that the rest of it is read too. */
  private static final String NO_NAME = "";

  private final ColumnKeys keys;
  private final Sink sink;

  private ColumnReader(ColumnKeys keys, Sink sink) {
    this.keys = keys;
    this.sink = sink;
  }

  /** Where findings go, and the text that their lines count. */
  record Sink(SourceText source, Consumer<Problem> problems, Consumer<Problem> warnings) {
    void problem(Problem problem) {
      problems.accept(problem);
    }

    void warning(Problem warning) {
      warnings.accept(warning);
    }
  }

  static List<SchemaColumn> readAll(ConfigList columns, Sink sink) {
    return readAll(columns, "", sink);
  }

  private static List<SchemaColumn> readAll(ConfigList columns, String parent, Sink sink) {
    List<SchemaColumn> read = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (ConfigValue column : columns) {
      if (column instanceof ConfigObject object) {
        SchemaColumn one = read(object, parent, sink);
        read.add(one);
        if (one != null && !one.name().equals(NO_NAME) && !names.add(one.name())) {
          new ColumnKeys(object, parent, sink)
              .invalid("name", "'name': the schema has this column twice", "take one of them out");
        }
      } else {
        int line = Math.max(1, column.origin().lineNumber());
        sink.problem(
            Problem.of(
                    ErrorCode.INVALID_SCHEMA,
                    sink.source().find(line, String.valueOf(column.unwrapped())),
                    "a schema is a list of columns, and "
                        + column.valueType().name().toLowerCase(Locale.ROOT)
                        + " is no column")
                .withRemedy("write a column as {name: …, type: …, nullable: …}"));
      }
    }
    return read.stream().filter(Objects::nonNull).toList();
  }

  /** Null when the type is not known. */
  private static SchemaColumn read(ConfigObject object, String parent, Sink sink) {
    List<Problem> found = new ArrayList<>();
    Sink own =
        new Sink(
            sink.source(),
            problem -> {
              found.add(problem);
              sink.problem(problem);
            },
            sink.warnings());
    ColumnKeys keys = new ColumnKeys(object, parent, own);
    SchemaColumn column = new ColumnReader(keys, own).read();
    if (column != null) {
      keys.warnOfUnknown();
    }
    if (found.isEmpty() && column instanceof SchemaColumn.Scalar scalar) {
      warnOfReplacement(scalar, keys);
    }
    return column;
  }

  /** A value that is put in for NULL and does not fit makes each NULL an error. */
  private static void warnOfReplacement(SchemaColumn.Scalar column, ColumnKeys keys) {
    String replacement = column.nullRules().replacement();
    if (replacement != null) {
      String error = Typer.of(column).error(UTF8String.fromString(replacement));
      if (error != null) {
        keys.warn(
            "nullReplacementValue",
            "'nullReplacementValue' does not fit its own column, so that each missing value is an"
                + " error: "
                + error,
            "write it as the data have their values");
      }
    }
  }

  private SchemaColumn read() {
    String name = keys.text("name");
    String type = keys.text("type");
    Boolean nullable = keys.flag("nullable");
    String id = keys.textOr("id", null);
    String description = keys.textOr("description", null);
    Metadata metadata = metadata();
    SchemaColumn.Attributes attributes =
        new SchemaColumn.Attributes(
            name == null ? NO_NAME : name, nullable == null || nullable, id, description, metadata);
    return type == null ? null : read(type, attributes);
  }

  private SchemaColumn read(String type, SchemaColumn.Attributes attributes) {
    return switch (type) {
      case "boolean" -> flag(attributes);
      case "date" -> date(attributes);
      case "decimal" -> decimal(attributes);
      case "double" -> new SchemaColumn.DoubleColumn(attributes, nullRules(), numberFormatters());
      case "integer" -> new SchemaColumn.IntegerColumn(attributes, nullRules(), numberFormatters());
      case "long" -> new SchemaColumn.LongColumn(attributes, nullRules(), numberFormatters());
      case "string" -> string(attributes);
      case "time" ->
          new SchemaColumn.TimeColumn(
              attributes, nullRules(), timeFormatters(TimeFormatters.Reads.TIME, null));
      case "timestamp" -> timestamp(attributes);
      case "binary" -> binary(attributes);
      case "struct" -> struct(attributes);
      case "array" -> array(attributes);
      default -> {
        keys.invalid(
            "type",
            "'type': " + validValues(TYPES),
            NearestName.question(type, TYPES).orElse(null));
        yield null;
      }
    };
  }

  private Metadata metadata() {
    if (!keys.has("metadata")) {
      return Metadata.empty();
    }
    MetadataReader reader = new MetadataReader(message -> keys.invalid("metadata", message, null));
    return reader.read(keys.value("metadata"));
  }

  private SchemaColumn.NullRules nullRules() {
    return new SchemaColumn.NullRules(
        keys.flagOr("trim", false) ? SchemaColumn.Whitespace.TRIMMED : SchemaColumn.Whitespace.KEPT,
        keys.textsOr("nullableValues", List.of()),
        keys.textOr("nullReplacementValue", null));
  }

  private SchemaColumn flag(SchemaColumn.Attributes attributes) {
    List<String> whenTrue = listOf("trueValues");
    List<String> whenFalse = listOf("falseValues");
    List<String> both = whenTrue.stream().filter(whenFalse::contains).toList();
    if (!both.isEmpty()) {
      keys.warn(
          "falseValues",
          "'" + both.get(0) + "' is in 'trueValues' and in 'falseValues', and is taken for true",
          "leave it in one of them");
    }
    return new SchemaColumn.BooleanColumn(attributes, nullRules(), whenTrue, whenFalse);
  }

  private SchemaColumn string(SchemaColumn.Attributes attributes) {
    String regex = keys.textOr("regex", null);
    if (regex != null) {
      try {
        Pattern.compile(regex);
      } catch (PatternSyntaxException e) {
        keys.invalid("regex", "'regex': " + e.getMessage().lines().findFirst().orElse(""), null);
      }
    }
    return new SchemaColumn.StringColumn(
        attributes,
        nullRules(),
        keys.integerOr("minLength", null),
        keys.integerOr("maxLength", null),
        regex);
  }

  private SchemaColumn decimal(SchemaColumn.Attributes attributes) {
    Integer precision = keys.integer("precision");
    Integer scale = keys.integer("scale");
    boolean precisionFits =
        precision == null || precision >= 1 && precision <= DecimalType.MAX_PRECISION();
    if (!precisionFits) {
      keys.invalid(
          "precision", "'precision' must be between 1 and " + DecimalType.MAX_PRECISION(), null);
    }
    boolean scaleFits =
        scale == null || scale >= 0 && (precision == null || !precisionFits || scale <= precision);
    if (!scaleFits) {
      keys.invalid("scale", "'scale' must be between 0 and the precision", null);
    }
    boolean usable = precision != null && scale != null && precisionFits && scaleFits;
    return new SchemaColumn.DecimalColumn(
        attributes,
        nullRules(),
        usable ? precision : DecimalType.MAX_PRECISION(),
        usable ? scale : 0,
        numberFormatters());
  }

  private SchemaColumn date(SchemaColumn.Attributes attributes) {
    return new SchemaColumn.DateColumn(
        attributes, nullRules(), timeFormatters(TimeFormatters.Reads.DATE, null), letterCase());
  }

  private SchemaColumn timestamp(SchemaColumn.Attributes attributes) {
    String zone = keys.text("timezoneId");
    if (zone != null) {
      try {
        ZoneId.of(zone);
      } catch (DateTimeException e) {
        keys.invalid(
            "timezoneId",
            "'timezoneId': " + e.getMessage(),
            NearestName.question(zone, ZoneId.getAvailableZoneIds())
                .orElse(
                    "write a region such as Australia/Sydney, an offset such as +10:00, or UTC"));
      }
    }
    List<String> patterns =
        timeFormatters(
            keys.has("time") ? TimeFormatters.Reads.DAY : TimeFormatters.Reads.TIMESTAMP, zone);
    return new SchemaColumn.TimestampColumn(
        attributes, nullRules(), patterns, zone, fixedTime(), letterCase());
  }

  private LocalTime fixedTime() {
    if (!keys.has("time")) {
      return null;
    }
    if (!(keys.value("time") instanceof ConfigObject object)) {
      keys.invalid("time", "'time': Wrong type, expected: object", null);
      return null;
    }
    List<String> messages = new ArrayList<>();
    ColumnKeys parts =
        new ColumnKeys(
            object,
            "",
            new Sink(
                sink.source(),
                problem -> messages.add(problem.message().replaceFirst("^column '[^']*': ", "")),
                sink::warning));
    Integer hour = parts.integer("hour");
    Integer minute = parts.integer("minute");
    Integer second = parts.integer("second");
    Integer nano = parts.integer("nano");
    if (messages.isEmpty()) {
      try {
        return LocalTime.of(hour, minute, second, nano);
      } catch (DateTimeException e) {
        messages.add(e.getMessage());
      }
    }
    keys.invalid(
        "time",
        "'time': Invalid value. " + String.join(", ", messages),
        "write it as {hour: 10, minute: 45, second: 0, nano: 0}");
    return null;
  }

  private SchemaColumn binary(SchemaColumn.Attributes attributes) {
    String text = keys.text("encoding");
    SchemaColumn.Encoding encoding =
        "hexadecimal".equals(text)
            ? SchemaColumn.Encoding.HEXADECIMAL
            : SchemaColumn.Encoding.BASE64;
    List<String> encodings = List.of("base64", "hexadecimal");
    if (text != null && !encodings.contains(text)) {
      keys.invalid(
          "encoding",
          "'encoding': " + validValues(encodings),
          NearestName.question(text, encodings).orElse(null));
    }
    return new SchemaColumn.BinaryColumn(attributes, nullRules(), encoding);
  }

  private SchemaColumn struct(SchemaColumn.Attributes attributes) {
    List<SchemaColumn> fields = List.of();
    ConfigValue value = keys.value("fields");
    if (value instanceof ConfigList list) {
      if (list.isEmpty()) {
        keys.invalid("fields", "'fields' must have at least 1 element", null);
      }
      fields = readAll(list, keys.label() + ".", sink);
    } else if (value != null) {
      keys.invalid("fields", "'fields' must be of type list", null);
    }
    return new SchemaColumn.StructColumn(attributes, fields);
  }

  private SchemaColumn array(SchemaColumn.Attributes attributes) {
    ConfigValue value = keys.value("elementType");
    if (value != null && value.valueType() != ConfigValueType.OBJECT) {
      keys.invalid("elementType", "'elementType' must be of type object", null);
    }
    SchemaColumn element =
        value instanceof ConfigObject object ? read(object, keys.label() + ".", sink) : null;
    return element == null ? null : new SchemaColumn.ArrayColumn(attributes, element);
  }

  private SchemaColumn.LetterCase letterCase() {
    return keys.flagOr("caseSensitive", false)
        ? SchemaColumn.LetterCase.MATCHED
        : SchemaColumn.LetterCase.IGNORED;
  }

  private List<String> listOf(String key) {
    List<String> texts = keys.texts(key);
    return texts == null ? List.of() : texts;
  }

  private List<String> numberFormatters() {
    List<String> patterns = keys.textsOr("formatters", null);
    if (patterns != null) {
      atLeastOne(patterns);
      NumberPatterns.problems(patterns).forEach(this::formatterProblem);
    }
    return patterns;
  }

  private List<String> timeFormatters(TimeFormatters.Reads reads, String zone) {
    List<String> patterns = listOf("formatters");
    if (keys.has("formatters")) {
      atLeastOne(patterns);
    }
    new TimeFormatters(keys, reads, zone).check(patterns);
    return patterns;
  }

  private void atLeastOne(List<String> patterns) {
    if (patterns.isEmpty()) {
      keys.invalid("formatters", "'formatters' must have at least 1 element", null);
    }
  }

  private void formatterProblem(String message) {
    keys.invalid("formatters", "'formatters': " + message, null);
  }

  private static String validValues(List<String> values) {
    return values.stream()
        .map(value -> "'" + value + "'")
        .collect(Collectors.joining(",", "Invalid value. Valid values are [", "]"));
  }
}
