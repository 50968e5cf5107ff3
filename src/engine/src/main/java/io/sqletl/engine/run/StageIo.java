package io.sqletl.engine.run;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.stage.ViewReferences;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Something that a stage reads or makes.
 *
 * @param kind what it is
 * @param name of a view or table, or the URI as the job says it
 * @param format of a dataset, as Spark calls it; empty where the stage's type does not say
 */
public record StageIo(Kind kind, String name, String format) {

  /** What a stage can read or make. */
  public enum Kind {
    /** A view of the session. */
    VIEW,
    /** Files or a table of files, by URI. */
    DATASET,
    /** A table of another system. */
    TABLE,
    /** A text that is part of the job, such as a schema or a SQL statement. */
    TEXT
  }

  private static final Set<String> TEXT_KEYS = Set.of("schemaURI", "inputURI");
  private static final Set<String> CHANGES_WHAT_IS_THERE =
      Set.of("DeltaLakeMergeLoad", "DeltaLakeHistoryLoad");

  static List<StageIo> reads(PlannedStage stage) {
    Set<StageIo> reads = new LinkedHashSet<>();
    for (PlannedStage.Reference reference : stage.references()) {
      if (reference.role() == Key.Role.INPUT_VIEW) {
        reads.add(view(reference.value()));
      } else if (reference.role() == Key.Role.INPUT_URI) {
        reads.add(data(stage, reference.value()));
      } else if (reference.role() == Key.Role.VALUE && TEXT_KEYS.contains(reference.key())) {
        reads.add(new StageIo(Kind.TEXT, reference.value(), ""));
      }
    }
    stage.views().reads().keySet().forEach(name -> reads.add(view(name)));
    stage.views().readsData().forEach(data -> reads.add(data(data)));
    return new ArrayList<>(reads);
  }

  static List<StageIo> makes(PlannedStage stage) {
    Set<StageIo> makes = new LinkedHashSet<>();
    stage.references(Key.Role.OUTPUT_VIEW).forEach(name -> makes.add(view(name)));
    stage.views().makes().forEach(name -> makes.add(view(name)));
    stage.references(Key.Role.OUTPUT_URI).forEach(uri -> makes.add(data(stage, uri)));
    stage.views().changesData().forEach(data -> makes.add(data(data)));
    return new ArrayList<>(makes);
  }

  /** What a stage makes by reading what is there and changing it, as a merge does. */
  static List<StageIo> changes(PlannedStage stage) {
    return CHANGES_WHAT_IS_THERE.contains(stage.ownType())
        ? stage.references(Key.Role.OUTPUT_URI).stream().map(uri -> data(stage, uri)).toList()
        : List.of();
  }

  private static StageIo view(String name) {
    return new StageIo(Kind.VIEW, name, "");
  }

  private static StageIo data(ViewReferences.Data data) {
    return new StageIo(Kind.DATASET, data.uri(), data.format());
  }

  /** The type's name says the format, such as that of DelimitedLoad. */
  private static StageIo data(PlannedStage stage, String uri) {
    String type = stage.ownType();
    if (type.startsWith("JDBC") || type.startsWith("Kafka")) {
      return new StageIo(Kind.TABLE, uri, "");
    }
    String name = type.replaceFirst("(Extract|Merge|History|Load).*", "").toLowerCase(Locale.ROOT);
    String format =
        switch (name) {
          case "deltalake" -> "delta";
          case "delimited" -> "csv";
          case "parquet", "orc", "avro", "json", "xml", "text" -> name;
          default -> "";
        };
    return new StageIo(Kind.DATASET, uri, format);
  }
}
