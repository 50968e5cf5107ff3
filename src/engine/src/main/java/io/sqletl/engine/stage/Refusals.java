package io.sqletl.engine.stage;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import io.sqletl.engine.job.Refusal;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the job format knows and this engine refuses by name, with the reason and what to do
 * instead; the list is the resource {@code refusals.conf} beside this class.
 */
public final class Refusals {

  private final Map<String, Refusal> types = new TreeMap<>();
  private final Map<String, Map<String, Refusal>> keys = new TreeMap<>();
  private final Map<String, Refusal> plugins = new TreeMap<>();

  private Refusals(Config list) {
    types.putAll(refusals(list.getObject("types")));
    plugins.putAll(refusals(list.getObject("plugins")));
    list.getObject("keys")
        .forEach((type, refused) -> keys.put(type, refusals((ConfigObject) refused)));
  }

  /** The engine's own list. */
  public static Refusals load() {
    return new Refusals(
        ConfigFactory.parseResources(
            Refusals.class, "refusals.conf", ConfigParseOptions.defaults().setAllowMissing(false)));
  }

  private static Map<String, Refusal> refusals(ConfigObject object) {
    Map<String, Refusal> refusals = new TreeMap<>();
    object.forEach(
        (name, value) -> {
          Config refusal = ((ConfigObject) value).toConfig();
          refusals.put(
              name, new Refusal(refusal.getString("reason"), refusal.getString("instead")));
        });
    return refusals;
  }

  /** The refused types of stage, by name. */
  public Map<String, Refusal> types() {
    return types;
  }

  /** The refusal of a type, by what a job file says: see {@link StageTypes#find}. */
  public Optional<Refusal> type(String name) {
    return Optional.ofNullable(types.get(StageTypes.simpleName(name)));
  }

  /** The refused keys of a type of stage that there is, by name; within an object {@code a.b}. */
  public Map<String, Refusal> keys(String type) {
    return keys.getOrDefault(type, Map.of());
  }

  /** The types of which keys are refused. */
  public Map<String, Map<String, Refusal>> keys() {
    return keys;
  }

  /** The refused plugins of a job file, by name. */
  public Map<String, Refusal> plugins() {
    return plugins;
  }
}
