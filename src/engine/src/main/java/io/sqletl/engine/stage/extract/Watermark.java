package io.sqletl.engine.stage.extract;

import io.sqletl.engine.job.Key;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** How late rows of a stream may be. */
public record Watermark(
    @Key(value = "The column that holds the time of a row's event.", required = true)
        String eventTime,
    @Key(
            value = "How long to wait for late rows, as an interval such as \"10 minutes\".",
            required = true)
        String delayThreshold) {

  /** A stream whose late rows are waited for as long as the key says, where it is given. */
  static Dataset<Row> apply(Optional<Watermark> watermark, Dataset<Row> stream) {
    return watermark
        .map(late -> stream.withWatermark(late.eventTime(), late.delayThreshold()))
        .orElse(stream);
  }
}
