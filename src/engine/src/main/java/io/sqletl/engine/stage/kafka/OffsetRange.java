package io.sqletl.engine.stage.kafka;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/**
 * A stretch of a topic.
 *
 * @param topic its name
 * @param from of each partition the first offset
 * @param to of each partition the offset behind the last
 */
public record OffsetRange(String topic, Map<Integer, Long> from, Map<Integer, Long> to) {

  public OffsetRange {
    from = new TreeMap<>(from);
    to = new TreeMap<>(to);
  }

  /** How many offsets they are. */
  public long count() {
    return from.keySet().stream().mapToLong(this::count).sum();
  }

  private long count(int partition) {
    return to.get(partition) - from.get(partition);
  }

  /** The same from the beginning on, with so many offsets at most, evenly from all partitions. */
  public OffsetRange limited(long most) {
    Map<Integer, Long> end = new TreeMap<>();
    List<Integer> shortestFirst =
        from.keySet().stream().sorted(Comparator.comparingLong(this::count)).toList();
    long left = most;
    int partitions = shortestFirst.size();
    for (int partition : shortestFirst) {
      // The first partitions get what is left over of the division
      long share = Math.min(count(partition), (left + partitions - 1) / partitions);
      end.put(partition, from.get(partition) + share);
      left -= share;
      partitions--;
    }
    return new OffsetRange(topic, from, end);
  }

  /** Which partitions, as Spark takes it. */
  public String partitionsJson() {
    return "{\""
        + topic
        + "\":["
        + from.keySet().stream().map(String::valueOf).collect(Collectors.joining(","))
        + "]}";
  }

  public String fromJson() {
    return json(topic, from);
  }

  public String toJson() {
    return json(topic, to);
  }

  /** The names of topics have letters, digits, dots and dashes only, so nothing is escaped. */
  private static String json(String topic, Map<Integer, Long> offsets) {
    return offsets.entrySet().stream()
        .map(entry -> "\"" + entry.getKey() + "\":" + entry.getValue())
        .collect(Collectors.joining(",", "{\"" + topic + "\":{", "}}"));
  }

  /** What a group that has read it all commits. */
  public Map<TopicPartition, Long> next() {
    return to.entrySet().stream()
        .collect(
            Collectors.toMap(
                entry -> new TopicPartition(topic, entry.getKey()), Map.Entry::getValue));
  }
}
