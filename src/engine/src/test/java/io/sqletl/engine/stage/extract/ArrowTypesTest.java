package io.sqletl.engine.stage.extract;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.stage;
import static org.assertj.core.api.Assertions.assertThat;

import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.SqlJob;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Types of Arrow's own in Parquet files that pandas and pyarrow wrote. */
class ArrowTypesTest {

  private static List<String> extract(String file) throws Exception {
    Path path = Path.of("src/test/resources/foreign", file).toAbsolutePath();
    return SqlJob.run(stage("ParquetExtract", "outputView: v, inputURI: \"" + path + "\""))
        .runWarnings()
        .stream()
        .map(Problem::message)
        .map(message -> message.substring(message.indexOf(": ") + 2))
        .toList();
  }

  @Test
  void periodsAndDurationsAreToldAndIntervalsAreNot() throws Exception {
    assertThat(extract("types.pandas.parquet"))
        .containsExactly(
            "column 'd' has durations of Arrow, and is read as their number of microseconds",
            "column 'm' has periods of pandas (M), and is read as their number from 1970 on; have"
                + " it written as dates, with .dt.to_timestamp(), or as text, or take"
                + " add_months(date'1970-01-01', cast(`m` as int))");
    assertThat(rows("select add_months(date'1970-01-01', cast(`m` as int)), d, i.left from v"))
        .containsExactly("[2024-01-01,1000000,0]", "[2024-02-01,2000000,1]");
  }

  @Test
  void numbersAndBytesOfAnExtensionAreToldAndJsonIsNot() throws Exception {
    assertThat(extract("types.pyarrow.parquet"))
        .containsExactly(
            "column 'b8' has booleans of Arrow (bool8), and is read as numbers, 0 for false; take"
                + " `b8` <> 0",
            "column 'l[]' has durations of Arrow, and is read as their number of seconds",
            "column 'o' is arrow.opaque to the program that wrote it, and is read as the bytes that"
                + " it is stored as; have it written as text");
    assertThat(rows("select j from v")).containsExactly("[{}]", "[[1]]");
  }
}
