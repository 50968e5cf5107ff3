package io.sqletl.engine.run;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.sqletl.engine.job.Block;
import io.sqletl.engine.job.JobOptions;
import io.sqletl.engine.job.Variables;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keys of a block taken one by one, so that what stands beside a key does not matter: a stage of
 * another environment may hold anything.
 */
final class BlockKeys {

  private static final String ENVIRONMENTS = "environments";

  private final Block block;
  private final Variables variables;

  BlockKeys(Block block, Variables variables) {
    this.block = block;
    this.variables = variables;
  }

  /** Whether the block counts in this run. */
  boolean isActive(JobOptions options) {
    if (options.allEnvironments() || environments().contains(options.environment())) {
      return true;
    }
    ConfigValue written = block.object().get(ENVIRONMENTS);
    // The binder says what is wrong with it
    return written != null && written.valueType() == ConfigValueType.STRING;
  }

  /**
   * The block as one that does not count here.
   *
   * @param untyped what it is called when it says no type
   */
  SkippedStage skipped(String untyped) {
    String type = text("type").orElse(untyped);
    return new SkippedStage(block, type, text("name").orElse(type), environments());
  }

  private List<String> environments() {
    try {
      return resolve(ENVIRONMENTS)
          .map(config -> config.getStringList(ENVIRONMENTS))
          .orElse(List.of());
    } catch (ConfigException.WrongType e) {
      return List.of();
    }
  }

  /** A text; nothing if the key is not there, does not resolve, or is no text. */
  Optional<String> text(String key) {
    return resolve(key).flatMap(config -> text(config, key));
  }

  /** A text of keys that are resolved; nothing if the key is not there or is no text. */
  static Optional<String> text(Config config, String key) {
    String quoted = ConfigUtil.quoteString(key);
    return config.hasPath(quoted) && config.getValue(quoted).valueType() == ConfigValueType.STRING
        ? Optional.of(config.getString(quoted))
        : Optional.empty();
  }

  /** The key alone; nothing if it is not there or does not resolve. */
  Optional<Config> resolve(String key) {
    if (block.object().get(key) == null) {
      return Optional.empty();
    }
    Block alone =
        new Block(
            block.index(), block.source(), block.line(), block.object().withOnlyKey(key), Map.of());
    return variables.resolve(alone, problem -> {});
  }
}
