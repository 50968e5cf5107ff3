package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.InternalColumn;
import io.sqletl.engine.stage.StageContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/**
 * How a schema differs from the columns that files, tables and messages say themselves: there it
 * describes columns, and neither makes nor types them.
 */
final class SchemaDifferences {

  /** So many are listed. */
  private static final int MOST = 5;

  private final String where;
  private final List<String> found = new ArrayList<>();

  private SchemaDifferences(String where) {
    this.where = where;
  }

  /**
   * Warns of them in one sentence; says nothing where there are none.
   *
   * @param where what says the columns: the files, the table
   * @param read the columns of the view; internal ones are left out
   */
  static void tell(String where, StructType read, StructType schema, StageContext context) {
    SchemaDifferences differences = new SchemaDifferences(where);
    StructType columns =
        new StructType(
            Arrays.stream(read.fields())
                .filter(field -> !InternalColumn.isInternal(field.metadata()))
                .toArray(StructField[]::new));
    differences.compare("", columns, schema);
    List<String> all = differences.found;
    if (!all.isEmpty()) {
      context.warnOfColumns(
          "the schema describes the columns of "
              + where
              + " and does not type them, and it differs: "
              + String.join("; ", all.subList(0, Math.min(MOST, all.size())))
              + (all.size() > MOST ? "; and " + (all.size() - MOST) + " more" : ""),
          "bring the schema and " + where + " together, or type the columns in SQL");
    }
  }

  private void compare(String path, StructType read, StructType schema) {
    for (StructField declared : schema.fields()) {
      Optional<StructField> there = find(read, declared.name());
      if (there.isEmpty()) {
        found.add("'" + path + declared.name() + "' is only in the schema");
      } else {
        compare(path + declared.name(), there.get().dataType(), declared.dataType());
      }
    }
    for (StructField field : read.fields()) {
      if (find(schema, field.name()).isEmpty()) {
        found.add("'" + path + field.name() + "' is only in " + where);
      }
    }
  }

  private void compare(String path, DataType read, DataType declared) {
    if (read instanceof StructType fields && declared instanceof StructType inner) {
      compare(path + ".", fields, inner);
    } else if (read instanceof ArrayType many && declared instanceof ArrayType elements) {
      compare(path + "[]", many.elementType(), elements.elementType());
    } else if (!isHeld(read, declared)) {
      found.add(
          "'"
              + path
              + "' is "
              + read.simpleString()
              + " in "
              + where
              + " and "
              + declared.simpleString()
              + " in the schema");
    }
  }

  /** Whether types are the same, as far as a schema can say types. */
  private static boolean isHeld(DataType read, DataType declared) {
    return DataType.equalsIgnoreNullability(read, declared)
        || read instanceof NullType
        || declared instanceof IntegerType
            && (read instanceof ByteType || read instanceof ShortType)
        || declared instanceof DoubleType && read instanceof FloatType
        || declared instanceof TimestampType && read instanceof TimestampNTZType;
  }

  private static Optional<StructField> find(StructType columns, String name) {
    return Arrays.stream(columns.fields())
        .filter(field -> field.name().equalsIgnoreCase(name))
        .findFirst();
  }
}
