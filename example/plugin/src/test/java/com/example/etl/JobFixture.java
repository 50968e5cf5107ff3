package com.example.etl;

import io.sqletl.engine.job.JobException;
import io.sqletl.engine.job.JobOptions;
import io.sqletl.engine.job.JobReader;
import io.sqletl.engine.job.JobSource;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.job.Variables;
import io.sqletl.engine.run.JobPlanner;
import io.sqletl.engine.run.PlannedJob;
import io.sqletl.engine.run.RunSummary;
import io.sqletl.engine.run.Runner;
import io.sqletl.engine.stage.StageTypes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Runs jobs in this process, as the command does, on one session for all tests. */
final class JobFixture {

  private static final SparkSession SPARK =
      SparkSession.builder()
          .master("local[1]")
          .config("spark.ui.enabled", "false")
          .config("spark.sql.shuffle.partitions", "1")
          .getOrCreate();

  private JobFixture() {}

  /** Reads and checks a job; nothing runs. */
  static PlannedJob plan(String text) {
    JobSource source = JobReader.read("job.conf", text);
    return JobPlanner.plan(
        source,
        Variables.of(Map.of(), source, Map.of(), Map.of()),
        JobOptions.forEnvironment("test"),
        uri -> Files.readString(Path.of(uri)),
        StageTypes.load(),
        JobPlanner.TableNames.FROM_STAGES);
  }

  /** What is wrong with a job, each with its place. */
  static List<String> problems(String text) {
    try {
      plan(text);
      return List.of();
    } catch (JobException e) {
      return e.problems().stream().map(Problem::headline).toList();
    }
  }

  static RunSummary run(String text) {
    return new Runner(List.of(), Runner.StageSettings.UNCHANGED).run(plan(text), () -> SPARK);
  }

  /** The rows of a query, each as text. */
  static List<String> rows(String query) {
    return SPARK.sql(query).collectAsList().stream().map(Row::toString).toList();
  }
}
