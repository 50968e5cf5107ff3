package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.StageException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The columns of files that say themselves what theirs are, by name whatever the case: each of the
 * widest type that it has, and null for the files that lack it.
 */
final class MergedColumns {

  private final Map<String, Column> columns = new LinkedHashMap<>();
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
  }

  private void merge(Column column, String file, StructField field) {
    DataType known = column.field.dataType();
    DataType merged;
    if (known instanceof NullType || field.dataType() instanceof NullType) {
      // A column of nulls has no type of its own
      merged = known instanceof NullType ? field.dataType() : known;
      hasVoids |= !known.equals(field.dataType());
    } else if (known instanceof StructType one && field.dataType() instanceof StructType other) {
      merged = merged(column.field.name(), column.file, one, file, other);
    } else {
      Optional<DataType> widest = ColumnTypes.widest(known, field.dataType());
      merged =
          widest.orElseThrow(
              () -> conflict(column.field.name(), column.file, known, file, field.dataType()));
    }
    boolean isNull = known instanceof NullType || field.dataType() instanceof NullType;
    if (!isNull && !DataType.equalsIgnoreNullability(merged, known)
        || !isNull && !DataType.equalsIgnoreNullability(merged, field.dataType())) {
      if (!(merged instanceof StructType)) {
        String types = known.simpleString() + " and " + field.dataType().simpleString();
        String note =
            "column '"
                + column.field.name()
                + "' is "
                + types
                + " in different files, and read as "
                + merged.simpleString();
        if (!widened.contains(note)) {
          widened.add(note);
        }
      }
    }
    column.field =
        new StructField(
            column.field.name(),
            merged,
            column.field.nullable() || field.nullable(),
            column.field.metadata());
  }

  private static StructType merged(
      String parent, String oneFile, StructType one, String otherFile, StructType other) {
    MergedColumns inner = new MergedColumns();
    inner.add(oneFile, prefixed(parent, one));
    inner.add(otherFile, prefixed(parent, other));
    StructType both = inner.columns();
    StructType result = new StructType();
    for (StructField field : both.fields()) {
      result =
          result.add(
              new StructField(
                  field.name().substring(parent.length() + 1),
                  field.dataType(),
                  true,
                  field.metadata()));
    }
    return result;
  }

  private static StructType prefixed(String parent, StructType type) {
    StructType result = new StructType();
    for (StructField field : type.fields()) {
      result =
          result.add(
              new StructField(
                  parent + "." + field.name(), field.dataType(), true, field.metadata()));
    }
    return result;
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
        notes.add(
            "column '"
                + column.field.name()
                + "' is not in "
                + (files - column.files)
                + " of "
                + files
                + " files, such as '"
                + column.lacking
                + "', and null there");
      }
    }
    return notes;
  }
}
