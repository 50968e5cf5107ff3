package io.sqletl.engine.stage.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * What all values of one place have in common, gathered value by value. Its type loses no digit of
 * any of them: whole numbers are 64 bits or decimals; numbers with a fraction are doubles where a
 * double gives back each of them, else decimals; what fits no number, and what is of different
 * kinds, is text as it is written.
 */
final class JsonShape implements Serializable {

  private static final long serialVersionUID = 1L;

  /** So many digits are exact in a double, whatever they are. */
  private static final int EXACT_DIGITS = 15;

  private boolean hasBooleans;
  private boolean hasTexts;
  private boolean hasNumbers;
  private boolean hasObjects;
  private boolean hasArrays;

  private boolean isWhole = true;
  private boolean isLong = true;
  private boolean isDouble = true;
  private boolean isDecimal = true;
  private int wholeDigits;
  private int scale;

  private final TreeMap<String, JsonShape> fields = new TreeMap<>();
  private JsonShape element;
  private boolean hasBroken;
  private long objects;

  /** Where each kind of value was first met, in that order; null in the shape of one record. */
  private List<Met> met;

  /**
   * A kind of value and where it was first met.
   *
   * @param file null for a text of a view
   * @param line from 1; 0 where it is not known
   */
  private record Met(String kind, String file, long line) implements Serializable {

    private String describe() {
      return kind + (file == null ? "" : " in " + file + (line == 0 ? "" : ":" + line));
    }
  }

  /** Says that there is a record that is broken. */
  void addBroken() {
    hasBroken = true;
  }

  /** Whether any record was broken. */
  boolean hasBroken() {
    return hasBroken;
  }

