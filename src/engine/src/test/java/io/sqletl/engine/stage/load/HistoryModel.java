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
  record Event(int id, int at, String name, int note) {}

  /**
   * A version as the table has it.
   *
   * @param to null for an open end
   * @param name what makes a version; that of a tombstone is the last that was known
   * @param note what is changed in place
   * @param noteAt of which time the note is
   */
  record Version(int from, Integer to, boolean deleted, String name, int note, int noteAt) {
    boolean holdsAt(int time) {
      return from <= time && (to == null || time < to);
    }

    boolean isSeenAs(Version other) {
      return from == other.from
          && Objects.equals(to, other.to)
          && deleted == other.deleted
          && Objects.equals(name, other.name)
          && note == other.note;
    }
  }

  /** Things that came, changed, stayed and went in a load, and rows that were passed over. */
  record Tally(long inserted, long changed, long unchanged, long deleted, long ignored) {}

  /** A stretch of time in which a thing is so; {@code name} is null where it is not there. */
  private static final class Span {
    int from;
    Integer to;
    String name;
    boolean stored;
    Version tombstone;

    Span(int from, Integer to, String name, boolean stored, Version tombstone) {
      this.from = from;
      this.to = to;
      this.name = name;
      this.stored = stored;
      this.tombstone = tombstone;
    }

    boolean holdsAt(int time) {
      return from <= time && (to == null || time < to);
    }
  }

  private final boolean tombstones;
  private final boolean removes;
  private final boolean ignoresLate;
  private final boolean tellsTime;
  private Map<Integer, List<Version>> things = new TreeMap<>();

  /**
   * @param tellsTime whether the table has the column of the sequence, so that it knows of which
   *     time a note is
   */
  HistoryModel(String onDelete, String lateRows, boolean tellsTime) {
    tombstones = onDelete.equals("tombstone");
    removes = onDelete.equals("remove");
    ignoresLate = lateRows.equals("ignore");
    this.tellsTime = tellsTime;
  }

  /** The versions of all things, as text. */
  List<String> versions() {
    List<String> all = new ArrayList<>();
    things.forEach(
        (id, versions) ->
            versions.forEach(
                each ->
                    all.add(
                        "[%d,%s,%d,%d,%s%s]"
                            .formatted(
                                id,
                                each.name,
                                each.note,
                                each.from,
                                each.to,
                                tombstones ? "," + each.deleted : ""))));
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

  /** Whether a row is older than what the table knows of its thing. */
  boolean isLate(Event event) {
    return event.at() < lastTime(things.getOrDefault(event.id(), List.of()));
  }

  private static int lastTime(List<Version> versions) {
    return versions.stream()
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
      return new Tally(0, 0, 0, 0, rows.size());
    }
    List<Event> events = new ArrayList<>(rows);
    things.forEach(
        (id, versions) ->
            versions.stream()
                .filter(v -> !v.deleted && v.holdsAt(time))
                .filter(v -> rows.stream().noneMatch(row -> row.id() == id))
                .forEach(v -> events.add(new Event(id, time, null, v.note))));
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
    long ignored = 0;
    for (int id : new TreeSet<>(events.stream().map(Event::id).toList())) {
      List<Version> before = things.getOrDefault(id, List.of());
      List<Event> own =
          events.stream()
              .filter(each -> each.id() == id)
              .sorted(Comparator.comparing(Event::at))
              .toList();
      List<Event> counting = ignoresLate ? counting(before, own) : own;
      ignored += own.size() - counting.size();
      List<Version> now =
          load(before, counting, until, counting.size() < own.size() ? line(before, own) : null);
      boolean was = before.stream().anyMatch(v -> v.to == null && !v.deleted);
      boolean is = now.stream().anyMatch(v -> v.to == null && !v.deleted);
      if (isSame(before, now)) {
        now = before;
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
    return new Tally(inserted, changed, unchanged, deleted, ignored);
  }

  private static boolean isSame(List<Version> before, List<Version> now) {
    boolean same = before.size() == now.size();
    for (int i = 0; same && i < now.size(); i++) {
      same = before.get(i).isSeenAs(now.get(i));
    }
    return same;
  }

  private static List<Event> counting(List<Version> before, List<Event> events) {
    Integer line = line(before, events);
    return events.stream().filter(each -> line == null || each.at() >= line).toList();
  }

  /** Rows before it are late. A version that is deleted as it begins does not count. */
  private static Integer line(List<Version> before, List<Event> events) {
    if (before.isEmpty()) {
      return null;
    }
    int last = lastTime(before);
    Integer end =
        before.stream()
            .filter(v -> !v.deleted && v.to != null)
            .map(Version::to)
            .max(Comparator.naturalOrder())
            .orElse(null);
    boolean deletedThen = events.stream().anyMatch(e -> e.at() == last && e.name() == null);
    return deletedThen && (end == null || end < last) ? end : Integer.valueOf(last);
  }

  private List<Version> load(
      List<Version> before, List<Event> events, Integer until, Integer line) {
    List<Span> spans = new ArrayList<>();
    int last = Integer.MIN_VALUE;
    for (Version each : before) {
      if (!spans.isEmpty() && last < each.from) {
        spans.add(new Span(last, each.from, null, true, null));
      }
      spans.add(
          each.deleted
              ? new Span(each.from, each.to, null, true, each)
              : new Span(each.from, each.to, each.name, true, null));
      last = each.to == null ? each.from : each.to;
    }
    if (!spans.isEmpty() && spans.get(spans.size() - 1).to != null) {
      spans.add(new Span(last, null, null, true, null));
    }
    Integer removed = null;
    for (Event event : events) {
      put(spans, event, until);
      removed = event.name() == null ? Integer.valueOf(event.at()) : removed;
    }
    merge(spans, line, events);
    List<Version> found = new ArrayList<>();
    for (Span span : spans) {
      if (removes && removed != null && span.from < removed) {
        continue;
      }
      if (span.name != null) {
        found.add(version(span, before, events, until));
      } else if (tombstones) {
        tombstone(span, before, events, found).ifPresent(found::add);
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
      return;
    }
    if (there == null && event.name() == null) {
      return;
    }
    if (restores) {
      // What was not known then is not there
      spans.add(
          there == null
              ? new Span(until, to, null, false, null)
              : new Span(until, to, there.name, false, there.tombstone));
      to = until;
    }
    if (there != null && there.from == event.at()) {
      spans.remove(there);
    } else if (there != null) {
      there.to = event.at();
    }
    spans.add(new Span(event.at(), to, event.name(), false, null));
    spans.sort(Comparator.comparing(span -> span.from));
  }

  private static void merge(List<Span> spans, Integer line, List<Event> events) {
    for (int i = 1; i < spans.size(); ) {
      Span one = spans.get(i - 1);
      Span other = spans.get(i);
      boolean same = Objects.equals(one.to, other.from) && Objects.equals(one.name, other.name);
      boolean stays =
          Objects.equals(other.from, line)
              && other.name != null
              && events.stream().anyMatch(each -> each.at() == other.from);
      if (same && !(one.stored && other.stored) && !stays) {
        one.to = other.to;
        one.stored = other.stored;
        spans.remove(i);
      } else {
        i++;
      }
    }
  }

  /** What a note is told by, and how much that counts at one time. */
  private record Note(int at, int rank, int note, int noteAt) {}

  private Version version(Span span, List<Version> before, List<Event> events, Integer until) {
    List<Note> notes = new ArrayList<>();
    for (Version each : before) {
      boolean isOfIt = !each.deleted && each.name.equals(span.name);
      if (isOfIt && span.holdsAt(each.from)) {
        int at = tellsTime && until == null ? each.noteAt : each.from;
        notes.add(new Note(at, 1, each.note, each.noteAt));
      }
      if (isOfIt && until != null && span.holdsAt(until) && each.holdsAt(until)) {
        notes.add(new Note(until, 0, each.note, each.noteAt));
      }
    }
    for (Event each : events) {
      if (span.holdsAt(each.at()) && each.name() != null) {
        notes.add(new Note(each.at(), 2, each.note(), each.at()));
      }
    }
    Comparator<Note> order = Comparator.comparing(Note::at);
    order =
        tellsTime || until != null
            ? order.thenComparing(Note::rank)
            : Comparator.comparing(Note::rank).thenComparing(order);
    Note note = notes.stream().max(order).orElseThrow();
    return new Version(span.from, span.to, false, span.name, note.note, note.noteAt);
  }

  private static java.util.Optional<Version> tombstone(
      Span span, List<Version> before, List<Event> events, List<Version> found) {
    Version there = before.stream().filter(each -> each.from == span.from).findFirst().orElse(null);
    Event event = events.stream().filter(e -> e.at() == span.from).findFirst().orElse(null);
    Version previous =
        found.stream().filter(each -> !each.deleted).reduce((a, b) -> b).orElse(null);
    Version known = there != null ? there : span.tombstone != null ? span.tombstone : previous;
    if (known == null) {
      return java.util.Optional.empty();
    }
    int note = event != null ? event.note() : known.note;
    return java.util.Optional.of(
        new Version(span.from, span.to, true, known.name, note, span.from));
  }
}
