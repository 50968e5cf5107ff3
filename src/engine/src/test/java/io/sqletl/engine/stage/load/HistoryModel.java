package io.sqletl.engine.stage.load;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a history has to be: lists of versions, changed one event after the other. Slow, obvious.
 */
final class HistoryModel {

  /** A row of a view: what a thing is like from a time on; {@code name} is null for a deletion. */
  record Event(int id, int at, String name, int note, String told) {
    Event(int id, int at, String name, int note) {
      this(id, at, name, note, name);
    }
  }

  /** A version as the table has it; {@code to} is null for an open end. */
  record Version(int from, Integer to, boolean deleted, String name, int note) {}

  /** Things that came, changed, stayed and went in a load. */
  record Tally(long inserted, long changed, long unchanged, long deleted) {}

  private static final class Span {
    int from;
    Integer to;
    String name;
    int note;
    boolean stored;
    String told;

    Span(int from, Integer to, String name, int note, boolean stored, String told) {
      this.from = from;
      this.to = to;
      this.name = name;
      this.note = note;
      this.stored = stored;
      this.told = told;
    }

    boolean holdsAt(int time) {
      return from <= time && (to == null || time < to);
    }
  }

  private final boolean tombstones;
  private final boolean removes;
  private final boolean ignoresLate;
  private Map<Integer, List<Version>> things = new TreeMap<>();

  HistoryModel(String onDelete, String lateRows) {
    tombstones = onDelete.equals("tombstone");
    removes = onDelete.equals("remove");
    ignoresLate = lateRows.equals("ignore");
  }

  /** The versions of all things, as text. */
  List<String> versions() {
    List<String> all = new ArrayList<>();
    things.forEach(
        (id, versions) ->
            versions.forEach(
                each ->
                    all.add(
                        "[%d,%s,%d,%d,%s,%b]"
                            .formatted(
                                id, each.name, each.note, each.from, each.to, each.to == null)
                            .concat(tombstones ? "" + each.deleted : ""))));
    return all;
  }

  /** The last time that the table knows; the least number of all if it has no version. */
  int lastTime() {
    return things.values().stream()
        .flatMap(List::stream)
        .mapToInt(each -> each.to == null ? each.from : each.to)
        .max()
        .orElse(Integer.MIN_VALUE);
  }

  Tally changes(List<Event> events) {
    return apply(events, null);
  }

  /** Rows of one time; what is not among them was not there then. */
  Tally snapshot(int time, List<Event> rows) {
    boolean late = time < lastTime();
    if (late && ignoresLate) {
      return new Tally(0, 0, 0, 0);
    }
    List<Event> events = new ArrayList<>(rows);
    things.forEach(
        (id, versions) -> {
          versions.stream()
              .filter(v -> !v.deleted && v.from <= time && (v.to == null || v.to > time))
              .filter(v -> rows.stream().noneMatch(row -> row.id() == id))
              .forEach(v -> events.add(new Event(id, time, null, v.note, v.name)));
        });
    Integer until =
        late
            ? things.values().stream()
                .flatMap(List::stream)
                .flatMap(
                    v -> v.to == null ? List.of(v.from).stream() : List.of(v.from, v.to).stream())
                .filter(moment -> moment > time)
                .min(Comparator.naturalOrder())
                .orElse(null)
            : null;
    return apply(events, until);
  }

  private Tally apply(List<Event> events, Integer until) {
    Map<Integer, List<Version>> after = new TreeMap<>(things);
    long inserted = 0;
    long changed = 0;
    long unchanged = 0;
    long deleted = 0;
    for (int id : new TreeSet<>(events.stream().map(Event::id).toList())) {
      List<Version> before = things.getOrDefault(id, List.of());
      List<Event> own =
          events.stream()
              .filter(each -> each.id() == id)
              .sorted(Comparator.comparing(Event::at))
              .toList();
      List<Version> now = load(before, own, until);
      boolean was = before.stream().anyMatch(v -> v.to == null && !v.deleted);
      boolean is = now.stream().anyMatch(v -> v.to == null && !v.deleted);
      if (now.equals(before)) {
        unchanged++;
      } else if (was == is) {
        changed++;
      } else if (is) {
        inserted++;
      } else {
        deleted++;
      }
      after.put(id, now);
    }
    things = after;
    return new Tally(inserted, changed, unchanged, deleted);
  }

  private List<Version> load(List<Version> before, List<Event> events, Integer until) {
    List<Span> spans = new ArrayList<>();
    int last = Integer.MIN_VALUE;
    for (Version each : before) {
      if (!spans.isEmpty() && last < each.from) {
        spans.add(new Span(last, each.from, null, 0, true, null));
      }
      spans.add(
          new Span(
              each.from, each.to, each.deleted ? null : each.name, each.note, true, each.name));
      last = each.to == null ? each.from : each.to;
    }
    if (!spans.isEmpty() && spans.get(spans.size() - 1).to != null) {
      spans.add(new Span(last, null, null, 0, true, null));
    }
    Integer removed = null;
    for (Event event : events) {
      if (ignoresLate && event.at() < last) {
        continue;
      }
      put(spans, event, until);
      removed = event.name() == null ? Integer.valueOf(event.at()) : removed;
    }
    merge(spans);
    List<Version> found = new ArrayList<>();
    for (Span span : spans) {
      boolean gone = span.name == null;
      boolean kept = !removes || removed == null || span.from >= removed;
      boolean first = span == spans.get(0) && !span.stored;
      if (kept && (!gone || tombstones && !first)) {
        found.add(new Version(span.from, span.to, gone, gone ? span.told : span.name, span.note));
      }
    }
    return found;
  }

  private void put(List<Span> spans, Event event, Integer until) {
    Span there = spans.stream().filter(s -> s.holdsAt(event.at())).findFirst().orElse(null);
    Integer next =
        spans.stream()
            .map(span -> span.from)
            .filter(from -> from > event.at())
            .min(Comparator.naturalOrder())
            .orElse(null);
    Integer to = there != null ? there.to : next;
    boolean restores = until != null && (to == null || until < to);
    if (there != null && Objects.equals(there.name, event.name())) {
      if (!restores && there.name != null) {
        there.note = event.note();
      }
      return;
    }
    if (there == null && event.name() == null) {
      return;
    }
    if (restores) {
      if (there != null) {
        spans.add(new Span(until, to, there.name, there.note, false, there.told));
      }
      to = until;
    }
    if (there != null && there.from == event.at()) {
      spans.remove(there);
    } else if (there != null) {
      there.to = event.at();
    }
    spans.add(new Span(event.at(), to, event.name(), event.note(), false, event.told()));
    spans.sort(Comparator.comparing(span -> span.from));
  }

  private static void merge(List<Span> spans) {
    for (int i = 1; i < spans.size(); ) {
      Span one = spans.get(i - 1);
      Span other = spans.get(i);
      boolean same = Objects.equals(one.to, other.from) && Objects.equals(one.name, other.name);
      if (same && !(one.stored && other.stored)) {
        one.to = other.to;
        one.note = one.name == null ? one.note : other.note;
        one.stored = other.stored;
        spans.remove(i);
      } else {
        i++;
      }
    }
  }
}
