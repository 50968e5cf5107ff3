package io.sqletl.engine.job;

import java.util.Objects;

/**
 * What a run allows and wants of every stage; Arc's options of the same names.
 *
 * @param environment only stages that list it run
 * @param allEnvironments whether stages run whatever they list
 * @param streaming whether files are read as streams
 * @param immutableViews whether a second stage that makes a view of the same name fails
 * @param storageLevel Spark's storage level for {@code persist}
 * @param inlineSql whether SQL may stand in the job itself
 * @param inlineSchema whether a schema may stand in the job itself
 * @param notebooks whether the job may be a notebook
 * @param dropUnsupported whether loads leave out columns of types that their format lacks
 */
public record JobOptions(
    String environment,
    boolean allEnvironments,
    boolean streaming,
    boolean immutableViews,
    String storageLevel,
    boolean inlineSql,
    boolean inlineSchema,
    boolean notebooks,
    boolean dropUnsupported) {

  public static final String DEFAULT_STORAGE_LEVEL = "MEMORY_AND_DISK_SER";

  public JobOptions {
    Objects.requireNonNull(environment, "environment");
    Objects.requireNonNull(storageLevel, "storageLevel");
  }

  /** Arc's defaults, with an environment. */
  public static JobOptions forEnvironment(String environment) {
    return new JobOptions(
        environment, false, false, false, DEFAULT_STORAGE_LEVEL, true, true, true, true);
  }
}
