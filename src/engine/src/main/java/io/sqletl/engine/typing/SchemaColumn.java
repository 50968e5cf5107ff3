package io.sqletl.engine.typing;

import java.io.Serializable;
import java.time.LocalTime;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** One column of a schema; a record for each type that a schema file can name. */
public sealed interface SchemaColumn extends Serializable {

  /** What every type of column has. */
  Attributes attributes();

  /** The type of the typed value; a {@code time} is text. */
  DataType sparkType();

  /** The name of the output column. */
  default String name() {
    return attributes().name();
  }

  /** Whether the output column may hold null. */
  default boolean nullable() {
    return attributes().nullable();
  }

  /**
   * Everything under the column's {@code metadata}, then what Arc puts beside it: {@code id} and
   * {@code description} where given, {@code nullable} and {@code internal: false}.
   */
  default Metadata metadata() {
    MetadataBuilder builder = new MetadataBuilder().withMetadata(attributes().metadata());
    attributes().id().ifPresent(id -> builder.putString("id", id));
    attributes().description().ifPresent(text -> builder.putString("description", text));
    return builder.putBoolean("nullable", nullable()).putBoolean("internal", false).build();
  }

  /** The column as Spark's schemas hold it. */
  default StructField toStructField() {
    return new StructField(name(), sparkType(), nullable(), metadata());
  }

  /**
   * @param name the output column
   * @param nullable whether null is allowed
   * @param idText the column's {@code id}; null when it has none
   * @param descriptionText the column's {@code description}; null when it has none
   * @param metadata the column's {@code metadata}; empty when it has none
   */
  record Attributes(
      String name, boolean nullable, String idText, String descriptionText, Metadata metadata)
      implements Serializable {

    public Attributes {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(metadata, "metadata");
    }

    Optional<String> id() {
      return Optional.ofNullable(idText);
    }

    Optional<String> description() {
      return Optional.ofNullable(descriptionText);
    }
  }

  /** What happens to a text before it is typed. */
  enum Whitespace {
    KEPT,
    /** Removed at both ends as {@link String#trim()} does. */
    TRIMMED
  }

  /** How the letters of a text compare with those of a pattern. */
  enum LetterCase {
    IGNORED,
    MATCHED
  }

  /** How a binary column's text is written. */
  enum Encoding {
    BASE64,
    HEXADECIMAL
  }

  /**
   * Which texts mean null, and what null means.
   *
   * @param whitespace whether the text is trimmed first
   * @param nullableValues the texts that mean null, compared exactly
   * @param replacement typed in place of null; null when null stays null
   */
  record NullRules(Whitespace whitespace, List<String> nullableValues, String replacement)
      implements Serializable {

    public NullRules {
      nullableValues = List.copyOf(nullableValues);
    }
  }

  /** A column that is made of one text. */
  sealed interface Scalar extends SchemaColumn {
    NullRules nullRules();
  }

  /** A column that no text can be typed to; extracts read it, and typing passes it through. */
  sealed interface Nested extends SchemaColumn {}

  record StringColumn(
      Attributes attributes,
      NullRules nullRules,
      Integer minLength,
      Integer maxLength,
      String regex)
      implements Scalar {
    @Override
    public DataType sparkType() {
      return DataTypes.StringType;
    }
  }

  /** {@code formatters} is null when the column has none, here as in the other number columns. */
  record IntegerColumn(Attributes attributes, NullRules nullRules, List<String> formatters)
      implements Scalar {
    @Override
    public DataType sparkType() {
      return DataTypes.IntegerType;
    }
  }

  record LongColumn(Attributes attributes, NullRules nullRules, List<String> formatters)
      implements Scalar {
    @Override
    public DataType sparkType() {
      return DataTypes.LongType;
    }
  }

  record DoubleColumn(Attributes attributes, NullRules nullRules, List<String> formatters)
      implements Scalar {
    @Override
    public DataType sparkType() {
      return DataTypes.DoubleType;
    }
  }

  record DecimalColumn(
      Attributes attributes, NullRules nullRules, int precision, int scale, List<String> formatters)
      implements Scalar {
    @Override
    public DataType sparkType() {
      return DataTypes.createDecimalType(precision, scale);
    }

    /** The type as messages write it: {@code decimal(9, 2)}. */
    String typeText() {
      return "decimal(" + precision + ", " + scale + ")";
    }
  }

  record BooleanColumn(
      Attributes attributes, NullRules nullRules, List<String> trueValues, List<String> falseValues)
      implements Scalar {
    @Override
    public DataType sparkType() {
      return DataTypes.BooleanType;
    }
  }

  record DateColumn(
      Attributes attributes, NullRules nullRules, List<String> formatters, LetterCase letterCase)
      implements Scalar {
    @Override
    public DataType sparkType() {
      return DataTypes.DateType;
    }
  }

  record TimeColumn(Attributes attributes, NullRules nullRules, List<String> formatters)
      implements Scalar {
    @Override
    public DataType sparkType() {
      return DataTypes.StringType;
    }
  }

  /** {@code fixedTime} completes formatters that have a date only; null when they have a time. */
  record TimestampColumn(
      Attributes attributes,
      NullRules nullRules,
      List<String> formatters,
      String timezoneId,
      LocalTime fixedTime,
      LetterCase letterCase)
      implements Scalar {
    @Override
    public DataType sparkType() {
      return DataTypes.TimestampType;
    }
  }

  record BinaryColumn(Attributes attributes, NullRules nullRules, Encoding encoding)
      implements Scalar {
    @Override
    public DataType sparkType() {
      return DataTypes.BinaryType;
    }
  }

  record StructColumn(Attributes attributes, List<SchemaColumn> fields) implements Nested {
    @Override
    public DataType sparkType() {
      return new StructType(
          fields.stream().map(SchemaColumn::toStructField).toArray(StructField[]::new));
    }
  }

  record ArrayColumn(Attributes attributes, SchemaColumn elementType) implements Nested {
    @Override
    public DataType sparkType() {
      return DataTypes.createArrayType(elementType.sparkType(), false);
    }
  }
}
