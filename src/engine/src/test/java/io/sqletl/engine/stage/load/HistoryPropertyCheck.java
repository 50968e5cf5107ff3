package io.sqletl.engine.stage.load;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random loads, each of them twice, against a model in plain Java; {@code -Dsqletl.seed=N} repeats
 * them, {@code -Dsqletl.loads=N} makes more of them.
 */
@ExtendWith(OneTask.class)
class HistoryPropertyCheck {

  private static final int MOMENTS = 12;
  private static final long SEED = Long.getLong("sqletl.seed", 7563436771610L);
  private static final int LOADS = Integer.getInteger("sqletl.loads", 2);
  private static final int THINGS = Integer.getInteger("sqletl.things", 150);
  private static final String FEED =
      "SELECT inline(from_json('[%s]', 'ARRAY<STRUCT<id: INT, part: STRING, name: STRING, note: INT,"
          + " at: INT, minor: INT, rank: INT>>'))";

  private static final String VECTORS =
      "tableProperties: {\"delta.enableDeletionVectors\": \"true\"}";

  @TempDir private Path folder;

  /**
   * A way to load.
   *
   * @param sources {@code both} for snapshots too, {@code few} for changes of few things
   * @param columns {@code at} if the table has the column of the sequence, {@code except} if not,
   *     {@code two} if the sequence is of two columns
   * @param duplicates what is there more than once
   * @param others further keys of the stage
   */
  private record Setting(
      String onDelete,
      String lateRows,
      String sources,
      String columns,
      String duplicates,
      String others) {

    /** Whether a load that is not the first has changes of a twelfth of the things. */
    boolean changesFew() {
      return sources.equals("few");
    }

    boolean tellsTime() {
      return !columns.equals("except");
    }

    String keys(boolean snapshot) {
      String except = columns.equals("except") ? "at, minor" : columns.equals("at") ? "minor" : "";
      return "onDelete: %s, lateRows: %s, keys: [id, part], nullKeys: match\n"
              .formatted(onDelete, lateRows)
          + "sequenceBy: %s\n".formatted(columns.equals("two") ? "[at, minor]" : "at")
          + "exceptColumns: [%s]\n".formatted(except.isEmpty() ? "rank" : except + ", rank")
          + others
          + "\n"
          + (snapshot
              ? "source: snapshot\n"
              : "deleteWhen: name IS NULL, duplicates: %s\n".formatted(duplicates)
                  + (duplicates.equals("latest") ? "latestBy: rank\n" : ""));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "close, insert, changes, at, identical, 'ignoreColumns: [note]'",
    "close, insert, both, except, fail, 'ignoreColumns: [note], openEnd: \"999\"'",
    "close, ignore, changes, except, latest, 'trackColumns: [name], isCurrent: off'",
    "close, ignore, both, at, fail, 'ignoreColumns: [note], validTo: bis, validFrom: von'",
    "close, insert, few, at, identical, 'ignoreColumns: [note], %s'",
    "remove, insert, few, two, latest, 'trackColumns: [name], %s'",
    "tombstone, insert, few, at, identical, 'ignoreColumns: [note], %s'",
    "remove, insert, both, two, fail, 'ignoreColumns: [note], validTo: off'",
    "remove, ignore, changes, at, identical, 'ignoreColumns: [note]'",
    "tombstone, insert, changes, at, identical, 'ignoreColumns: [note], isDeleted: gone'",
    "tombstone, ignore, changes, two, latest, 'trackColumns: [name]'",
    "tombstone, insert, both, except, fail, 'ignoreColumns: [note], isCurrent: off, validTo: off'",
  })
  void versionsAreThoseOfTheModel(
      String onDelete,
      String lateRows,
      String sources,
      String columns,
      String duplicates,
      String others)
      throws Exception {
    Setting setting =
        new Setting(onDelete, lateRows, sources, columns, duplicates, others.formatted(VECTORS));
    Random random = new Random(SEED);
    HistoryModel model = new HistoryModel(onDelete, lateRows, setting.tellsTime());
    for (int load = 0; load < (setting.changesFew() ? 2 * LOADS : LOADS); load++) {
      boolean snapshot =
          sources.equals("both") && !columns.equals("two") && load > 0 && random.nextInt(3) > 0;
      String told = "seed %d, %s, load %d".formatted(SEED, setting, load);
      List<Event> events;
      Tally tally;
      if (snapshot) {
        int time = random.nextInt(MOMENTS + load);
        events = snapshot(random, time);
        tally = model.snapshot(time, events);
      } else {
        events = changes(random, setting);
        if (setting.changesFew() && load > 0) {
          // So that their rows are few in their file, which is not written anew
          int of = load;
          events.removeIf(event -> event.id() % 12 != of);
        }
        tally = model.changes(events);
      }
      HistoryCounts counts = load(random, events, setting, snapshot);
      requireSame(versions(setting), model.versions(), told);
      assertThat(tally(counts, events.size(), tally)).as(told).isEqualTo(tally);

      int commits = commits();
      HistoryCounts again = load(random, events, setting, snapshot);
      requireSame(versions(setting), model.versions(), "again, " + told);
      assertThat(commits()).as("again, %s", told).isEqualTo(commits);
      assertThat(again.inserted() + again.changed() + again.deleted() + again.late())
          .as("again, %s", told)
          .isZero();
    }
    assertThat(folder.resolve("history").toFile().list((f, n) -> n.endsWith(".bin")))
        .as("vectors, %s", setting)
        .matches(vectors -> vectors.length > 0 == setting.changesFew());
  }

