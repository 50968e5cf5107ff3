package io.sqletl.engine.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sqletl.engine.job.JobException;
import io.sqletl.engine.job.JobOptions;
import io.sqletl.engine.job.JobReader;
import io.sqletl.engine.job.JobSource;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.job.Variables;
import io.sqletl.engine.stage.SqlJob;
import io.sqletl.engine.stage.StageTypes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * A job file that was planned and run as the command does, on the session of all tests.
 *
 * @param log the lines of its JSON log
 */
record JobRun(RunSummary summary, List<Map<String, Object>> log) {

  /** What is wrong with a job. */
  static List<String> problems(Path file) throws IOException {
    try {
      plan(file, Map.of());
      return List.of();
    } catch (JobException e) {
      return e.problems().stream().map(Problem::headline).toList();
    }
  }

  static PlannedJob plan(Path file, Map<String, String> commandLine) throws IOException {
    return plan(file, commandLine, SqlJob.options());
  }

  static PlannedJob plan(Path file, Map<String, String> commandLine, JobOptions options)
      throws IOException {
    JobSource source = JobReader.read(file.toString(), Files.readString(file));
    return JobPlanner.plan(
        source,
        Variables.of(commandLine, source, Map.of(), Map.of()),
        options,
        uri -> {
          try {
            return Files.readString(Path.of(uri.replaceFirst("^file:", "")));
          } catch (java.nio.file.NoSuchFileException e) {
            throw new IOException("There is no file " + uri, e);
          }
        },
        StageTypes.load(),
        JobPlanner.TableNames.FROM_STAGES);
  }

  static JobRun of(Path file) throws IOException {
    return of(file, Map.of());
  }

  static JobRun of(Path file, Map<String, String> commandLine) throws IOException {
    return of(plan(file, commandLine));
  }

  /** Of a job in streaming mode. */
  static JobRun streaming(Path file) throws IOException {
    JobOptions batch = SqlJob.options();
    return of(
        plan(
            file,
            Map.of(),
            new JobOptions(
                "test", false, true, false, batch.storageLevel(), true, true, true, true)));
  }

  private static JobRun of(PlannedJob job) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    JsonLog log = new JsonLog(out, Redaction.of(List.of()), Map.of(), JsonLog.StackTraces.LEFT_OUT);
    SparkSession spark = SqlJob.spark();
    RunSummary summary =
        new Runner(List.of(log), Runner.StageSettings.UNCHANGED).run(job, () -> spark);
    return new JobRun(summary, parse(bytes.toString(StandardCharsets.UTF_8)));
  }

  @SuppressWarnings("unchecked") // A line is an object
  private static List<Map<String, Object>> parse(String text) throws IOException {
    ObjectMapper json = new ObjectMapper();
    List<Map<String, Object>> lines = new ArrayList<>();
    for (String line : text.lines().toList()) {
      lines.add(json.readValue(line, Map.class));
    }
    return lines;
  }

  /** The lines of an event. */
  List<Map<String, Object>> lines(String event) {
    return log.stream().filter(line -> event.equals(line.get("event"))).toList();
  }

  /** The stage's entry in the last line of an event that has one. */
  @SuppressWarnings("unchecked") // An entry is an object
  Map<String, Object> stage(String event) {
    List<Map<String, Object>> lines =
        lines(event).stream().filter(line -> line.containsKey("stage")).toList();
    return (Map<String, Object>) lines.get(lines.size() - 1).get("stage");
  }

  /** Why the run failed; empty text when it did not. */
  String failure() {
    return summary.failure().map(Failure::cause).orElse("");
  }
}
