package io.sqletl.engine.stage.load;

import com.typesafe.config.ConfigValue;
import io.sqletl.engine.stage.ColumnName;
import io.sqletl.engine.stage.DataUri;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import io.sqletl.engine.stage.delta.DeltaCommits;
import io.sqletl.engine.stage.delta.SymlinkManifest;
import io.sqletl.engine.stage.history.HistoryLoad;
import io.sqletl.engine.stage.history.HistoryRules;
import io.sqletl.engine.stage.history.HistoryTable;
import io.sqletl.engine.stage.sql.SqlExpression;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Loads changes or snapshots into a table that keeps the versions of things, in one commit. */
public final class DeltaLakeHistoryLoadStage implements StageType<DeltaLakeHistoryLoad> {

  private static final Set<String> OFF = Set.of("off", "false", "none", "");

  @Override
  public Class<DeltaLakeHistoryLoad> configuration() {
    return DeltaLakeHistoryLoad.class;
  }

  @Override
  public String description() {
    return "Loads changes or a snapshot into a Delta table that keeps every version of a thing"
        + " (slowly changing dimension of type 2, or 1), in one commit; the same load twice changes"
        + " nothing.";
  }

  @Override
  public Stage plan(DeltaLakeHistoryLoad keys, StagePlanning planning) {
    DataUri.checkTable(planning, "outputURI", keys.outputURI());
    DataUri.refuseRoot(planning, "outputURI", keys.outputURI());
    keys.access().check(planning);
    HistoryRules rules = rules(keys);
    keys.deleteWhen().ifPresent(text -> SqlExpression.check("deleteWhen", text, planning));
    new HistoryKeyCheck(keys, rules, planning).check();
    return context -> Optional.of(load(keys, rules, context));
  }

  private static HistoryRules rules(DeltaLakeHistoryLoad keys) {
    return new HistoryRules(
        keys.source(),
        keys.historyType(),
        texts(keys.keys()),
        texts(keys.sequenceBy()),
        keys.trackColumns(),
        keys.ignoreColumns(),
        keys.exceptColumns(),
        keys.deleteWhen(),
        name(keys.validFrom()),
        name(keys.validTo()),
        name(keys.isCurrent()),
        name(keys.isDeleted()),
        keys.openEnd(),
        keys.onDelete(),
        keys.lateRows(),
        keys.duplicates(),
        keys.latestBy(),
        keys.nullKeys(),
        keys.emptySnapshot(),
        keys.schemaEvolution(),
        keys.partitionBy());
  }

  private static Optional<String> name(String text) {
    return OFF.contains(text.toLowerCase(Locale.ROOT)) ? Optional.empty() : Optional.of(text);
  }

  /** A text, or a list of texts. */
  static List<String> texts(ConfigValue value) {
    Object plain = value.unwrapped();
    return plain instanceof List<?> list
        ? list.stream().map(String::valueOf).toList()
        : List.of(String.valueOf(plain));
  }

  private static Dataset<Row> load(
      DeltaLakeHistoryLoad keys, HistoryRules rules, StageContext context) throws IOException {
    keys.access().apply(keys.outputURI(), context);
    Dataset<Row> view = context.view(keys.inputView());
    if (view.isStreaming()) {
      throw new StageException(
          "DeltaLakeHistoryLoad cannot load the stream '" + keys.inputView() + "'.");
    }
    warnOfTexts(rules, view, context);
    boolean exists = DeltaCommits.of(context.spark(), keys.outputURI()).exist();
    if (exists && needsManifest(keys)) {
      SymlinkManifest.requirePossible(context, keys.outputURI());
    }
    Dataset<Row> typed = view;
    if (exists) {
      StructType table = HistoryTable.open(context.spark(), keys.outputURI()).schema();
      warnOfKeys(rules, view.schema(), table, context);
      typed = UnsupportedColumns.typed(view, () -> table);
    }
    Dataset<Row> rows =
        inFolders(
            FormatRules.DELTA.prepare(typed, keys.inputView(), keys.partitionBy(), context).rows(),
            keys,
            rules,
            context);
    HistoryLoad load =
        new HistoryLoad(
            rules, keys.inputView(), keys.outputURI(), properties(keys), keys.verify(), context);
    boolean written = exists ? told(load, rows) : first(load, rows, keys.outputURI(), context);
    if (written && needsManifest(keys)) {
      SymlinkManifest.write(context, keys.outputURI());
    } else if (written && keys.generateSymlinkManifest().isEmpty()) {
      SymlinkManifest.writeIfPossible(context, keys.outputURI());
    }
    context.detail("commit", DeltaCommits.known(context.spark(), keys.outputURI()).own());
    context.wrote(keys.outputURI());
    return rows;
  }

