package io.sqletl.engine.kernel;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What a kernel is started with.
 *
 * @param lake the folder whose sub-folders are the buckets of {@code s3a:}; empty for S3 itself
 * @param master Spark's master, unless the environment or the notebook says another
 * @param settings settings of Spark's, over all others
 * @param environment the process environment
 */
public record KernelOptions(
    Optional<Path> lake,
    String master,
    Map<String, String> settings,
    Map<String, String> environment) {

  public KernelOptions {
    settings = Map.copyOf(settings);
    environment = Map.copyOf(environment);
  }
}
