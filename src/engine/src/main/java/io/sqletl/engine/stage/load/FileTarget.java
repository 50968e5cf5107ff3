package io.sqletl.engine.stage.load;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyGroup;
import io.sqletl.engine.stage.AuthenticationKeys;
import io.sqletl.engine.stage.DataUri;
import io.sqletl.engine.stage.OutputView;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StagePlanning;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.streaming.DataStreamWriter;

/** The keys of a stage that writes a view as files of a folder. */
public record FileTarget(
    @Key(value = "The view that is written.", required = true, role = Key.Role.INPUT_VIEW)
        String inputView,
    @Key(
            value = "The folder that is written; its name's ending means nothing.",
            required = true,
            role = Key.Role.OUTPUT_URI)
        String outputURI,
    @Key(
            value =
                "What happens to files that are there: they are replaced, files are added, the"
                    + " stage fails, or it does nothing. Replaced files go only when the new ones"
                    + " are there, so a load that fails leaves them.",
            defaultValue = "Overwrite")
        SaveMode saveMode,
    @Key("The columns by whose values the files are laid out in folders.") List<String> partitionBy,
    @Key("The number of partitions that are written, from 1; as the view has them when left out.")
        Optional<Integer> numPartitions,
    @KeyGroup AuthenticationKeys authentication) {

  void check(StagePlanning planning) {
    DataUri.checkTarget(planning, "outputURI", outputURI);
    authentication.check(planning);
    numPartitions
        .filter(number -> number < 1)
        .ifPresent(
            number ->
                planning.invalid(
                    "numPartitions", "\"numPartitions\" is " + number, "give 1 or more"));
  }

  /** Writes rows in a format of Spark's. */
  Optional<Dataset<Row>> write(
      Dataset<Row> rows, String format, Map<String, String> options, StageContext context)
      throws IOException, TimeoutException {
    authentication.apply(context, outputURI);
    if (rows.isStreaming()) {
      return stream(rows, format, options, context);
    }
    numPartitions.ifPresent(number -> context.detail("numPartitions", number));
    Dataset<Row> dealtOut = OutputView.Partitioning.apply(rows, numPartitions, partitionBy);
    SafeOverwrite overwrite =
        saveMode == SaveMode.Overwrite
            ? SafeOverwrite.begin(context.spark(), outputURI)
            : SafeOverwrite.NONE;
    dealtOut
        .write()
        .format(format)
        .mode(saveMode == SaveMode.Overwrite ? SaveMode.Append : saveMode)
        .partitionBy(partitionBy.toArray(String[]::new))
        .options(options)
        .save(outputURI);
    overwrite.finish();
    context.wrote(outputURI);
    return Optional.of(dealtOut);
  }

  private Optional<Dataset<Row>> stream(
      Dataset<Row> rows, String format, Map<String, String> options, StageContext context)
      throws TimeoutException {
    DataStreamWriter<Row> writer = rows.writeStream().format(format).options(options);
    if (!partitionBy.isEmpty()) {
      writer.partitionBy(partitionBy.toArray(String[]::new));
    }
    writer.start(outputURI);
    context.wrote(outputURI);
    return Optional.of(rows);
  }
}