  /** The times of versions are values of "sequenceBy", and may be folders too. */
  private static Dataset<Row> inFolders(
      Dataset<Row> rows, DeltaLakeHistoryLoad keys, HistoryRules rules, StageContext context) {
    boolean areTimes =
        Stream.of(rules.validFrom(), rules.validTo())
            .flatMap(Optional::stream)
            .anyMatch(time -> keys.partitionBy().stream().anyMatch(time::equalsIgnoreCase));
    return areTimes ? FormatRules.inFolders(rows, rules.sequenceBy(), context) : rows;
  }

  private static void warnOfTexts(HistoryRules rules, Dataset<Row> view, StageContext context) {
    for (String name : rules.sequenceBy()) {
      if (ColumnName.find(view.schema(), name)
          .filter(field -> field.dataType() instanceof StringType)
          .isPresent()) {
        context.warnOfColumns(
            "\"sequenceBy\" is the text '"
                + name
                + "', and texts go letter by letter: 10 comes before 9, and 10/2/2026 before 9/30/2026",
            "make it a date, a timestamp or a number in a TypingTransform or with cast");
      }
    }
  }

  /** A number that becomes a text is one of the texts that all mean this number. */
  private static void warnOfKeys(
      HistoryRules rules, StructType view, StructType table, StageContext context) {
    for (String name : rules.keys()) {
      Optional<StructField> mine = ColumnName.find(view, name);
      Optional<StructField> there = ColumnName.find(table, name);
      if (mine.isPresent()
          && there.isPresent()
          && there.get().dataType() instanceof StringType
          && !(mine.get().dataType() instanceof StringType)
          && !(mine.get().dataType() instanceof NullType)) {
        context.warnOfColumns(
            "The key '"
                + name
                + "' is "
                + mine.get().dataType().sql()
                + " in the view and "
                + there.get().dataType().sql()
                + " in the table: its values become texts, and a text that is written otherwise is"
                + " another thing, as 007 is beside 7",
            "give the view the table's texts, as with lpad or format_string in a SQLTransform");
      }
    }
  }

  private static boolean needsManifest(DeltaLakeHistoryLoad keys) {
    return keys.generateSymlinkManifest().orElse(false);
  }

  /**
   * A table that is to have a manifest gets no deletion vectors, whatever the session's default.
   */
  private static Map<String, String> properties(DeltaLakeHistoryLoad keys) {
    Map<String, String> properties = new LinkedHashMap<>(keys.tableProperties());
    if (needsManifest(keys)) {
      properties.putIfAbsent(HistoryKeyCheck.VECTORS, "false");
    }
    return properties;
  }

  /** What a guard says is the message of the failure. */
  private static boolean told(HistoryLoad load, Dataset<Row> rows) {
    AtomicBoolean written = new AtomicBoolean();
    Guard.tell(() -> written.set(load.run(rows)));
    return written.get();
  }

  /** Files of others are refused, and what a load leaves that was killed is taken away. */
  private static boolean first(
      HistoryLoad load, Dataset<Row> rows, String uri, StageContext context) throws IOException {
    AtomicBoolean written = new AtomicBoolean();
    FirstDeltaLoad.into(uri, context, () -> written.set(told(load, rows)));
    return written.get();
  }
}
