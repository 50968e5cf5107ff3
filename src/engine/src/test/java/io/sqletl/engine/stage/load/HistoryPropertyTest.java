package io.sqletl.engine.stage.load;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;

import io.sqletl.engine.stage.SqlJob;
import io.sqletl.engine.stage.history.HistoryCounts;
import io.sqletl.engine.stage.load.HistoryModel.Event;
import io.sqletl.engine.stage.load.HistoryModel.Tally;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random loads, against a model in plain Java; {@code -Dsqletl.seed=N} repeats one. */
class HistoryPropertyTest {

  private static final int THINGS = 200;
  private static final int MOMENTS = 12;
  private static final long SEED = Long.getLong("sqletl.seed", 7920864898640L);
  private static final int LOADS = Integer.getInteger("sqletl.loads", 3);

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "close, insert, changes",
    "remove, ignore, changes",
    "close, insert, both",
  })
  void versionsAreThoseOfTheModel(String onDelete, String lateRows, String sources)
      throws Exception {
    Random random = new Random(SEED);
    HistoryModel model = new HistoryModel(onDelete, lateRows);
    String keys = "onDelete: %s, lateRows: %s\n".formatted(onDelete, lateRows);
    for (int load = 0; load < LOADS; load++) {
      boolean snapshot = sources.equals("both") && load > 0 && random.nextInt(3) > 0;
      String told = "seed %d, %s, load %d".formatted(SEED, keys.strip(), load);
      List<Event> events;
      Tally tally;
      String settings;
      if (snapshot) {
        int time = random.nextInt(MOMENTS + load);
        events = snapshot(random, time);
        tally = model.snapshot(time, events);
        settings = keys + "source: snapshot\n";
      } else {
        events = changes(random);
        tally = model.changes(events);
        settings = keys + "deleteWhen: name IS NULL, duplicates: identical\n";
      }
      List<Event> fed = withCopies(random, events, snapshot);
      HistoryCounts counts = load(fed, settings);
      List<String> found = versions(onDelete);
      List<String> wrong = new ArrayList<>(found);
      wrong.removeAll(model.versions());
      List<String> missing = new ArrayList<>(model.versions());
      missing.removeAll(found);
      assertThat(wrong).as("instead of %s, %s", missing, told).isEmpty();
      assertThat(found).as(told).isEqualTo(model.versions());
      assertThat(
              new Tally(counts.inserted(), counts.changed(), counts.unchanged(), counts.deleted()))
          .as(told)
          .isEqualTo(tally);
      if (load == LOADS - 1 && lateRows.equals("insert")) {
        int commits = commits();
        load(fed, settings);
        assertThat(commits()).as("again, %s", told).isEqualTo(commits);
      }
    }
  }

  private static List<Event> changes(Random random) {
    List<Event> events = new ArrayList<>();
    for (int id = 0; id < THINGS; id++) {
      TreeSet<Integer> times = new TreeSet<>();
      for (int number = random.nextInt(4); number > 0; number--) {
        times.add(random.nextInt(MOMENTS));
      }
      for (int time : times) {
        String name =
            random.nextInt(4) == 0 ? null : "abc".substring(random.nextInt(3)).substring(0, 1);
        events.add(new Event(id, time, name, id % 3));
      }
    }
    return events;
  }

  private static List<Event> snapshot(Random random, int time) {
    List<Event> rows = new ArrayList<>();
    for (int id = 0; id < THINGS; id++) {
      if (random.nextInt(4) > 0) {
        String name = random.nextBoolean() ? "a" : "b";
        rows.add(new Event(id, time, name, id % 3));
      }
    }
    return rows;
  }

  private static List<Event> withCopies(Random random, List<Event> events, boolean snapshot) {
    List<Event> fed = new ArrayList<>(events);
    for (int number = snapshot ? 0 : 5; number > 0 && !events.isEmpty(); number--) {
      fed.add(events.get(random.nextInt(events.size())));
    }
    Collections.shuffle(fed, random);
    return fed;
  }

  private HistoryCounts load(List<Event> events, String settings) throws Exception {
    String values =
        events.stream()
            .map(
                each ->
                    "(%d, %s, %d, %d)"
                        .formatted(
                            each.id(),
                            each.name() == null ? "NULL" : "'" + each.name() + "'",
                            each.note(),
                            each.at()))
            .collect(Collectors.joining(", "));
    return HistoryCounts.of(
            SqlJob.run(
                    view("changes", "SELECT * FROM VALUES " + values + " AS t(id, name, note, at)")
                        + stage(
                            "DeltaLakeHistoryLoad",
                            "inputView: changes, outputURI: \"%s\", keys: id, sequenceBy: at\n"
                                    .formatted(folder.resolve("history"))
                                + "exceptColumns: [at], ignoreColumns: [note]\n"
                                + "generateSymlinkManifest: false\n"
                                + settings))
                .detail())
        .orElseThrow();
  }

  private List<String> versions(String onDelete) {
    String deleted = onDelete.equals("tombstone") ? "is_deleted" : "''";
    return rows(
            "SELECT id, name, note, valid_from, valid_to, is_current, "
                + deleted
                + " FROM delta.`"
                + folder.resolve("history")
                + "` ORDER BY id, valid_from")
        .stream()
        .map(text -> text.replaceFirst(",(true|false|)]$", "]$1"))
        .toList();
  }

  private int commits() {
    return folder.resolve("history/_delta_log").toFile().list((f, n) -> n.endsWith(".json")).length;
  }
}
