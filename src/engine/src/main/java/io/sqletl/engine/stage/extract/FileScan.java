package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.RecordAccount;
import io.sqletl.engine.stage.StageContext;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Files as Spark will read them. */
final class FileScan {

  private final Dataset<Row> rows;
  private final FileFormat format;

  FileScan(Dataset<Row> rows, FileFormat format) {
    this.rows = rows;
    this.format = format;
  }

  /**
   * The rows with the columns that say where they come from, and what is wrong with them; plans the
   * scan, runs nothing.
   */
  Dataset<Row> withOrigin(boolean contiguousIndex, RecordAccount account, StageContext context) {
    Dataset<Row> checked =
        format.problemColumn().map(problem -> account.check(rows, problem)).orElse(rows);
    return withOrigin(checked, rows, contiguousIndex, context);
  }

  /**
   * The same for rows that are checked already.
   *
   * @param counted as many rows in the same order, which cost less where they are only counted
   */
  Dataset<Row> withOrigin(
      Dataset<Row> checked, Dataset<Row> counted, boolean contiguousIndex, StageContext context) {
    int files = rows.inputFiles().length;
    int partitions = partitions();
    context.detail("inputFiles", files);
    context.detail("numPartitions", partitions);
    return RecordAccount.errorsLast(
        new RowOrigin(numbering(contiguousIndex, files, partitions), format.layout())
            .add(checked, counted));
  }

  private RowOrigin.Numbering numbering(boolean contiguousIndex, int files, int partitions) {
    if (!contiguousIndex) {
      return RowOrigin.Numbering.WITH_GAPS;
    }
    if (List.of(rows.columns()).contains(RecordAccount.NUMBER)) {
      return RowOrigin.Numbering.KNOWN;
    }
    if (format.numbersRows()) {
      return RowOrigin.Numbering.FORMAT;
    }
    return files == 1 && partitions == 1
        ? RowOrigin.Numbering.ONE_BLOCK
        : RowOrigin.Numbering.BLOCKS;
  }

  private int partitions() {
    org.apache.spark.sql.classic.Dataset<Row> planned =
        (org.apache.spark.sql.classic.Dataset<Row>) rows;
    return planned.queryExecution().toRdd().getNumPartitions();
  }
}
