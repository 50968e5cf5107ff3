package io.sqletl.engine.kernel;

import io.sqletl.engine.job.Cell;
import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.JobException;
import io.sqletl.engine.job.JobReader;
import io.sqletl.engine.job.JobSource;
import io.sqletl.engine.job.NearestName;
import io.sqletl.engine.job.Position;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.run.EngineVersion;
import io.sqletl.engine.session.SparkPage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import scala.Option;

/** Carries out the magics that make no stage. */
final class AuthoringMagics {

  private final NotebookState state;

  AuthoringMagics(NotebookState state) {
    this.state = state;
  }

  Optional<Content> run(AuthoringMagic magic, Cell cell, CellOutput output) throws Exception {
    return Optional.of(
        switch (magic) {
          case ENV -> env(cell, output);
          case SECRET -> secret(cell, output);
          case CONF -> conf(cell);
          case SCHEMA -> Content.preformatted(view(cell).schema().prettyJson());
          case PRINT_SCHEMA ->
              Content.preformatted(view(cell).schema().treeString().stripTrailing());
          case PRINT_METADATA -> Content.preformatted(SchemaFile.of(view(cell).schema()));
          case METADATA -> table(SchemaFile.metadata(spark(), view(cell).schema()), cell, true);
          case SUMMARY -> table(view(cell).summary(), cell, true);
          case LIST -> list(cell);
          case PLOT -> plot(cell);
          case GRAPH -> graph(cell);
          case VERSION -> Content.preformatted(version());
          case HELP -> Content.of(MagicsTable.text(), Content.MARKDOWN, MagicsTable.markdown());
        });
  }

  // --- Variables and settings ---

  private Content env(Cell cell, CellOutput output) {
    JobSource source = JobReader.readCell(cell, StageCells.PLACEHOLDER);
    state.define(source.defaults());
    source
        .defaults()
        .forEach(
            (name, value) ->
                state
                    .fromEnvironment(name)
                    .filter(other -> !other.equals(value))
                    .ifPresent(
                        other ->
                            output.warn(
                                name
                                    + " is in the environment too; it counts less here, and more in `etl"
                                    + " run`.")));
    Map<String, String> shown = state.shownVariables();
    return Content.preformatted(
        shown.isEmpty()
            ? "No variables are defined; write NAME=value on the lines below %env."
            : lines(shown));
  }

  private Content secret(Cell cell, CellOutput output) throws CellFailure {
    List<String> names =
        cell.body().lines().map(String::strip).filter(name -> !name.isEmpty()).toList();
    if (names.isEmpty()) {
      throw missing(cell, "%secret needs a name on the line below");
    }
    for (String name : names) {
      Optional<String> value = output.askSecret(name + ": ");
      if (value.isEmpty()) {
        throw CellFailure.of(
            "NO_INPUT",
            "Nobody can be asked for " + name + " here; set it in the environment instead");
      }
      state.defineSecret(name, value.get());
    }
    return Content.preformatted(lines(state.shownVariables()));
  }

  private Content conf(Cell cell) {
    JobSource source = JobReader.readCell(cell, StageCells.PLACEHOLDER);
    state.change(state.settings().with(source.settings(), DisplaySettings.NAMES, cell.source()));
    Map<String, String> shown = new LinkedHashMap<>();
    state.settings().values().forEach((name, value) -> shown.put(name, String.valueOf(value)));
    return Content.preformatted(lines(shown));
  }

  private static String lines(Map<String, String> values) {
    return values.entrySet().stream()
        .map(entry -> entry.getKey() + ": " + entry.getValue())
        .collect(Collectors.joining("\n"));
  }

  private static String version() {
    Runtime jvm = Runtime.getRuntime();
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("sql-etl", EngineVersion.ENGINE);
    versions.put("Spark", org.apache.spark.package$.MODULE$.SPARK_VERSION());
    versions.put("Java", System.getProperty("java.runtime.version"));
    versions.put("memory", (jvm.maxMemory() >> 20) + " MB at most");
    versions.put("cores", String.valueOf(jvm.availableProcessors()));
    // Where CONF_SPARK_UI_ENABLED asks for it; the token ends with the session
    Option<SparkSession> session = SparkSession.getDefaultSession();
    if (session.isDefined()) {
      SparkPage.address(session.get().sparkContext())
          .ifPresent(address -> versions.put("Spark's page", address));
    }
    return lines(versions);
  }

  // --- Views ---

  private SparkSession spark() {
    return state.spark().await();
  }

  /** The view that a cell names below its magic, or on the magic's own line. */
  private Dataset<Row> view(Cell cell) {
    return view(cell, named(cell));
  }

