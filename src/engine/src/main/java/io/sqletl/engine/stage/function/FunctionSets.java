package io.sqletl.engine.stage.function;

import io.sqletl.engine.stage.plugin.PluginException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.SparkSession;
import scala.jdk.javaapi.CollectionConverters;

/** The function sets on the class path. */
public final class FunctionSets {

  private final List<FunctionSet> sets;

  private FunctionSets(List<FunctionSet> sets) {
    this.sets = sets;
  }

  /**
   * Finds them.
   *
   * @throws PluginException if a jar names a class that cannot be loaded
   */
  public static FunctionSets load() {
    List<FunctionSet> sets = new ArrayList<>();
    try {
      ServiceLoader.load(FunctionSet.class).forEach(sets::add);
    } catch (ServiceConfigurationError e) {
      throw new PluginException(
          "A jar on the class path names a FunctionSet that cannot be loaded: " + e.getMessage(),
          e);
    }
    return new FunctionSets(sets);
  }

  /**
   * Makes all functions known to a session.
   *
   * @return the functions that each set added, by the set's class and version
   */
  public Map<String, List<String>> register(SparkSession spark) {
    Map<String, List<String>> added = new LinkedHashMap<>();
    for (FunctionSet set : sets) {
      Set<String> before = names(spark);
      set.register(spark);
      Set<String> after = names(spark);
      after.removeAll(before);
      added.put(set.getClass().getName() + ":" + set.version(), List.copyOf(after));
    }
    return added;
  }

  private static Set<String> names(SparkSession spark) {
    Set<String> names = new TreeSet<>();
    CollectionConverters.asJava(
            ((org.apache.spark.sql.classic.SparkSession) spark)
                .sessionState()
                .functionRegistry()
                .listFunction())
        .forEach(identifier -> names.add(identifier.funcName()));
    return names;
  }

  /** The functions that should not be used any more, and what to use in their place. */
  public Map<String, String> deprecations() {
    Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    sets.forEach(set -> all.putAll(set.deprecations()));
    return all;
  }
}
