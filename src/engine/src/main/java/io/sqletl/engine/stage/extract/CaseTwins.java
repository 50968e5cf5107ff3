package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.StageException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Columns of one file whose names differ in case only, of which SQL knows one. */
final class CaseTwins {

  private CaseTwins() {}

  /**
   * Refuses a file that has such columns side by side. Spark takes the view, and fails where it is
   * used.
   *
   * @throws StageException with the file and both names
   */
  static void refuse(String file, StructType columns) {
    refuse(file, "", columns);
  }

  /** The same of fields within structures. */
  static void refuseWithin(String file, StructType columns) {
    for (StructField field : columns.fields()) {
      refuseWithin(file, field.name(), field.dataType());
    }
  }

  private static void refuseWithin(String file, String path, DataType type) {
    if (type instanceof StructType struct) {
      refuse(file, path + ".", struct);
      for (StructField field : struct.fields()) {
        refuseWithin(file, path + "." + field.name(), field.dataType());
      }
    } else if (type instanceof ArrayType array) {
      refuseWithin(file, path + "[]", array.elementType());
    } else if (type instanceof MapType map) {
      refuseWithin(file, path + "{}", map.valueType());
    }
  }

  private static void refuse(String file, String path, StructType columns) {
    Map<String, String> names = new HashMap<>();
    for (String name : columns.fieldNames()) {
      String before = names.putIfAbsent(name.toLowerCase(Locale.ROOT), name);
      if (before != null) {
        throw new StageException(
            "the columns '"
                + path
                + before
                + "' and '"
                + path
                + name
                + "' of '"
                + file
                + (before.equals(name)
                    ? "' have the same name"
                    : "' differ in case only, which SQL does not tell apart")
                + "; have the file written with another name for one of them, or take it out of"
                + " 'inputURI'");
      }
    }
  }
}
