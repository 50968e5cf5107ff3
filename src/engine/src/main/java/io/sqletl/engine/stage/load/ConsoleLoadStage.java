package io.sqletl.engine.stage.load;

import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import io.sqletl.engine.stage.StreamingOnly;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Prints a stream as it comes. */
public final class ConsoleLoadStage implements StageType<ConsoleLoad> {

  @Override
  public Class<ConsoleLoad> configuration() {
    return ConsoleLoad.class;
  }

  @Override
  public String description() {
    return "Prints the rows of a stream as they come, to try a streaming job with.";
  }

  @Override
  public Stage plan(ConsoleLoad keys, StagePlanning planning) {
    StreamingOnly.check(planning);
    return context -> {
      Dataset<Row> rows = context.view(keys.inputView());
      if (!rows.isStreaming()) {
        throw new StageException(
            "ConsoleLoad prints streams, and the view '"
                + keys.inputView()
                + "' is none; make it of an extract that reads a stream.");
      }
      rows.writeStream()
          .format("console")
          .outputMode(keys.outputMode().text().toLowerCase(Locale.ROOT))
          .start();
      return Optional.of(rows);
    };
  }
}
