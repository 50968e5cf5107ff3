package io.sqletl.engine.kernel;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.JobException;
import io.sqletl.engine.job.NearestName;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.job.SourceText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How results are shown, by Arc's names: each may be set for the process ({@code CONF_NUM_ROWS}),
 * for a notebook ({@code %conf}) and for a cell.
 *
 * @param master Spark's master
 * @param numRows rows shown of a result
 * @param truncate characters shown of a value; 0 or less for all
 * @param streaming whether files are read as streams
 * @param streamingDuration how long a stream is shown, in seconds
 * @param monospace whether values are set in a fixed-width face
 * @param leftAlign whether numbers stand on the left too
 * @param datasetLabels whether a result is headed by its view
 * @param showLog whether the cell's last entry in the log is shown
 * @param extendedErrors whether the messages of all causes are shown
 */
record DisplaySettings(
    String master,
    int numRows,
    int truncate,
    boolean streaming,
    int streamingDuration,
    boolean monospace,
    boolean leftAlign,
    boolean datasetLabels,
    boolean showLog,
    boolean extendedErrors) {

  /** What a cell of its own may say. */
  static final List<String> OF_A_CELL =
      List.of(
          "numRows",
          "truncate",
          "streamingDuration",
          "monospace",
          "leftAlign",
          "datasetLabels",
          "showLog");

  /** What {@code %conf} may say. */
  static final List<String> NAMES =
      List.of(
          "master",
          "numRows",
          "truncate",
          "streaming",
          "streamingDuration",
          "monospace",
          "leftAlign",
          "datasetLabels",
          "showLog",
          "extendedErrors");

  /** Older names, which published notebooks carry. */
  private static final Map<String, String> OLD_NAMES = Map.of("logger", "showLog");

  static DisplaySettings of(Map<String, String> environment, String master) {
    DisplaySettings settings =
        new DisplaySettings(
            environment.getOrDefault("CONF_MASTER", master),
            20,
            50,
            false,
            10,
            false,
            false,
            false,
            false,
            false);
    Map<String, String> told = new LinkedHashMap<>();
    put(told, "numRows", environment.get("CONF_NUM_ROWS"));
    put(told, "truncate", environment.get("CONF_TRUNCATE"));
    put(told, "streamingDuration", environment.get("CONF_STREAMING_DURATION"));
    put(told, "monospace", environment.get("CONF_DISPLAY_MONOSPACE"));
    put(told, "leftAlign", environment.get("CONF_DISPLAY_LEFT_ALIGN"));
    put(told, "datasetLabels", environment.get("CONF_DISPLAY_DATASET_LABELS"));
    put(told, "showLog", environment.get("CONF_SHOW_LOG"));
    put(told, "extendedErrors", environment.get("CONF_DISPLAY_EXTENDED_ERRORS"));
    return settings.with(told, NAMES, SourceText.ofFile("environment", ""));
  }

  private static void put(Map<String, String> told, String name, String value) {
    if (value != null && !value.isBlank()) {
      told.put(name, value);
    }
  }

  /**
   * These with others over them.
   *
   * @param allowed names that count; others are refused
   * @param source where they stand
   * @throws JobException with everything that is wrong
   */
  DisplaySettings with(Map<String, String> changes, List<String> allowed, SourceText source) {
    DisplaySettings changed = this;
    List<Problem> problems = new java.util.ArrayList<>();
    for (Map.Entry<String, String> change : changes.entrySet()) {
      String name = OLD_NAMES.getOrDefault(change.getKey(), change.getKey());
      if (!allowed.contains(name)) {
        Problem unknown =
            Problem.of(
                ErrorCode.UNKNOWN_KEY,
                source.find(1, change.getKey()),
                "There is no setting \"" + change.getKey() + "\"");
        problems.add(
            unknown.withRemedy(
                NearestName.question(name, allowed)
                    .orElse("the settings are " + String.join(", ", allowed))));
        continue;
      }
      try {
        changed = changed.with(name, change.getValue().strip());
      } catch (IllegalArgumentException e) {
        problems.add(
            Problem.of(
                ErrorCode.WRONG_TYPE,
                source.find(1, change.getKey()),
                "\"" + name + "\" must be " + e.getMessage() + ", not " + change.getValue()));
      }
    }
    if (!problems.isEmpty()) {
      throw new JobException(problems);
    }
    return changed;
  }

  private DisplaySettings with(String name, String value) {
    Map<String, Object> values = values();
    Object before = values.get(name);
    if (before instanceof Integer) {
      values.put(name, integer(value));
    } else if (before instanceof Boolean) {
      values.put(name, flag(value));
    } else {
      values.put(name, value);
    }
    return new DisplaySettings(
        (String) values.get("master"),
        (Integer) values.get("numRows"),
        (Integer) values.get("truncate"),
        (Boolean) values.get("streaming"),
        (Integer) values.get("streamingDuration"),
        (Boolean) values.get("monospace"),
        (Boolean) values.get("leftAlign"),
        (Boolean) values.get("datasetLabels"),
        (Boolean) values.get("showLog"),
        (Boolean) values.get("extendedErrors"));
  }

  /** The settings by name, in the order of {@link #NAMES}. */
  Map<String, Object> values() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("master", master);
    values.put("numRows", numRows);
    values.put("truncate", truncate);
    values.put("streaming", streaming);
    values.put("streamingDuration", streamingDuration);
    values.put("monospace", monospace);
    values.put("leftAlign", leftAlign);
    values.put("datasetLabels", datasetLabels);
    values.put("showLog", showLog);
    values.put("extendedErrors", extendedErrors);
    return values;
  }

  private static int integer(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("a whole number", e);
    }
  }

  private static boolean flag(String text) {
    return switch (text.toLowerCase(java.util.Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("true or false");
    };
  }
}
