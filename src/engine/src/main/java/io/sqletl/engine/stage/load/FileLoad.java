package io.sqletl.engine.stage.load;

import io.sqletl.engine.stage.OutputView;
import io.sqletl.engine.stage.RecordAccount;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.streaming.DataStreamWriter;

/**
 * Writes a view as files.
 *
 * @param format Spark's name of the format
 * @param options of Spark's writer
 * @param target what is written, and where
 * @param rules what the format can hold
 */
record FileLoad(String format, Map<String, String> options, FileTarget target, FormatRules rules)
    implements Stage {

  /** Formats with no place for what an extract says of a record, an array of structures. */
  private static final Set<String> WITHOUT_STRUCTURE = Set.of("text", "xml");

  @Override
  public Optional<Dataset<Row>> run(StageContext context) throws TimeoutException, IOException {
    target.access().apply(target.outputURI(), context);
    if (!options.isEmpty()) {
      context.detail("options", options);
    }
    Dataset<Row> view = context.view(target.inputView());
    FormatRules.Prepared prepared =
        rules.prepare(
            WITHOUT_STRUCTURE.contains(format) ? RecordAccount.withoutErrors(view) : view,
            target.inputView(),
            target.partitionBy(),
            context);
    if (view.isStreaming()) {
      context.wrote(target.outputURI());
      return Optional.of(stream(prepared.rows()));
    }
    TargetFolder folder = TargetFolder.at(target.outputURI(), context);
    folder.repair();
    folder.removeIfEmpty();
    folder.requireOwn(format, target, prepared.rows());
    if (target.saveMode() == SaveMode.Ignore && folder.exists()) {
      folder.tellIgnored();
      return Optional.of(prepared.rows());
    }
    Dataset<Row> written = write(prepared, context);
    context.wrote(target.outputURI());
    return Optional.of(written);
  }

  private Dataset<Row> write(FormatRules.Prepared prepared, StageContext context) {
    Dataset<Row> dealtOut =
        OutputView.Partitioning.apply(
            prepared.rows(), target.numPartitions(), target.partitionBy());
    prepared.write(dealtOut, context, rows -> save(rows, context));
    new EmptyPartitions(format, options, target).write(dealtOut, context);
    return dealtOut;
  }

  private void save(Dataset<Row> rows, StageContext context) {
    DataFrameWriter<Row> writer =
        rows.write()
            .format(format)
            .mode(target.saveMode())
            .options(options)
            .partitionBy(partitionColumns())
            // All that is there is replaced, whatever the session does for INSERT OVERWRITE
            .option("partitionOverwriteMode", "static");
    ReplaceAfterCommit.during(
        context.spark(), target.replaceAll(), () -> writer.save(target.outputURI()));
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
