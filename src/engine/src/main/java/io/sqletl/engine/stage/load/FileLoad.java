package io.sqletl.engine.stage.load;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.OutputView;
import io.sqletl.engine.stage.RecordAccount;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.files.FolderContents.Entry;
import java.io.IOException;
import java.util.List;
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

  /** Formats in which only rows have names of columns. */
  private static final Set<String> WITHOUT_COLUMNS = Set.of("json", "xml");

  @Override
  public Optional<Dataset<Row>> run(StageContext context) throws Exception {
    target.access().apply(target.outputURI(), context);
    if (!options.isEmpty()) {
      context.detail("options", options);
    }
    Dataset<Row> view = context.view(target.inputView());
    FormatRules.Prepared prepared =
        rules.prepare(holdable(view), target.inputView(), target.partitionBy(), context);
    if (view.isStreaming()) {
      context.wrote(target.outputURI());
      return Optional.of(stream(prepared.rows()));
    }
    TargetFolder folder = TargetFolder.at(target.outputURI(), context);
    try (FolderClaim claim = folder.claim(target.saveMode())) {
      return Optional.of(load(prepared, folder, claim, context));
    }
  }

  /** Without what an extract says of a record, an array of structures, where it has no place. */
  private Dataset<Row> holdable(Dataset<Row> view) {
    return switch (format) {
      case "text" -> RecordAccount.withoutErrors(view);
      case "xml" -> XmlAttributes.withoutErrors(view);
      default -> view;
    };
  }

  private Dataset<Row> load(
      FormatRules.Prepared given, TargetFolder folder, FolderClaim claim, StageContext context)
      throws Exception {
    folder.repair(claim);
    folder.requireOwn(format, target, given.rows());
    if (target.saveMode() == SaveMode.Ignore && folder.exists()) {
      folder.tellIgnored();
      return given.rows();
    } else if (target.saveMode() == SaveMode.ErrorIfExists) {
      folder.requireNothing();
    }
    List<Entry> there = target.saveMode() == SaveMode.Append ? folder.data() : List.of();
    FormatRules.Prepared prepared =
        there.isEmpty()
            ? given
            : new FilesThere(format, options, target, context)
                .joinedBy(given, there.get(0).path())
                .counting(
                    new PartitionForms(target, context).compare(given.rows().schema(), there));
    boolean replaces = target.saveMode() == SaveMode.Overwrite && !folder.holdsNothing();
    try {
      Dataset<Row> written = write(prepared, claim, replaces, context);
      context.wrote(target.outputURI());
      tellEmpty(folder, context);
      return written;
    } catch (Exception e) {
      // Spark throws checked exceptions too, which it does not declare
      Exception failure = claim.explained(e);
      if (claim.isHeld()) {
        folder.removePending();
      }
      throw failure;
    }
  }

  /** Text without a header and without rows says nothing of its columns. */
  private void tellEmpty(TargetFolder folder, StageContext context) throws IOException {
    boolean isBare =
        WITHOUT_COLUMNS.contains(format)
            || format.equals("csv") && !Boolean.parseBoolean(options.get("header"));
    if (isBare && folder.holdsNothing()) {
      context.warn(
          ErrorCode.LOSSY_WRITE,
          "inputView '"
              + target.inputView()
              + "' has no rows, and files of "
              + context.type()
              + " without rows have no columns: an extract of "
              + target.outputURI()
              + " fails unless it has a schema",
          format.equals("csv")
              ? "set \"header\" to true, or give the extract a schema"
              : "give the extract a schema");
    }
  }

  private Dataset<Row> write(
      FormatRules.Prepared prepared, FolderClaim claim, boolean replaces, StageContext context) {
    Dataset<Row> dealtOut =
        OutputView.Partitioning.apply(
            prepared.rows(), target.numPartitions(), target.partitionBy());
    if (replaces) {
      try (RowCount count = new RowCount(context.spark())) {
        prepared.write(dealtOut, context, rows -> save(count.counting(rows), claim, context));
        tellEmptied(count.get(), context);
      }
    } else {
      prepared.write(dealtOut, context, rows -> save(rows, claim, context));
    }
    new EmptyPartitions(format, options, target).write(dealtOut, context);
    return dealtOut;
  }

  /** An input that came empty empties what was made of the one before. */
  private void tellEmptied(long rows, StageContext context) {
    if (rows == 0) {
      context.warn(
          ErrorCode.LOST_IN_LOAD,
          "inputView '"
              + target.inputView()
              + "' has no rows, and with Overwrite the files of "
              + target.outputURI()
              + " are replaced by none",
          "if that is not meant, end the job before, with a SQLValidate such as SELECT count(*) > 0"
              + " AS valid, 'no rows' AS message FROM "
              + target.inputView());
    }
  }

  private void save(Dataset<Row> rows, FolderClaim claim, StageContext context) {
    DataFrameWriter<Row> writer =
        rows.write()
            .format(EscapedDelimitedText.writer(format, options))
            // Whether something is there has been asked; the mark of the claim is nothing
            .mode(target.saveMode() == SaveMode.Overwrite ? SaveMode.Overwrite : SaveMode.Append)
            .options(options)
            .partitionBy(partitionColumns())
            // All that is there is replaced, whatever the session does for INSERT OVERWRITE
            .option("partitionOverwriteMode", "STATIC");
    ReplaceAfterCommit.during(
        context.spark(), target.replaceAll(), claim, () -> writer.save(target.outputURI()));
  }

  private Dataset<Row> stream(Dataset<Row> rows) throws TimeoutException {
    DataStreamWriter<Row> writer =
        rows.writeStream()
            .format(EscapedDelimitedText.writer(format, options))
            .options(options)
            .option("path", target.outputURI());
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
