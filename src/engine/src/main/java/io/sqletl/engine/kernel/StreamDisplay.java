package io.sqletl.engine.kernel;

import io.sqletl.engine.run.Redaction;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;

/** Shows a stream for a while: a table that grows, until its time is over or it is full. */
final class StreamDisplay {

  private static final long REFRESH_MILLIS = 1000;

  private final CellOutput output;
  private final DisplaySettings settings;
  private final int most;
  private final Redaction redaction;

  StreamDisplay(CellOutput output, DisplaySettings settings, int most, Redaction redaction) {
    this.output = output;
    this.settings = settings;
    this.most = most;
    this.redaction = redaction;
  }

  /**
   * Runs the stream for its duration.
   *
   * @return what had arrived in the end
   */
  ResultTable show(Dataset<Row> stream, String label)
      throws TimeoutException, StreamingQueryException, InterruptedException {
    SparkSession spark = stream.sparkSession();
    String name = "kernel_" + UUID.randomUUID().toString().replace("-", "");
    String id = UUID.randomUUID().toString();
    StreamingQuery query = start(stream, name);
    boolean shown = false;
    try {
      Instant end = Instant.now().plus(Duration.ofSeconds(settings.streamingDuration()));
      ResultTable table = table(spark, name);
      while (Instant.now().isBefore(end) && table.isWhole()) {
        if (query.awaitTermination(REFRESH_MILLIS)) {
          break;
        }
        table = table(spark, name);
        Content content = table.render(settings, label);
        if (shown) {
          output.update(id, content);
        } else {
          output.show(id, content);
          shown = true;
        }
      }
      query.stop();
      table = table(spark, name);
      if (shown) {
        String text = "The stream was shown for " + settings.streamingDuration() + " s at most.";
        output.update(id, Content.of(text, Content.HTML, "<div>" + text + "</div>"));
      }
      return table;
    } finally {
      query.stop();
      spark.catalog().dropTempView(name);
    }
  }

  private ResultTable table(SparkSession spark, String name) {
    return ResultTable.of(spark.table(name), settings, most, redaction);
  }

  /** Rows as they come; where Spark allows none but whole results, those. */
  private static StreamingQuery start(Dataset<Row> stream, String name) throws TimeoutException {
    try {
      return start(stream, name, "append");
    } catch (Exception e) {
      if (e instanceof AnalysisException) {
        return start(stream, name, "complete");
      }
      throw e;
    }
  }

  private static StreamingQuery start(Dataset<Row> stream, String name, String mode)
      throws TimeoutException {
    return stream.writeStream().format("memory").queryName(name).outputMode(mode).start();
  }
}
