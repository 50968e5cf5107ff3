package io.sqletl.engine.stage.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.sqletl.engine.typing.SchemaColumn;
import io.sqletl.engine.typing.ValueTyping;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * A value that a schema describes. Numbers, words and texts are typed as a TypingTransform types
 * texts, with two differences: a number is read as JSON writes it, whatever patterns the column
 * has; and a text is no number unless the column has patterns that say how to read it.
 */
final class JsonDeclaredValue implements JsonValue {

  private static final long serialVersionUID = 1L;

  private enum Kind {
    INTEGER,
    LONG,
    DOUBLE,
    DECIMAL,
    BOOLEAN,
    STRING,
    OTHER
  }

  private static final int LONG_DIGITS = 19;

  private final SchemaColumn.Scalar column;
  private final Kind kind;
  private final ValueTyping texts;
  private final ValueTyping numbers;
  private final boolean readsQuotedNumbers;
  private final boolean keepsText;
  private final boolean keepsNumbers;
  private final boolean isIdentity;

  private JsonDeclaredValue(SchemaColumn.Scalar column) {
    this.column = column;
    this.kind = kind(column);
    this.texts = ValueTyping.of(column);
    this.numbers = ValueTyping.ofPlainNumbers(column);
    this.readsQuotedNumbers = formatters(column) != null;
    this.keepsText = texts.keepsText();
    this.keepsNumbers =
        column.nullRules().nullableValues().stream().noneMatch(JsonDeclaredValue::mayBeNumber);
    this.isIdentity = texts.isIdentity();
  }

  static JsonValue of(SchemaColumn column) {
    if (column instanceof SchemaColumn.StructColumn struct) {
      return new Required(column, JsonObjectValue.declared(struct.fields()));
    }
    if (column instanceof SchemaColumn.ArrayColumn array) {
      return new Required(
          column,
          new JsonObjectValue.Elements(of(array.elementType()), array.elementType().nullable()));
    }
    return new JsonDeclaredValue((SchemaColumn.Scalar) column);
  }

  /** Whether a number of JSON may be written so. */
  private static boolean mayBeNumber(String text) {
    return !text.isEmpty() && (text.charAt(0) == '-' || Character.isDigit(text.charAt(0)));
  }

  private static Kind kind(SchemaColumn.Scalar column) {
    if (column instanceof SchemaColumn.IntegerColumn) {
      return Kind.INTEGER;
    }
    if (column instanceof SchemaColumn.LongColumn) {
      return Kind.LONG;
    }
    if (column instanceof SchemaColumn.DoubleColumn) {
      return Kind.DOUBLE;
    }
    if (column instanceof SchemaColumn.DecimalColumn) {
      return Kind.DECIMAL;
    }
    if (column instanceof SchemaColumn.BooleanColumn) {
      return Kind.BOOLEAN;
    }
    return column instanceof SchemaColumn.StringColumn ? Kind.STRING : Kind.OTHER;
  }

  private static List<String> formatters(SchemaColumn.Scalar column) {
    if (column instanceof SchemaColumn.IntegerColumn number) {
      return number.formatters();
    }
    if (column instanceof SchemaColumn.LongColumn number) {
      return number.formatters();
    }
    if (column instanceof SchemaColumn.DoubleColumn number) {
      return number.formatters();
    }
    return column instanceof SchemaColumn.DecimalColumn number ? number.formatters() : null;
  }

  @Override
  public DataType type() {
    return column.sparkType();
  }

  @Override
  public Object read(JsonParser parser, RecordReading record) throws IOException {
    JsonToken token = parser.currentToken();
    return switch (token) {
      case VALUE_NULL -> missing(record);
      case VALUE_STRING -> ofText(record.text(parser), record);
      case VALUE_NUMBER_INT -> ofWhole(parser, record);
      case VALUE_NUMBER_FLOAT -> ofNumber(parser, record);
      case VALUE_TRUE, VALUE_FALSE -> ofWord(token, record);
      default -> ofNested(parser, record);
    };
  }

  @Override
  public Object missing(RecordReading record) {
    return typed(texts, null, record);
  }

