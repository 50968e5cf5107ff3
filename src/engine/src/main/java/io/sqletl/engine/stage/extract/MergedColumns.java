package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.StageException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The columns of files that say themselves what theirs are, by name whatever the case: each of the
 * widest type that it has, and null for the files that lack it.
 */
final class MergedColumns {

  private final Map<String, Column> columns = new LinkedHashMap<>();
  private final Map<String, Struct> structs = new LinkedHashMap<>();
  private final List<String> widened = new ArrayList<>();
  private int files;
  private String firstFile;
  private boolean hasVoids;

  /** A column as it is known so far. */
  private static final class Column {
    private StructField field;
    private String file;
    private int files;
    private String lacking;
  }

  /**
   * Takes the columns of one more file.
   *
   * @throws StageException if a column is of a type that does not go with that of another file, or
   *     the file has two of its name
   */
  void add(String file, StructType found) {
    CaseTwins.refuse(file, found);
    for (StructField field : found.fields()) {
      Column column =
          columns.computeIfAbsent(field.name().toLowerCase(Locale.ROOT), name -> new Column());
      if (column.field == null) {
        column.field = field;
        column.file = file;
        column.lacking = firstFile;
      } else {
        merge(column, file, field);
      }
      column.files++;
    }
    files++;
    for (Column column : columns.values()) {
      if (column.files < files && column.lacking == null) {
        column.lacking = file;
      }
    }
    firstFile = firstFile == null ? file : firstFile;
    for (StructField field : found.fields()) {
      count(field.name(), file, field.dataType());
    }
  }

  /** Counts the files that have the fields of a struct, however deep. */
  private void count(String path, String file, DataType type) {
    if (type instanceof ArrayType list) {
      count(path + "[]", file, list.elementType());
    } else if (type instanceof MapType map) {
      count(path + ".key", file, map.keyType());
      count(path + ".value", file, map.valueType());
    } else if (type instanceof StructType struct) {
      structs
          .computeIfAbsent(path.toLowerCase(Locale.ROOT), name -> new Struct())
          .add(path, file, struct);
      for (StructField field : struct.fields()) {
        count(path + "." + field.name(), file, field.dataType());
      }
    }
  }

  /** The fields of a struct within columns, as they are known so far. */
  private static final class Struct {
    private final Map<String, Field> fields = new LinkedHashMap<>();
    private String firstFile;
    private int files;

    /** A field: its path, how many files have it, and the first without it. */
    private static final class Field {
      private final String path;
      private int files;
      private String lacking;

      private Field(String path, String lacking) {
        this.path = path;
        this.lacking = lacking;
      }
    }

    private void add(String path, String file, StructType type) {
      files++;
      for (StructField field : type.fields()) {
        fields.computeIfAbsent(
                field.name().toLowerCase(Locale.ROOT),
                name -> new Field(path + "." + field.name(), firstFile))
            .files++;
      }
      for (Field field : fields.values()) {
        if (field.files < files && field.lacking == null) {
          field.lacking = file;
        }
      }
      firstFile = firstFile == null ? file : firstFile;
    }
  }

  private void merge(Column column, String file, StructField field) {
    column.field =
        new StructField(
            column.field.name(),
            merged(column.field.name(), column, column.field.dataType(), file, field.dataType()),
            column.field.nullable() || field.nullable(),
            column.field.metadata());
  }

  /** The type that holds the values of both, within structs, lists and maps too. */
  private DataType merged(String path, Column column, DataType known, String file, DataType other) {
    if (known instanceof NullType || other instanceof NullType) {
      // A column of nulls has no type of its own
      hasVoids |= !known.equals(other);
      return known instanceof NullType ? other : known;
    }
    if (known instanceof StructType one && other instanceof StructType two) {
      return struct(path, column, one, file, two);
    }
    if (known instanceof ArrayType one && other instanceof ArrayType two) {
      return DataTypes.createArrayType(
          merged(path + "[]", column, one.elementType(), file, two.elementType()),
          one.containsNull() || two.containsNull());
    }
    if (known instanceof MapType one && other instanceof MapType two) {
      return DataTypes.createMapType(
          merged(path + ".key", column, one.keyType(), file, two.keyType()),
          merged(path + ".value", column, one.valueType(), file, two.valueType()),
          one.valueContainsNull() || two.valueContainsNull());
    }
    DataType merged =
        ColumnTypes.widest(known, other)
            .orElseThrow(() -> conflict(path, column.file, known, file, other));
    if (!merged.equals(known) || !merged.equals(other)) {
      String note =
          "column '"
              + path
              + "' is "
              + known.simpleString()
              + " and "
              + other.simpleString()
              + " in different files, and read as "
              + merged.simpleString();
      if (!widened.contains(note)) {
        widened.add(note);
      }
    }
    return merged;
  }

  private StructType struct(
      String path, Column column, StructType one, String file, StructType other) {
    Map<String, StructField> fields = new LinkedHashMap<>();
    for (StructField field : one.fields()) {
      fields.put(field.name().toLowerCase(Locale.ROOT), field);
    }
    for (StructField field : other.fields()) {
      fields.merge(
          field.name().toLowerCase(Locale.ROOT),
          field,
          (known, added) ->
              new StructField(
                  known.name(),
                  merged(
                      path + "." + known.name(), column, known.dataType(), file, added.dataType()),
                  true,
                  known.metadata()));
    }
    return new StructType(
        fields.values().stream()
            .map(field -> new StructField(field.name(), field.dataType(), true, field.metadata()))
            .toArray(StructField[]::new));
  }

  private static StageException conflict(
      String column, String oneFile, DataType one, String otherFile, DataType other) {
    return new StageException(
        "column '"
            + column
            + "' is "
            + one.simpleString()
            + " in '"
            + oneFile
            + "' and "
            + other.simpleString()
            + " in '"
            + otherFile
            + "', and no type holds both without loss; read the files with two extracts, and bring"
            + " their columns together in SQL");
  }

  /** The columns, in the order in which they were met. */
  StructType columns() {
    return new StructType(
        columns.values().stream().map(column -> column.field).toArray(StructField[]::new));
  }

  /** Whether a column is nothing but nulls in some files, and has a type in others. */
  boolean hasVoids() {
    return hasVoids;
  }

  /** What was put right, each in one phrase; empty when all files are alike. */
  List<String> notes() {
    List<String> notes = new ArrayList<>(widened);
    for (Column column : columns.values()) {
      if (column.files < files) {
        notes.add(missing(column.field.name(), files - column.files, files, column.lacking));
      }
    }
    for (Struct struct : structs.values()) {
      for (Struct.Field field : struct.fields.values()) {
        if (field.files < struct.files) {
          notes.add(missing(field.path, struct.files - field.files, struct.files, field.lacking));
        }
      }
    }
    return notes;
  }

  private static String missing(String path, int without, int files, String such) {
    return "column '"
        + path
        + "' is not in "
        + without
        + " of "
        + files
        + " files, such as '"
        + such
        + "', and null there";
  }
}
