package io.sqletl.engine.stage.extract;

import io.sqletl.engine.typing.SchemaColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * What documents have of the elements and attributes of a schema. Spark takes elements that differ
 * in case for one, and calls them as one document does; the schema's name is the one that counts.
 */
final class DeclaredElements {

  private DeclaredElements() {}

  /** What was found, under the schema's names where these differ in case only. */
  static StructType named(StructType found, List<SchemaColumn> declared) {
    List<String> taken = List.of(found.fieldNames());
    StructType named = new StructType();
    for (StructField field : found.fields()) {
      Optional<SchemaColumn> column =
          column(declared, field.name())
              .filter(each -> each.name().equals(field.name()) || !taken.contains(each.name()));
      named =
          named.add(
              new StructField(
                  column.map(SchemaColumn::name).orElse(field.name()),
                  column.map(each -> named(field.dataType(), each)).orElse(field.dataType()),
                  field.nullable(),
                  field.metadata()));
    }
    return named;
  }

  /** The column of this name, or else the one whose name differs in case only. */
  private static Optional<SchemaColumn> column(List<SchemaColumn> declared, String name) {
    return declared.stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .or(() -> declared.stream().filter(each -> each.name().equalsIgnoreCase(name)).findFirst());
  }

  private static DataType named(DataType found, SchemaColumn declared) {
    if (declared instanceof SchemaColumn.ArrayColumn array) {
      // One element is no array where it is found
      return found instanceof ArrayType many
          ? new ArrayType(named(many.elementType(), array.elementType()), many.containsNull())
          : named(found, array.elementType());
    }
    return declared instanceof SchemaColumn.StructColumn fields
            && found instanceof StructType structure
        ? named(structure, fields.fields())
        : found;
  }

  /**
   * The paths of a column's fields that no document has, where others stand beside them which the
   * schema lacks. A field that may be missing and is no sign of another name is not told.
   */
  static List<String> missing(DataType found, SchemaColumn declared) {
    List<String> paths = new ArrayList<>();
    collect(declared.name(), found, declared, paths);
    return paths;
  }

  private static void collect(
      String path, DataType found, SchemaColumn declared, List<String> paths) {
    DataType one = found instanceof ArrayType many ? many.elementType() : found;
    if (declared instanceof SchemaColumn.ArrayColumn array) {
      collect(path + "[]", one, array.elementType(), paths);
    } else if (declared instanceof SchemaColumn.StructColumn fields
        && one instanceof StructType structure) {
      List<String> there = List.of(structure.fieldNames());
      boolean hasOthers = there.stream().anyMatch(name -> column(fields.fields(), name).isEmpty());
      for (SchemaColumn field : fields.fields()) {
        String inner = path + "." + field.name();
        if (there.contains(field.name())) {
          collect(inner, structure.apply(field.name()).dataType(), field, paths);
        } else if (hasOthers) {
          paths.add(inner);
        }
      }
    }
  }
}