  /** Of copies it is known how many were passed over; the model knows of late rows only. */
  private static Tally tally(HistoryCounts counts, int events, Tally expected) {
    return new Tally(
        counts.inserted(),
        counts.changed(),
        counts.unchanged(),
        counts.deleted(),
        expected.ignored() == 0 ? 0 : Math.min(counts.ignored(), expected.ignored()));
  }

  private static void requireSame(List<String> found, List<String> expected, String told) {
    List<String> wrong = new ArrayList<>(found);
    wrong.removeAll(expected);
    List<String> missing = new ArrayList<>(expected);
    missing.removeAll(found);
    assertThat(wrong).as("instead of %s, %s", missing, told).isEmpty();
    assertThat(found).as(told).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"close, insert, false", "tombstone, insert, true", "tombstone, ignore, false"})
  void onlyTheNewestIsThere(String onDelete, String lateRows, boolean vectors) throws Exception {
    String others = "historyType: 1" + (vectors ? ", " + VECTORS : "");
    Setting setting = new Setting(onDelete, lateRows, "changes", "at", "identical", others);
    Random random = new Random(SEED);
    List<Event> newest = new ArrayList<>(Collections.nCopies(THINGS, null));
    for (int load = 0; load < LOADS; load++) {
      List<Event> events = changes(random, setting);
      for (Event event : events) {
        Event there = newest.get(event.id());
        boolean isUnknown = there == null && event.name() == null;
        if (!isUnknown && (there == null || event.at() >= there.at())) {
          newest.set(event.id(), event);
        }
      }
      List<String> expected = new ArrayList<>();
      for (Event each : newest) {
        if (each != null && each.name() != null) {
          expected.add("[%d,%s,%d,%d]".formatted(each.id(), each.name(), each.note(), each.at()));
        }
      }
      String told = "seed %d, %s, load %d".formatted(SEED, setting, load);
      boolean tombstones = onDelete.equals("tombstone");
      String query =
          "SELECT id, name, note, at FROM delta.`%s` %s ORDER BY id"
              .formatted(table(), tombstones ? "WHERE NOT is_deleted" : "");
      load(random, events, setting, false);
      requireSame(rows(query), expected, told);
      int commits = commits();
      String allOf = "SELECT * FROM delta.`%s` ORDER BY id".formatted(table());
      List<String> before = rows(allOf);
      HistoryCounts again = load(random, events, setting, false);
      assertThat(rows(allOf)).as("again, %s", told).isEqualTo(before);
      assertThat(commits()).as("again, %s", told).isEqualTo(commits);
      assertThat(again.inserted() + again.changed() + again.deleted()).as(told).isZero();
      if (!tombstones) {
        // What is deleted leaves nothing, so that an older row of another load brings it back
        newest.replaceAll(each -> each == null || each.name() == null ? null : each);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"close", "remove"})
  void lateRowsFailOnlyIfTheyChangeSomething(String onDelete) throws Exception {
    Setting setting =
        new Setting(onDelete, "fail", "changes", "at", "identical", "ignoreColumns: [note]");
    Random random = new Random(SEED);
    List<Event> events = changes(random, setting);
    HistoryModel model = new HistoryModel(onDelete, "fail", true);
    model.changes(events);
    load(random, events, setting, false);
    int commits = commits();
    assertThat(load(random, events, setting, false).changed()).isZero();
    requireSame(versions(setting), model.versions(), "again");
    Event known = events.stream().filter(model::isLate).findFirst().orElseThrow();
    Event late = new Event(known.id(), known.at(), "z", known.note());
    assertThatThrownBy(() -> load(random, List.of(late), setting, false))
        .hasMessageContaining("came late");
    assertThat(commits()).isEqualTo(commits);
  }

  private static List<Event> changes(Random random, Setting setting) {
    List<Event> events = new ArrayList<>();
    for (int id = 0; id < THINGS; id++) {
      TreeSet<Integer> times = new TreeSet<>();
      for (int number = random.nextInt(5); number > 0; number--) {
        times.add(random.nextInt(MOMENTS));
      }
      for (int time : times) {
        String name =
            random.nextInt(4) == 0 ? null : "abc".substring(random.nextInt(3)).substring(0, 1);
        events.add(new Event(id, time, name, random.nextInt(4)));
      }
    }
    return events;
  }

  private static List<Event> snapshot(Random random, int time) {
    List<Event> rows = new ArrayList<>();
    for (int id = 0; id < THINGS; id++) {
      if (random.nextInt(4) > 0) {
        String name = random.nextBoolean() ? "a" : "b";
        rows.add(new Event(id, time, name, random.nextInt(4)));
      }
    }
    return rows;
  }

  private HistoryCounts load(Random random, List<Event> events, Setting setting, boolean snapshot)
      throws Exception {
    List<String> fed = new ArrayList<>();
    for (Event event : events) {
      fed.add(row(event, setting, 9));
      if (!snapshot && random.nextInt(20) == 0) {
        if (setting.duplicates().equals("identical")) {
          fed.add(row(event, setting, 9));
        } else if (setting.duplicates().equals("latest")) {
          fed.add(row(new Event(event.id(), event.at(), "old", 7), setting, 1));
        }
      }
    }
    Collections.shuffle(fed, random);
    return HistoryCounts.of(
            SqlJob.run(
                    view("changes", FEED.formatted(String.join(", ", fed)))
                        + stage(
                            "DeltaLakeHistoryLoad",
                            "inputView: changes, outputURI: \"%s\"\n".formatted(table())
                                + "generateSymlinkManifest: false, verify: true\n"
                                + setting.keys(snapshot)))
                .detail())
        .orElseThrow();
  }

  private static String row(Event event, Setting setting, int rank) {
    boolean two = setting.columns().equals("two");
    return "{\"id\": %d, %s%s\"note\": %d, \"at\": %d, \"minor\": %d, \"rank\": %d}"
        .formatted(
            event.id(),
            event.id() % 5 == 0 ? "" : "\"part\": \"x\", ",
            event.name() == null ? "" : "\"name\": \"" + event.name() + "\", ",
            event.note(),
            two ? event.at() / 4 : event.at(),
            two ? event.at() % 4 : 0,
            rank);
  }

  private List<String> versions(Setting setting) {
    boolean named = setting.others().contains("von");
    String from = named ? "von" : "valid_from";
    String to =
        setting.others().contains("validTo: off")
            ? "lead(%s) OVER (PARTITION BY id ORDER BY %s)".formatted(from, from)
            : named ? "bis" : "valid_to";
    String format = setting.columns().equals("two") ? "4 * %1$s.at + %1$s.minor" : "%s";
    if (setting.columns().equals("two") && to.startsWith("lead")) {
      to = "lead(4 * %1$s.at + %1$s.minor) OVER (PARTITION BY id ORDER BY %1$s)".formatted(from);
    } else {
      to = "nullif(" + format.formatted(to) + ", 999)";
    }
    String deleted =
        setting.onDelete().equals("tombstone")
            ? setting.others().contains("gone") ? ", gone" : ", is_deleted"
            : "";
    return rows(
        "SELECT id, name, note, %s, %s%s FROM delta.`%s` ORDER BY id, %s"
            .formatted(format.formatted(from), to, deleted, table(), from));
  }

  private String table() {
    return folder.resolve("history").toString();
  }

  private int commits() {
    return folder.resolve("history/_delta_log").toFile().list((f, n) -> n.endsWith(".json")).length;
  }
}
