package io.sqletl.engine.stage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/**
 * How columns of a view differ from a table's columns of the same names, however deep. Paths are
 * written as Spark and Delta write them: {@code column.field}, {@code list.element.field}, {@code
 * map.value.field}.
 *
 * @param clocks where one side has moments and the other times of a clock, without a zone
 * @param foreign where the view's type is none that the table's may be made of without a cast
 * @param missing fields of structs that the view lacks
 * @param added fields of structs that the table lacks
 */
public record TypeDifferences(
    List<Clock> clocks, List<Foreign> foreign, List<Field> missing, List<Field> added) {

  /** A value that is TIMESTAMP on one side and TIMESTAMP_NTZ on the other. */
  public record Clock(String path, DataType view, DataType table) {}

  /** A value that is not of the table's type, nor of one that {@link AssignableTypes} allows. */
  public record Foreign(String path, DataType view, DataType table) {}

  /** A field of a struct. */
  public record Field(String path, StructField field) {}

  private TypeDifferences() {
    this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
  }

  /** Those of the columns that both sides have. */
  public static TypeDifferences of(StructType view, StructType table) {
    TypeDifferences differences = new TypeDifferences();
    for (StructField field : view.fields()) {
      ColumnName.find(table, field.name())
          .ifPresent(
              column -> differences.compare(field.name(), field.dataType(), column.dataType()));
    }
    return differences;
  }

  /** Those of one column. */
  public static TypeDifferences of(String column, DataType view, DataType table) {
    TypeDifferences differences = new TypeDifferences();
    differences.compare(column, view, table);
    return differences;
  }

  private void compare(String path, DataType view, DataType table) {
    boolean isMoment = view instanceof TimestampType && table instanceof TimestampNTZType;
    boolean isClock = view instanceof TimestampNTZType && table instanceof TimestampType;
    if (isMoment || isClock) {
      clocks.add(new Clock(path, view, table));
    } else if (view instanceof StructType mine && table instanceof StructType other) {
      structs(path, mine, other);
    } else if (view instanceof ArrayType mine && table instanceof ArrayType other) {
      compare(path + ".element", mine.elementType(), other.elementType());
    } else if (view instanceof MapType mine && table instanceof MapType other) {
      compare(path + ".key", mine.keyType(), other.keyType());
      compare(path + ".value", mine.valueType(), other.valueType());
    } else if (!AssignableTypes.allow(view, table)) {
      foreign.add(new Foreign(path, view, table));
    }
  }

  private void structs(String path, StructType view, StructType table) {
    for (StructField field : view.fields()) {
      String name = path + "." + field.name();
      Optional<StructField> other = ColumnName.find(table, field.name());
      other.ifPresent(found -> compare(name, field.dataType(), found.dataType()));
      if (other.isEmpty()) {
        added.add(new Field(name, field));
      }
    }
    Arrays.stream(table.fields())
        .filter(field -> ColumnName.find(view, field.name()).isEmpty())
        .forEach(field -> missing.add(new Field(path + "." + field.name(), field)));
  }
}
