package io.sqletl.bench;

import com.sun.management.OperatingSystemMXBean;
import io.sqletl.engine.job.JobOptions;
import io.sqletl.engine.job.JobReader;
import io.sqletl.engine.job.JobSource;
import io.sqletl.engine.job.Variables;
import io.sqletl.engine.run.JobPlanner;
import io.sqletl.engine.run.PlannedJob;
import io.sqletl.engine.run.RunSummary;
import io.sqletl.engine.run.Runner;
import io.sqletl.engine.stage.StageTypes;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * B4: extract, type and load with the engine's stages and with a function from row to row, in turns
 * in one JVM: {@code NOTEBOOK SCHEMA INPUT OURS THEIRS RUNS}. Each run prints side, seconds of wall
 * and of CPU.
 */
public final class WarmTyping {
  /** After the third the times of both sides stay where they are. */
  private static final int WARM_UP_RUNS = 3;

  private WarmTyping() {}

  /** Warms up, then measures. */
  public static void main(String[] args) throws IOException {
    int runs = Integer.parseInt(args[5]);
    try (SparkSession spark = PlainSession.open()) {
      for (int run = -WARM_UP_RUNS; run < runs; run++) {
        measure(run, "ours", () -> runStages(spark, args));
        measure(run, "theirs", () -> runRowByRow(spark, args[2], args[4]));
      }
    }
  }

  private static void runStages(SparkSession spark, String[] args) {
    JobSource source = JobReader.read(args[0], read(args[0]));
    Variables variables =
        Variables.of(
            Map.of(
                "ETL_CONF_SCHEMA", uri(args[1]),
                "ETL_CONF_INPUT", uri(args[2]),
                "ETL_CONF_OUTPUT", uri(args[3])),
            source,
            Map.of(),
            Map.of());
    PlannedJob job =
        JobPlanner.plan(
            source,
            variables,
            JobOptions.forEnvironment("test"),
            location -> read(Path.of(URI.create(location)).toString()),
            StageTypes.load(),
            JobPlanner.TableNames.FROM_STAGES);
    RunSummary summary =
        new Runner(List.of(), Runner.StageSettings.UNCHANGED).run(job, () -> spark);
    if (!summary.succeeded()) {
      throw new IllegalStateException(summary.failure().orElseThrow().toString());
    }
  }

  private static void runRowByRow(SparkSession spark, String input, String output) {
    Dataset<Row> text = FileColumns.append(LineItemTable.text(spark, input));
    RowByRowTyping.apply(text, LineItemTable.SCHEMA, "uuuu-MM-dd")
        .write()
        .mode("overwrite")
        .parquet(output);
  }

  private static void measure(int run, String side, Runnable work) {
    System.gc(); // What one side leaves behind is not the other's to collect
    OperatingSystemMXBean process =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long wall = System.nanoTime();
    long cpu = process.getProcessCpuTime();
    work.run();
    if (run >= 0) {
      System.out.printf(
          Locale.ROOT,
          "%s %.3f %.3f%n",
          side,
          (System.nanoTime() - wall) / 1e9,
          (process.getProcessCpuTime() - cpu) / 1e9);
    }
  }

  private static String uri(String path) {
    return Path.of(path).toAbsolutePath().toUri().toString();
  }

  private static String read(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
