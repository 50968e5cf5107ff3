package io.sqletl.engine.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.run.RunEvent.StageResult;
import io.sqletl.engine.stage.RowChanges;
import io.sqletl.engine.stage.history.HistoryCounts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes a run as one JSON document when it ends, for machines. */
public final class ResultsFile implements RunListener {

  /** Grows when a field changes its meaning; new fields do not change it. */
  private static final int FORMAT = 1;

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final Path file;
  private final Redaction redaction;

  public ResultsFile(Path file, Redaction redaction) {
    this.file = file;
    this.redaction = redaction;
  }

  @Override
  public void on(RunEvent event) {
    if (event instanceof RunEvent.JobFinished finished) {
      write(finished.summary());
    }
  }

  private void write(RunSummary summary) {
    try {
      Path folder = file.toAbsolutePath().getParent();
      Files.createDirectories(folder);
      // Moved into place whole: who waits for the file must not read half of it
      Path partial = Files.createTempFile(folder, file.getFileName().toString(), ".partial");
      JSON.writeValue(partial.toFile(), redaction.applyTo(document(summary)));
      Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("The results cannot be written to " + file, e);
    }
  }

  private static Map<String, Object> document(RunSummary summary) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("format", FORMAT);
    document.put("job", summary.job().source().uri());
    document.put("environment", summary.job().options().environment());
    document.put("status", summary.succeeded() ? "success" : "failure");
    document.put("started", summary.started().toString());
    document.put("durationMs", summary.duration().toMillis());
    document.put(
        "versions",
        Map.of(
            "engine", EngineVersion.ENGINE,
            "spark", org.apache.spark.package$.MODULE$.SPARK_VERSION(),
            "java", System.getProperty("java.runtime.version")));
    document.put("stages", stages(summary));
    document.put("rejected", rejected(summary.rejected()));
    document.put("warnings", summary.warnings().stream().map(ResultsFile::warning).toList());
    document.put("outputs", summary.outputs());
    summary.failure().ifPresent(failure -> document.put("failure", failure(failure)));
    return document;
  }

  private static List<Object> stages(RunSummary summary) {
    List<Object> stages = new ArrayList<>();
    for (StageResult result : summary.stages()) {
      boolean failed =
          !summary.succeeded() && result == summary.stages().get(summary.stages().size() - 1);
      stages.add(stage(result, failed ? "failed" : "succeeded"));
    }
    for (SkippedStage skipped : summary.job().skipped()) {
      Map<String, Object> stage = new LinkedHashMap<>();
      stage.put("name", skipped.name());
      stage.put("type", skipped.type());
      stage.put("status", "skipped");
      stage.put("environments", skipped.environments());
      stages.add(stage);
    }
    return stages;
  }

  private static Map<String, Object> stage(StageResult result, String status) {
    Map<String, Object> stage = new LinkedHashMap<>();
    stage.put("name", result.stage().header().name());
    stage.put("type", result.stage().type());
    result.stage().header().id().ifPresent(id -> stage.put("id", id));
    stage.put("file", result.stage().block().source().file());
    stage.put("cell", result.stage().block().source().cell());
    stage.put("line", result.stage().block().line());
    stage.put("status", status);
    stage.put("started", result.started().toString());
    stage.put("durationMs", result.duration().toMillis());
    stage.put("rowsIn", result.metrics().rowsRead());
    stage.put("bytesIn", result.metrics().bytesRead());
    Optional<RowChanges> changes = RowChanges.of(result.detail());
    stage.put(
        "rowsOut",
        changes.map(c -> c.inserted() + c.updated()).orElse(result.metrics().rowsWritten()));
    changes.ifPresent(c -> stage.put(RowChanges.FIELD, c.fields()));
    HistoryCounts.of(result.detail())
        .ifPresent(counts -> stage.put(HistoryCounts.FIELD, counts.fields()));
    stage.put("bytesOut", result.metrics().bytesWritten());
    stage.put("outputs", result.outputs());
    return stage;
  }

  private static Map<String, Object> rejected(Rejections rejections) {
    Map<String, Object> rejected = new LinkedHashMap<>();
    rejected.put("total", rejections.total());
    rejected.put("first", rejections.first());
    return rejected;
  }

  private static Map<String, Object> warning(Problem warning) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("code", warning.code().toString());
    fields.put("message", warning.message());
    fields.put("remedy", warning.remedy());
    fields.put("position", warning.position() == null ? null : warning.position().toString());
    return fields;
  }

  private static Map<String, Object> failure(Failure failure) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("cause", failure.cause());
    fields.put("remedy", failure.remedy());
    fields.put("stage", failure.stage());
    fields.put("during", failure.during());
    fields.put("position", failure.position() == null ? null : failure.position().toString());
    fields.put("messages", failure.messages());
    return fields;
  }
}
