package io.sqletl.engine.session;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Settings of Spark for a size of data on one machine. A job gives the same result under each.
 *
 * <p>What small data waits for is planning, compiling and starting tasks, not reading: a Delta
 * merge of a hundred rows runs some hundred tasks under Spark's own settings, and compiles code for
 * each of its plans.
 */
public enum Profile {
  /** Few partitions, plans run as they are planned. */
  SMALL {
    @Override
    public Map<String, String> settings(int cores) {
      Map<String, String> settings = new LinkedHashMap<>();
      settings.put("spark.sql.shuffle.partitions", String.valueOf(Math.min(cores, 4)));
      settings.put("spark.sql.adaptive.enabled", "false");
      settings.put("spark.databricks.delta.snapshotPartitions", "1");
      return settings;
    }
  },
  /** Enough partitions for every core, plans that adapt. */
  LARGE {
    @Override
    public Map<String, String> settings(int cores) {
      Map<String, String> settings = new LinkedHashMap<>();
      settings.put("spark.sql.shuffle.partitions", String.valueOf(Math.max(16, 4 * cores)));
      settings.put("spark.databricks.delta.snapshotPartitions", String.valueOf(cores));
      return settings;
    }
  };

  /** Up to here few partitions and no adapting pay, measured on two cores. */
  private static final long SMALL_UP_TO_BYTES = 100L << 20;

  /** Up to here a stage's plans cost more to compile than to interpret. */
  private static final long INTERPRETED_UP_TO_BYTES = 2L << 20;

  /** The profile for inputs of this size. */
  public static Profile forInputBytes(long bytes) {
    return bytes <= SMALL_UP_TO_BYTES ? SMALL : LARGE;
  }

  /**
   * The settings of a session.
   *
   * @param cores how many tasks run at a time
   */
  public abstract Map<String, String> settings(int cores);

  /**
   * The settings for one stage: whether Spark compiles its plans or interprets them.
   *
   * @param bytes the size of what the stage reads
   */
  public Map<String, String> stageSettings(long bytes) {
    boolean interpreted = this == SMALL && bytes <= INTERPRETED_UP_TO_BYTES;
    return Map.of(
        "spark.sql.codegen.wholeStage",
        String.valueOf(!interpreted),
        "spark.sql.codegen.factoryMode",
        interpreted ? "NO_CODEGEN" : "FALLBACK");
  }
}
