package io.sqletl.engine.stage.extract;

import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The type that all texts of one place have in common and that gives back each of them: {@code
 * 00123}, {@code 1.10}, {@code 1e5} and times with an offset are texts, since no number or time is
 * written so again.
 */
final class TextShape implements Serializable {

  private static final long serialVersionUID = 1L;

  private static final Pattern WHOLE = Pattern.compile("-?[1-9][0-9]{0,37}|0");
  private static final Pattern FRACTION = Pattern.compile("-?(0|[1-9][0-9]*)\\.(0|[0-9]*[1-9])");
  private static final Pattern DATE = Pattern.compile("\\d{4}-\\d\\d-\\d\\d");
  private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z");

  /** So many digits are exact in a double. */
  private static final int EXACT_DIGITS = 15;

  private static final int LONG_DIGITS = 18;

  private boolean any;
  private boolean isWhole = true;
  private boolean isNumber = true;
  private boolean isBoolean = true;
  private boolean isDate = true;
  private boolean isTime = true;
  private boolean hasMarkup;
  private int digits;

  private final Map<String, TextShape> fields = new LinkedHashMap<>();

  /** Takes a value whose leaves are texts. */
  void add(Object value, DataType type) {
    if (value == null) {
      return;
    }
    if (type instanceof StructType struct) {
      Row row = (Row) value;
      for (int i = 0; i < struct.length(); i++) {
        StructField field = struct.fields()[i];
        fields
            .computeIfAbsent(field.name(), name -> new TextShape())
            .add(row.get(i), field.dataType());
      }
    } else if (type instanceof ArrayType array) {
      for (Object element :
          scala.jdk.javaapi.CollectionConverters.asJava((scala.collection.Iterable<?>) value)) {
        add(element, array.elementType());
      }
    } else {
      addText(value.toString());
    }
  }

  private void addText(String text) {
    any = true;
    hasMarkup |= text.indexOf('<') >= 0;
    int count = text.length() - (text.startsWith("-") ? 1 : 0);
    isWhole &= WHOLE.matcher(text).matches();
    digits = Math.max(digits, isWhole ? count : 0);
    isNumber &=
        WHOLE.matcher(text).matches() && count <= EXACT_DIGITS
            || FRACTION.matcher(text).matches() && new BigDecimal(text).precision() <= EXACT_DIGITS;
    isBoolean &= text.equals("true") || text.equals("false");
    isDate &= DATE.matcher(text).matches() && isDate(text);
    isTime &= TIME.matcher(text).matches() && isInstant(text);
  }

  private static boolean isDate(String text) {
    try {
      return LocalDate.parse(text).toString().equals(text);
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  private static boolean isInstant(String text) {
    try {
      return Instant.parse(text).toString().equals(text)
          && Instant.parse(text).getNano() % 1000 == 0;
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  void merge(TextShape other) {
    any |= other.any;
    hasMarkup |= other.hasMarkup;
    isWhole &= other.isWhole;
    isNumber &= other.isNumber;
    isBoolean &= other.isBoolean;
    isDate &= other.isDate;
    isTime &= other.isTime;
    digits = Math.max(digits, other.digits);
    other.fields.forEach(
        (name, shape) -> fields.computeIfAbsent(name, key -> new TextShape()).merge(shape));
  }

  /** Whether a text looks like elements. */
  boolean hasMarkup() {
    return hasMarkup || fields.values().stream().anyMatch(TextShape::hasMarkup);
  }

  /** The type with that of each text in place of text. */
  DataType type(DataType texts) {
    if (texts instanceof StructType struct) {
      List<StructField> typed = new ArrayList<>();
      for (StructField field : struct.fields()) {
        TextShape shape = fields.getOrDefault(field.name(), new TextShape());
        typed.add(
            new StructField(
                field.name(), shape.type(field.dataType()), field.nullable(), field.metadata()));
      }
      return new StructType(typed.toArray(StructField[]::new));
    }
    if (texts instanceof ArrayType array) {
      return DataTypes.createArrayType(type(array.elementType()), array.containsNull());
    }
    return any ? scalar() : DataTypes.StringType;
  }

  private DataType scalar() {
    if (isWhole) {
      return digits <= LONG_DIGITS
          ? DataTypes.LongType
          : DataTypes.createDecimalType(Math.min(digits, DecimalType.MAX_PRECISION()), 0);
    }
    if (isNumber) {
      return DataTypes.DoubleType;
    }
    if (isBoolean) {
      return DataTypes.BooleanType;
    }
    if (isDate) {
      return DataTypes.DateType;
    }
    return isTime ? DataTypes.TimestampType : DataTypes.StringType;
  }
}
