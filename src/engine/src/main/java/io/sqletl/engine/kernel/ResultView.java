package io.sqletl.engine.kernel;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.run.PlannedStage;
import io.sqletl.engine.run.Redaction;
import io.sqletl.engine.stage.StageContext;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What is shown of one stage that ran. */
final class ResultView {

  private final NotebookState state;
  private final PlannedStage stage;
  private final DisplaySettings settings;
  private final CellOutput output;
  private final Redaction redaction;
  private ResultTable table;

  ResultView(
      NotebookState state,
      PlannedStage stage,
      DisplaySettings settings,
      CellOutput output,
      Redaction redaction) {
    this.state = state;
    this.stage = stage;
    this.settings = settings;
    this.output = output;
    this.redaction = redaction;
  }

  /**
   * The rows of a view; of a load where it wrote, since rows that it wrote would have to be made
   * once more.
   */
  Optional<Content> of(Optional<Dataset<Row>> made, StageContext context) throws Exception {
    if (!context.outputs().isEmpty()) {
      return Optional.of(Content.text(written(context.outputs())));
    }
    if (made.isEmpty()) {
      return Optional.of(Content.text("Done; the stage has nothing to show."));
    }
    Dataset<Row> rows = made.get();
    if (rows.isStreaming()) {
      table = new StreamDisplay(output, settings, state.mostRows(), redaction).show(rows, label());
    } else {
      table = ResultTable.of(rows, settings, state.mostRows(), redaction);
    }
    return Optional.of(table.render(settings, label()));
  }

  /** The rows shown, where some were. */
  Optional<ResultTable> table() {
    return Optional.ofNullable(table);
  }

  private String label() {
    if (!settings.datasetLabels()) {
      return null;
    }
    List<String> outputs = stage.references(Key.Role.OUTPUT_VIEW);
    List<String> names = outputs.isEmpty() ? stage.references(Key.Role.INPUT_VIEW) : outputs;
    return names.stream()
        .filter(name -> !name.equals(StageCells.PLACEHOLDER))
        .findFirst()
        .orElse(null);
  }

  private String written(List<String> outputs) {
    StringBuilder text = new StringBuilder("Written:");
    for (String uri : outputs) {
      Optional<Path> place = state.files().localPlace(uri);
      text.append("\n  ").append(redaction.apply(uri));
      place.ifPresent(path -> text.append("  ->  ").append(path));
    }
    return text.toString();
  }
}
