package io.sqletl.engine.stage;

import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The columns that extracts add to say where a row comes from. The mark in their metadata makes
 * them internal, not their name; it survives where a format keeps metadata.
 */
public final class InternalColumn {

  /** The URI of the file that a row was read from. */
  public static final String FILENAME = "_filename";

  /** The number of a record in its file, from 1. */
  public static final String INDEX = "_index";

  /** A number that grows from row to row, with gaps. */
  public static final String ID = "_monotonically_increasing_id";

  /** What is wrong with a row: field and message of each error; empty for a good one. */
  public static final String ERRORS = "_errors";

  /** Begins the names of columns that no view has in the end, so that no file has them either. */
  public static final String PREFIX = "__sqletl_";

  private static final String OF_RECORD = "errorsOfRecord";
  private static final String MARK = "internal";
  private static final String DESCRIPTION = "description";

  private InternalColumn() {}

  /** Whether a column's metadata marks it as internal. */
  public static boolean isInternal(Metadata metadata) {
    return metadata.contains(MARK) && metadata.getBoolean(MARK);
  }

  public static Metadata filename() {
    return marked("The URI of the file that the row was read from.").build();
  }

  public static Metadata index(LineLayout layout) {
    return layout
        .describe(marked("The number of the record in its file, from 1; a header does not count."))
        .build();
  }

  /** The type of {@link #ERRORS}; the field of an error of the record as a whole is empty. */
  public static DataType errorsType() {
    return DataTypes.createArrayType(
        new StructType()
            .add("field", DataTypes.StringType, false)
            .add("message", DataTypes.StringType, false),
        true);
  }

  /** The mark of {@link #ERRORS} as an extract makes it. */
  public static Metadata recordErrors() {
    return marked("What is wrong with the record; empty for a good one.")
        .putBoolean(OF_RECORD, true)
        .build();
  }

  /** Whether a column is the {@link #ERRORS} that an extract made. */
  public static boolean isRecordErrors(StructField column) {
    return column.name().equals(ERRORS)
        && isInternal(column.metadata())
        && column.metadata().contains(OF_RECORD);
  }

  public static Metadata id() {
    return marked("A number that grows from row to row, with gaps.").build();
  }

  private static MetadataBuilder marked(String description) {
    return new MetadataBuilder().putBoolean(MARK, true).putString(DESCRIPTION, description);
  }
}