  private Position named(Cell cell) {
    Optional<Position> place =
        cell.body().isEmpty()
            ? cell.sqlOnFirstLine()
            : Optional.of(
                cell.source().find(cell.bodyLine(), cell.body().lines().findFirst().orElse("")));
    return place.orElseThrow(
        () -> {
          List<String> views = state.views();
          return new JobException(
              new Problem(
                  ErrorCode.MISSING_KEY,
                  cell.source().at(cell.firstLine()),
                  cell.firstWord() + " needs the name of a view",
                  views.isEmpty()
                      ? "no cell has made one yet"
                      : "the views are " + String.join(", ", views)));
        });
  }

  private Dataset<Row> view(Cell cell, Position place) {
    String line = cell.source().line(place.line());
    String name =
        place.column() > 0 ? line.substring(place.column() - 1).strip() : cell.body().strip();
    return view(name, place);
  }

  private Dataset<Row> view(String name, Position place) {
    SparkSession spark = spark();
    List<String> views = state.views();
    boolean known = name.contains(".") || views.stream().anyMatch(name::equalsIgnoreCase);
    if (!known) {
      throw new JobException(
          new Problem(
              ErrorCode.UNKNOWN_VIEW,
              place,
              "There is no view \"" + name + "\"",
              NearestName.question(name, views)
                  .orElse(
                      views.isEmpty()
                          ? "no cell has made one yet"
                          : "the views are " + String.join(", ", views))));
    }
    return spark.table(name);
  }

  private Content table(Dataset<Row> rows, Cell cell, boolean isWhole) {
    Map<String, String> arguments = new LinkedHashMap<>(cell.arguments());
    String view = arguments.get("outputView");
    if (view != null) {
      rows.createOrReplaceTempView(view);
      if (Boolean.parseBoolean(arguments.get("persist"))) {
        rows.persist();
      }
    }
    arguments.keySet().retainAll(DisplaySettings.OF_A_CELL);
    if (isWhole) {
      arguments.putIfAbsent("numRows", String.valueOf(ResultTable.MOST_ROWS_OF_A_MAGIC));
    }
    DisplaySettings settings =
        state.settings().with(arguments, DisplaySettings.OF_A_CELL, cell.source());
    return ResultTable.of(rows, settings, state.mostRows(), state.dataRedaction())
        .render(settings, settings.datasetLabels() ? view : null);
  }

  private Content list(Cell cell) throws Exception {
    Position place = named(cell);
    String written =
        cell.source().line(place.line()).substring(Math.max(0, place.column() - 1)).strip();
    SparkSession spark = spark();
    String uri = FolderListing.resolve(written, name -> state.variable(name));
    if (uri.startsWith("s3a:")) {
      state.files().seedBucketOf(uri, state.variable("ETL_CONF_DATALAKE_LOC").orElse(""));
      state.spark().reachS3(spark);
    }
    return table(FolderListing.of(spark, uri, place), cell, false);
  }

  // --- Pictures ---

  private Content plot(Cell cell) {
    Map<String, String> arguments = new TreeMap<>(cell.arguments());
    Position place =
        arguments.containsKey("view")
            ? cell.source().find(cell.firstLine(), arguments.get("view"))
            : named(cell);
    String name =
        arguments.getOrDefault(
            "view",
            cell.source()
                .line(place.line())
                .substring(Math.max(0, place.column() - 1))
                .strip()
                .split("\\s", 2)[0]);
    Dataset<Row> view = view(name, place);
    // Arguments may stand after the view too
    String rest = cell.source().line(place.line()).strip();
    arguments.putAll(
        new Cell(new io.sqletl.engine.job.SourceText("", 0, "%plot " + afterName(rest, name)))
            .arguments());
    return Plot.of(name, view, arguments, cell.source(), state.dataRedaction());
  }

  private static String afterName(String line, String name) {
    int start = line.indexOf(name);
    return start < 0 ? "" : line.substring(start + name.length());
  }

  private Content graph(Cell cell) {
    JobGraph graph = state.graph();
    if (graph.steps().isEmpty()) {
      return Content.text("No stage has run yet.");
    }
    boolean count = !"false".equalsIgnoreCase(cell.arguments().get("count"));
    if (count) {
      SparkSession spark = spark();
      List<String> views = state.views();
      graph.steps().stream()
          .flatMap(step -> step.makes().stream())
          .filter(node -> !node.isPlace() && graph.rows(node.name()).isEmpty())
          .map(JobGraph.Node::name)
          .distinct()
          .filter(name -> views.stream().anyMatch(name::equalsIgnoreCase))
          .filter(name -> !spark.table(name).isStreaming())
          .forEach(name -> graph.counted(name, spark.table(name).count()));
    }
    return GraphPicture.of(graph, state.messageRedaction());
  }

  private static CellFailure missing(Cell cell, String message) {
    return CellFailure.of(
        Problem.of(ErrorCode.MISSING_KEY, cell.source().at(cell.firstLine()), message));
  }
}
