package io.sqletl.engine.stage;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What the stages and plugins of one run leave for those that come after them. */
public final class JobState {

  private final Map<String, Outcome> outcomes = new HashMap<>();
  private final Map<String, Object> data = new ConcurrentHashMap<>();
  private final Map<String, List<String>> firstRecords = new HashMap<>();
  private final Map<String, List<String>> describedNames = new HashMap<>();
  private final Set<String> configuredBy = new LinkedHashSet<>();
  private Config configuration = ConfigFactory.empty();

  /**
   * What a ControlFlowExecute found.
   *
   * @param proceeds whether the job goes on
   * @param message why, for the log: a string, map or list; null for none
   */
  public record Outcome(boolean proceeds, Object message) {}

  /** Leaves an outcome; a later one under the same key counts. */
  public void outcome(String key, Outcome outcome) {
    outcomes.put(key, outcome);
  }

  /** The outcome under a key, if a stage left one. */
  public Optional<Outcome> outcome(String key) {
    return Optional.ofNullable(outcomes.get(key));
  }

  /**
   * Says what the first record of a view is whose columns have no names, as the file has it.
   *
   * @param values empty where the columns have names, or there is no record
   */
  public void firstRecord(String view, List<String> values) {
    firstRecords.put(view, values);
  }

  /** What the first record of a view is; empty when that is not known. */
  public List<String> firstRecord(String view) {
    return firstRecords.getOrDefault(view, List.of());
  }

  /**
   * Says how the schema of an extract names the columns of its view, which have no names of their
   * own.
   *
   * @param names in the order of the columns; empty where they have names, or there is no schema
   */
  public void describedNames(String view, List<String> names) {
    describedNames.put(view, names);
  }

  /** How a schema names the columns of a view; empty when that is not known. */
  public List<String> describedNames(String view) {
    return describedNames.getOrDefault(view, List.of());
  }

  /** Whether nobody asked this of the run before, for what is told once. */
  public boolean isFirst(String what) {
    return data.putIfAbsent("first: " + what, true) == null;
  }

  /**
   * Sets variables for the lazy stages that follow; they count before all others.
   *
   * @param stage the name of the stage that sets them, for messages
   */
  public void configure(Config variables, String stage) {
    configuration = variables.withFallback(configuration);
    configuredBy.add(stage);
  }

  /** The names of the stages that set variables, in order. */
  public Set<String> configuredBy() {
    return Collections.unmodifiableSet(configuredBy);
  }

  /** The variables that stages set. */
  public Config configuration() {
    return configuration;
  }

  /** A place for plugins to keep what they need from stage to stage, by keys of their own. */
  public Map<String, Object> data() {
    return data;
  }
}
