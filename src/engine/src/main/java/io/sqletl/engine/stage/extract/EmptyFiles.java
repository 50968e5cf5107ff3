package io.sqletl.engine.stage.extract;

import static org.apache.spark.sql.functions.monotonically_increasing_id;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.InternalColumn;
import io.sqletl.engine.stage.StageContext;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructField;

/** Files without a byte, which Spark leaves out of every input. */
record EmptyFiles(List<Path> files) {

  private static final int MOST_NAMED = 3;

  static EmptyFiles of(InputFiles files) {
    return new EmptyFiles(files.withoutContent());
  }

  /** Warns of them, for a format whose files are never empty unless something went wrong. */
  void tell(StageContext context) {
    if (files.isEmpty()) {
      return;
    }
    boolean isOne = files.size() == 1;
    List<String> names =
        files.stream().limit(MOST_NAMED).map(file -> "'" + file.getName() + "'").toList();
    context.warn(
        ErrorCode.FILES_NOT_READ,
        (isOne ? "1 file is" : files.size() + " files are")
            + " not read, having no byte: "
            + String.join(", ", names)
            + (files.size() > MOST_NAMED ? ", …" : ""),
        "see whether the program that wrote "
            + (isOne ? "it" : "them")
            + " was interrupted, and write "
            + (isOne ? "it" : "them")
            + " again or remove "
            + (isOne ? "it" : "them"));
  }

  /**
   * Adds a row with the empty text for each of them.
   *
   * @param rows one for each other file, with the columns that say where it comes from; those of
   *     folders may not be among them
   */
  Dataset<Row> addTexts(Dataset<Row> rows, StageContext context) {
    List<Row> texts = new ArrayList<>();
    for (Path file : files) {
      List<Object> values = new ArrayList<>();
      for (StructField column : rows.schema().fields()) {
        values.add(value(column.name(), file));
      }
      texts.add(RowFactory.create(values.toArray()));
    }
    Dataset<Row> all = rows.union(context.spark().createDataFrame(texts, rows.schema()));
    return List.of(rows.columns()).contains(InternalColumn.ID)
        // Each part would count for itself
        ? all.withColumn(
            InternalColumn.ID, monotonically_increasing_id().as("id", InternalColumn.id()))
        : all;
  }

  private static Object value(String column, Path file) {
    return switch (column) {
      case InternalColumn.FILENAME -> file.toUri().toString();
      case InternalColumn.INDEX -> 1L;
      case InternalColumn.ID -> 0L;
      case InternalColumn.ERRORS -> List.of();
      default -> "";
    };
  }
}
