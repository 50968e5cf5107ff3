package io.sqletl.engine.stage;

import io.sqletl.engine.job.Position;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The views that a stage reads and makes, beyond those that its keys name. */
public final class ViewReferences {

  private final Map<String, Position> reads = new LinkedHashMap<>();
  private final List<String> makes = new ArrayList<>();
  private final List<String> provides = new ArrayList<>();
  private final List<Data> readsData = new ArrayList<>();
  private final List<Data> changesData = new ArrayList<>();
  private final List<String> changes = new ArrayList<>();
  private final Map<String, List<String>> columns = new LinkedHashMap<>();
  private final Function<String, Optional<List<String>>> known;
  private boolean opaque;

  /** Those of a stage of whose inputs nothing is known. */
  public ViewReferences() {
    this(view -> Optional.empty());
  }

  /**
   * @param known the columns of the views that earlier stages made
   */
  public ViewReferences(Function<String, Optional<List<String>>> known) {
    this.known = known;
  }

  /**
   * The columns of a view that an earlier stage made, internal ones aside; nothing where they are
   * known to Spark alone.
   */
  public Optional<List<String>> columnsOf(String view) {
    return known.apply(view);
  }

  /** The stage makes a view of these columns, and no others but internal ones. */
  public void columns(String view, List<String> names) {
    columns.put(view, List.copyOf(names));
  }

  /** The columns of the views that the stage makes, where it is known which they are. */
  public Map<String, List<String>> columns() {
    return columns;
  }

  /**
   * Data that SQL names by its place, such as {@code parquet.`s3a://bucket/path`}.
   *
   * @param format Spark's name of the format
   * @param uri where it is
   */
  public record Data(String format, String uri) {}

  /** The stage reads data by its place. */
  public void readsData(Data data) {
    readsData.add(data);
  }

  /** The stage changes rows of data by its place. */
  public void changesData(Data data) {
    changesData.add(data);
  }

  /** The stage changes rows of the table behind a view. */
  public void changes(String view) {
    changes.add(view);
  }

  public List<Data> readsData() {
    return List.copyOf(readsData);
  }

  public List<Data> changesData() {
    return List.copyOf(changesData);
  }

  /** The views whose tables the stage changes. */
  public List<String> changes() {
    return List.copyOf(changes);
  }

  /** The stage reads a view of this name, at this place. */
  public void reads(String view, Position position) {
    reads.putIfAbsent(view, position);
  }

  /** The stage makes a view of this name before its SQL runs, and for that alone. */
  public void provides(String view) {
    provides.add(view);
  }

  /** The stage makes a view or table of this name. */
  public void makes(String view) {
    makes.add(view);
  }

  /** The stage changes what names mean, so that later names cannot be checked. */
  public void makesUnknown() {
    opaque = true;
  }

  /** The views that must be there before the stage. */
  public Map<String, Position> reads() {
    Map<String, Position> foreign = new LinkedHashMap<>(reads);
    foreign.keySet().removeIf(view -> provides.stream().anyMatch(view::equalsIgnoreCase));
    return foreign;
  }

  public List<String> makes() {
    return List.copyOf(makes);
  }

  public boolean isOpaque() {
    return opaque;
  }
}
