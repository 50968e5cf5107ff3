package io.sqletl.engine.stage.function;

import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * SQL functions that a jar adds. Implementations are named in {@code
 * META-INF/services/io.sqletl.engine.stage.function.FunctionSet}.
 */
public interface FunctionSet {

  /**
   * Makes the functions known to a session, before the first stage of a run: with {@code
   * spark.udf().register(…)}, or with {@link CatalystFunctions} where a function can be an
   * expression of Spark's.
   */
  void register(SparkSession spark);

  /** The version for the log; what the jar's manifest says by default, or empty text. */
  default String version() {
    String version = getClass().getPackage().getImplementationVersion();
    return version == null ? "" : version;
  }

  /**
   * Functions that should not be used any more, and what to use in their place; a SQLTransform that
   * calls one is warned about.
   */
  default Map<String, String> deprecations() {
    return Map.of();
  }
}
