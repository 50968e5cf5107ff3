package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.OutputView;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import io.sqletl.engine.stage.StreamingOnly;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.streaming.DataStreamReader;

/** Makes a stream of numbered rows. */
public final class RateExtractStage implements StageType<RateExtract> {

  @Override
  public Class<RateExtract> configuration() {
    return RateExtract.class;
  }

  @Override
  public String description() {
    return "Makes a stream of rows of a timestamp and a growing value, so many each second, to try"
        + " a streaming job with.";
  }

  @Override
  public Stage plan(RateExtract keys, StagePlanning planning) {
    StreamingOnly.check(planning);
    requireAtLeast(1, "rowsPerSecond", keys.rowsPerSecond(), planning);
    requireAtLeast(0, "rampUpTime", keys.rampUpTime(), planning);
    keys.numPartitions().ifPresent(number -> requireAtLeast(1, "numPartitions", number, planning));
    return context ->
        Optional.of(OutputView.named(keys.outputView()).register(stream(keys, context), context));
  }

  private static void requireAtLeast(int least, String key, int value, StagePlanning planning) {
    if (value < least) {
      planning.invalid(key, "\"" + key + "\" is " + value, "it counts from " + least);
    }
  }

  private static Dataset<Row> stream(RateExtract keys, StageContext context) {
    DataStreamReader reader =
        context
            .spark()
            .readStream()
            .format("rate")
            .option("rowsPerSecond", keys.rowsPerSecond())
            .option("rampUpTime", keys.rampUpTime() + "s");
    keys.numPartitions().ifPresent(number -> reader.option("numPartitions", number));
    return reader.load();
  }
}
