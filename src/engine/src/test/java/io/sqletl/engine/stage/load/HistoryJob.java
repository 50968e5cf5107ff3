package io.sqletl.engine.stage.load;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;

import io.sqletl.engine.stage.SqlJob;
import io.sqletl.engine.stage.history.HistoryCounts;
import java.nio.file.Path;
import java.util.List;

/** Loads rows that a test writes out into a history in a folder. */
record HistoryJob(Path folder) {

  /** The counts of {@link HistoryCounts}, each from 0. */
  static HistoryCounts counts(
      long inserted, long changed, long unchanged, long deleted, long late, long ignored) {
    return new HistoryCounts(inserted, changed, unchanged, deleted, late, ignored);
  }

  /**
   * The stages that load a query's rows.
   *
   * @param keys of the load, as HOCON
   */
  String stages(String query, String keys) {
    return view("changes", query)
        + stage(
            "DeltaLakeHistoryLoad",
            "inputView: changes, outputURI: \""
                + table()
                + "\", generateSymlinkManifest: false\n"
                + keys);
  }

  HistoryCounts load(String query, String keys) throws Exception {
    return HistoryCounts.of(SqlJob.run(stages(query, keys)).detail()).orElseThrow();
  }

  String table() {
    return folder.resolve("history").toString();
  }

  /** The table's rows, each as text. */
  List<String> read(String columns, String order) {
    return rows("SELECT " + columns + " FROM delta.`" + table() + "` ORDER BY " + order);
  }

  /** How often the table was written. */
  int commits() {
    return folder.resolve("history/_delta_log").toFile().list((f, n) -> n.endsWith(".json")).length;
  }
}
