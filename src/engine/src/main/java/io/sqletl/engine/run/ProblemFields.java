package io.sqletl.engine.run;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.sqletl.engine.job.Block;
import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.JobSource;
import io.sqletl.engine.job.Position;
import io.sqletl.engine.job.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Problems as the log tells them: stage by stage with their keys, as Arc does, and more. */
final class ProblemFields {

  /** What Arc calls the place of a problem that belongs to no key of a stage, and to no stage. */
  private static final String STAGES = "stages";

  private static final String FILE = "file";

  private ProblemFields() {}

  /** The fields of a warning. */
  static Map<String, Object> warning(Problem problem, JobSource job) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("event", problem.code() == ErrorCode.DEPRECATED ? "deprecation" : "validateConfig");
    fields.put("code", problem.code().name());
    job.blockAt(problem.position())
        .ifPresent(
            block -> {
              fields.put("type", text(block, "type").orElse(null));
              fields.put("name", text(block, "name").orElse(null));
            });
    fields.put("message", problem.headline());
    return fields;
  }

  /**
   * The reason of a job that is wrong.
   *
   * @param job what was read of it; null when that is nothing
   */
  static List<Object> reason(List<Problem> problems, JobSource job) {
    Map<Object, Map<String, Object>> entries = new LinkedHashMap<>();
    for (Problem problem : problems) {
      Optional<Block> block = job == null ? Optional.empty() : job.blockAt(problem.position());
      if (block.isPresent()) {
        Map<String, Object> entry =
            entries.computeIfAbsent(block.get().index(), index -> entry(block.get()));
        @SuppressWarnings("unchecked")
        List<Object> errors = (List<Object>) entry.get("errors");
        errors.add(error(problem, attribute(block.get(), problem.position())));
      } else {
        entries.put(problem, error(problem, FILE));
      }
    }
    return new ArrayList<>(entries.values());
  }

  private static Map<String, Object> entry(Block block) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("stageIndex", block.index());
    entry.put("stage", text(block, "name").orElse("unnamed stage"));
    entry.put("lineNumber", block.line());
    entry.put("errors", new ArrayList<>());
    return entry;
  }

  private static Map<String, Object> error(Problem problem, String attribute) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("attribute", attribute);
    if (problem.position() != null) {
      error.put("lineNumber", problem.position().line());
      error.put("file", problem.position().source().file());
      error.put("cell", problem.position().source().cell());
    }
    error.put("code", problem.code().name());
    error.put("message", problem.message());
    error.put("remedy", problem.remedy());
    return error;
  }

  /** The key at a place of a stage. */
  private static String attribute(Block block, Position position) {
    return block.object().keySet().stream()
        .filter(
            key ->
                block.position(key).equals(position) || block.valuePosition(key).equals(position))
        .filter(key -> !block.position(key).equals(block.position()))
        .findFirst()
        .orElse(STAGES);
  }

  private static Optional<String> text(Block block, String key) {
    ConfigValue value = block.object().get(key);
    try {
      return value != null && value.valueType() == ConfigValueType.STRING
          ? Optional.of((String) value.unwrapped())
          : Optional.empty();
    } catch (ConfigException.NotResolved e) {
      return Optional.empty(); // A variable
    }
  }
}
