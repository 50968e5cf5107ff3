package io.sqletl.engine.stage.load;

import io.sqletl.engine.stage.OutputView;
import io.sqletl.engine.stage.RecordAccount;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.streaming.DataStreamWriter;

/**
 * Writes a view as files.
 *
 * @param format Spark's name of the format
 * @param options of Spark's writer
 * @param target what is written, and where
 * @param unsupported the columns that the format has no place for
 */
record FileLoad(
    String format, Map<String, String> options, FileTarget target, UnsupportedColumns unsupported)
    implements Stage {

  /** Formats with no place for what an extract says of a record, an array of structures. */
  private static final Set<String> WITHOUT_STRUCTURE = Set.of("text", "xml");

  @Override
  public Optional<Dataset<Row>> run(StageContext context) throws TimeoutException {
    target.access().apply(target.outputURI(), context);
    if (!options.isEmpty()) {
      context.detail("options", options);
    }
    Dataset<Row> view = context.view(target.inputView());
    Dataset<Row> rows =
        unsupported.drop(
            WITHOUT_STRUCTURE.contains(format) ? RecordAccount.withoutErrors(view) : view,
            target.inputView(),
            context);
    Dataset<Row> written = rows.isStreaming() ? stream(rows) : write(rows, context);
    context.wrote(target.outputURI());
    return Optional.of(written);
  }

  private Dataset<Row> write(Dataset<Row> rows, StageContext context) {
    Dataset<Row> dealtOut =
        OutputView.Partitioning.apply(rows, target.numPartitions(), target.partitionBy());
    DataFrameWriter<Row> writer =
        dealtOut
            .write()
            .format(format)
            .mode(target.saveMode())
            .options(options)
            .partitionBy(partitionColumns())
            // All that is there is replaced, whatever the session does for INSERT OVERWRITE
            .option("partitionOverwriteMode", "static");
    ReplaceAfterCommit.during(context.spark(), () -> writer.save(target.outputURI()));
    return dealtOut;
  }

  private Dataset<Row> stream(Dataset<Row> rows) throws TimeoutException {
    DataStreamWriter<Row> writer =
        rows.writeStream().format(format).options(options).option("path", target.outputURI());
    if (!target.partitionBy().isEmpty()) {
      writer.partitionBy(partitionColumns());
    }
    writer.start();
    return rows;
  }

  private String[] partitionColumns() {
    return target.partitionBy().toArray(String[]::new);
  }
}