  private Object ofText(UTF8String value, RecordReading record) {
    if (isIdentity) {
      return value;
    }
    switch (kind) {
      case DOUBLE:
        // JSON has no other way to write these
        String word = value.toString();
        if (word.equals("NaN") || word.equals("Infinity") || word.equals("-Infinity")) {
          return Double.valueOf(word);
        }
        break;
      case INTEGER:
      case LONG:
      case DECIMAL:
        break;
      default:
        return typed(texts, value, record);
    }
    if (readsQuotedNumbers || meansNull(value)) {
      return typed(texts, value, record);
    }
    String text = value.toString();
    refuse(
        "\""
            + text
            + "\" is a text, no "
            + texts.target()
            + "; give the column \"formatters\" to read texts as numbers",
        text,
        record);
    return null;
  }

  private boolean meansNull(UTF8String text) {
    return !keepsText && texts.value(text) == null && texts.error(text) == null
        || !keepsText && isReplaced(text);
  }

  private boolean isReplaced(UTF8String text) {
    return column.nullRules().nullableValues().contains(text.toString().trim())
        || column.nullRules().nullableValues().contains(text.toString());
  }

  private Object ofWhole(JsonParser parser, RecordReading record) throws IOException {
    if (keepsNumbers) {
      JsonParser.NumberType size = parser.getNumberType();
      if (kind == Kind.INTEGER && size == JsonParser.NumberType.INT) {
        return parser.getIntValue();
      }
      if (kind == Kind.LONG && size != JsonParser.NumberType.BIG_INTEGER) {
        return parser.getLongValue();
      }
    }
    return ofNumber(parser, record);
  }

  private Object ofNumber(JsonParser parser, RecordReading record) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_FLOAT && parser.isNaN()) {
      String text = parser.getText();
      refuse(text + " is no number of JSON", text, record);
      return null;
    }
    UTF8String text = record.text(parser);
    boolean isWhole = kind == Kind.INTEGER || kind == Kind.LONG;
    return typed(
        numbers,
        isWhole && parser.currentToken() == JsonToken.VALUE_NUMBER_FLOAT ? whole(text) : text,
        record);
  }

  /** Programs that keep whole numbers as doubles, such as pandas, write 17 as 17.0 or 1.7e1. */
  private static UTF8String whole(UTF8String text) {
    BigDecimal number = new BigDecimal(text.toString());
    boolean isLong = (long) number.precision() - number.scale() <= LONG_DIGITS;
    return isLong && number.stripTrailingZeros().scale() <= 0
        ? UTF8String.fromString(number.toBigInteger().toString())
        : text;
  }

  private Object ofWord(JsonToken token, RecordReading record) {
    if (kind == Kind.BOOLEAN) {
      return token == JsonToken.VALUE_TRUE;
    }
    return typed(texts, UTF8String.fromString(token.asString()), record);
  }

  private Object ofNested(JsonParser parser, RecordReading record) throws IOException {
    String text = record.written(parser);
    if (kind == Kind.STRING) {
      return typed(texts, UTF8String.fromString(text), record);
    }
    refuse("A " + texts.target() + " is expected, not " + shortened(text), text, record);
    return null;
  }

  private Object typed(ValueTyping typing, UTF8String text, RecordReading record) {
    Object value = typing.value(text, record);
    if (value == null) {
      String error = typing.error(text);
      if (error != null) {
        record.add(
            new RecordProblem("", error, text == null ? null : text.toString(), typing.target()));
      }
    }
    return value;
  }

  private static void refuse(String message, String value, RecordReading record) {
    record.add(new RecordProblem("", message, value, null));
  }

  private static String shortened(String text) {
    return text.length() > 80 ? text.substring(0, 80) + "…" : text;
  }

  /** An object or array that may have to be there. */
  private record Required(SchemaColumn column, JsonValue value) implements JsonValue {

    @Override
    public DataType type() {
      return value.type();
    }

    @Override
    public Object read(JsonParser parser, RecordReading record) throws IOException {
      return parser.currentToken() == JsonToken.VALUE_NULL
          ? missing(record)
          : value.read(parser, record);
    }

    @Override
    public Object missing(RecordReading record) {
      if (!column.nullable()) {
        record.add(new RecordProblem("", "A value is expected, not null", null, "null"));
      }
      return null;
    }
  }
}