  /** Takes the value that the parser stands on, and leaves it on the value's last token. */
  void add(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    switch (token) {
      case VALUE_NULL -> {}
      case VALUE_TRUE, VALUE_FALSE -> hasBooleans = true;
      case VALUE_STRING -> hasTexts = true;
      case VALUE_NUMBER_INT -> addWhole(parser);
      case VALUE_NUMBER_FLOAT -> addFraction(parser);
      case START_OBJECT -> {
        hasObjects = true;
        objects++;
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
          parser.nextToken();
          fields.computeIfAbsent(name, key -> new JsonShape()).add(parser);
        }
      }
      case START_ARRAY -> {
        hasArrays = true;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          element = element == null ? new JsonShape() : element;
          element.add(parser);
        }
      }
      default -> throw new IllegalStateException("No value begins with " + token);
    }
  }

  private void addWhole(JsonParser parser) throws IOException {
    hasNumbers = true;
    JsonParser.NumberType size = parser.getNumberType();
    if (size == JsonParser.NumberType.INT) {
      wholeDigits = Math.max(wholeDigits, 10);
      return;
    }
    String text = parser.getText();
    int digits = text.length() - (text.charAt(0) == '-' ? 1 : 0);
    wholeDigits = Math.max(wholeDigits, digits);
    isLong &= size == JsonParser.NumberType.LONG;
    isDouble &= digits <= EXACT_DIGITS || isExactAsDouble(new BigDecimal(text));
  }

  private void addFraction(JsonParser parser) throws IOException {
    if (parser.isNaN()) {
      return;
    }
    hasNumbers = true;
    isWhole = false;
    String text = parser.getText();
    BigDecimal number = new BigDecimal(text);
    boolean hasExponent = text.indexOf('e') >= 0 || text.indexOf('E') >= 0;
    // No program writes a double with a zero behind two places; whoever does keeps decimals
    isDouble &=
        number.precision() <= EXACT_DIGITS && !hasExponent
            ? number.scale() < 2 || !text.endsWith("0")
            : isExactAsDouble(number);
    long whole = (long) number.precision() - number.scale();
    isDecimal &= whole <= DecimalType.MAX_PRECISION() && number.scale() <= DecimalType.MAX_SCALE();
    if (isDecimal) {
      wholeDigits = Math.max(wholeDigits, (int) Math.max(whole, 1));
      scale = Math.max(scale, number.scale());
    }
  }

  private static boolean isExactAsDouble(BigDecimal number) {
    double nearest = number.doubleValue();
    return Double.isFinite(nearest)
        && new BigDecimal(Double.toString(nearest)).compareTo(number) == 0;
  }

  /** Takes all that another one has taken. */
  void merge(JsonShape other) {
    merge(other, null, 0);
  }

  /**
   * Takes a record.
   *
   * @param file that it is of; null for a text of a view
   * @param line where it begins, from 1; 0 where it is not known
   */
  void merge(JsonShape other, String file, long line) {
    if (other.met != null) {
      other.met.forEach(this::meet);
    } else {
      meet(other.hasBooleans && !hasBooleans, "a boolean", file, line);
      meet(other.hasTexts && !hasTexts, "a text", file, line);
      meet(other.hasNumbers && !hasNumbers, "a number", file, line);
      meet(other.hasObjects && !hasObjects, "an object", file, line);
      meet(other.hasArrays && !hasArrays, "a list", file, line);
    }
    hasBroken |= other.hasBroken;
    hasBooleans |= other.hasBooleans;
    hasTexts |= other.hasTexts;
    hasNumbers |= other.hasNumbers;
    hasObjects |= other.hasObjects;
    objects += other.objects;
    hasArrays |= other.hasArrays;
    isWhole &= other.isWhole;
    isLong &= other.isLong;
    isDouble &= other.isDouble;
    isDecimal &= other.isDecimal;
    wholeDigits = Math.max(wholeDigits, other.wholeDigits);
    scale = Math.max(scale, other.scale);
    other.fields.forEach(
        (name, shape) ->
            fields.computeIfAbsent(name, key -> new JsonShape()).merge(shape, file, line));
    if (other.element != null) {
      element = element == null ? new JsonShape() : element;
      element.merge(other.element, file, line);
    }
  }

  private void meet(boolean isNew, String kind, String file, long line) {
    if (isNew) {
      meet(new Met(kind, file, line));
    }
  }

  private void meet(Met first) {
    met = met == null ? new ArrayList<>(1) : met;
    if (met.stream().noneMatch(before -> before.kind.equals(first.kind))) {
      met.add(first);
    }
  }

  /** The fields that are text since records have values of several kinds there, with the first. */
  List<String> ofSeveralKinds() {
    List<String> found = new ArrayList<>();
    fields.forEach((name, shape) -> shape.addSeveralKinds(name, found));
    return found;
  }

  private void addSeveralKinds(String path, List<String> found) {
    if (met != null && met.size() > 1) {
      found.add(
          "'"
              + path
              + "' is "
              + met.stream().limit(2).map(Met::describe).collect(Collectors.joining(" and ")));
    } else {
      fields.forEach((name, shape) -> shape.addSeveralKinds(path + "." + name, found));
      if (element != null) {
        element.addSeveralKinds(path + "[]", found);
      }
    }
  }

  /** Whether a field was met below others; arrays between them do not count. */
  boolean has(List<String> parents, String name) {
    JsonShape at = this;
    for (String parent : parents) {
      at = at.withoutArrays().fields.get(parent);
      if (at == null) {
        return false;
      }
    }
    return at.withoutArrays().fields.containsKey(name);
  }

  private JsonShape withoutArrays() {
    JsonShape at = this;
    while (at.element != null && at.fields.isEmpty()) {
      at = at.element;
    }
    return at;
  }

  /** The names of all fields that were met. */
  Set<String> names() {
    return fields.keySet();
  }

  /** How many objects were met here. */
  long objects() {
    return objects;
  }

  /**
   * What the objects of a field have in common, also those in lists; nothing without a single one.
   */
  Optional<JsonShape> within(String name) {
    return Optional.ofNullable(fields.get(name))
        .map(JsonShape::withoutArrays)
        .filter(shape -> shape.hasObjects);
  }

  /** The columns of records of this shape. */
  StructType columns() {
    List<StructField> columns = new ArrayList<>();
    for (Map.Entry<String, JsonShape> field : fields.entrySet()) {
      field
          .getValue()
          .type()
          .ifPresent(type -> columns.add(DataTypes.createStructField(field.getKey(), type, true)));
    }
    return new StructType(columns.toArray(StructField[]::new));
  }

  /** The paths of fields that have no column, as nothing stands in any of their objects. */
  List<String> withoutColumns() {
    List<String> paths = new ArrayList<>();
    for (Map.Entry<String, JsonShape> field : fields.entrySet()) {
      JsonShape shape = field.getValue();
      if (shape.type().isEmpty()) {
        paths.add(field.getKey());
      } else if (shape.isOfObjects()) {
        String path = shape.hasArrays ? field.getKey() + "[]" : field.getKey();
        shape.withoutArrays().withoutColumns().forEach(inner -> paths.add(path + "." + inner));
      }
    }
    return paths;
  }

  /** Whether it is an object, or an array of such, and not text since it is also something else. */
  private boolean isOfObjects() {
    JsonShape at = withoutArrays();
    return at.hasObjects
        && !(at.hasTexts || at.hasNumbers || at.hasBooleans || at.hasArrays)
        && (at == this || !(hasObjects || hasTexts || hasNumbers || hasBooleans));
  }

  /** Nothing for an object that never has a field, which Spark has no column for. */
  private Optional<DataType> type() {
    int kinds = 0;
    for (boolean has : new boolean[] {hasBooleans, hasTexts, hasNumbers, hasObjects, hasArrays}) {
      kinds += has ? 1 : 0;
    }
    if (kinds != 1 || hasTexts) {
      return Optional.of(DataTypes.StringType);
    }
    if (hasBooleans) {
      return Optional.of(DataTypes.BooleanType);
    }
    if (hasNumbers) {
      return Optional.of(number());
    }
    if (hasObjects) {
      StructType struct = columns();
      return struct.isEmpty() ? Optional.empty() : Optional.of(struct);
    }
    return element == null
        ? Optional.of(DataTypes.createArrayType(DataTypes.StringType))
        : element.type().map(DataTypes::createArrayType);
  }

  private DataType number() {
    if (isWhole && isLong) {
      return DataTypes.LongType;
    }
    if (!isWhole && isDouble) {
      return DataTypes.DoubleType;
    }
    return isDecimal && wholeDigits + scale <= DecimalType.MAX_PRECISION()
        ? DataTypes.createDecimalType(wholeDigits + scale, scale)
        : DataTypes.StringType;
  }
}
