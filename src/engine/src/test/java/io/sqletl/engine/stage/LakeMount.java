package io.sqletl.engine.stage;

import io.sqletl.engine.session.Lake;
import io.sqletl.engine.session.SparkSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/**
 * A lake as {@code s3a:} of the session that all tests share, with the committers of the engine's
 * own sessions.
 */
public final class LakeMount implements AutoCloseable {

  private static final String HADOOP = "spark.hadoop.";

  private final Lake lake;
  private final Map<String, String> settings = new HashMap<>();
  private final Map<String, String> hadoop = new HashMap<>();

  /**
   * Mounts it.
   *
   * @param more settings of Hadoop's, over those of a lake
   */
  public LakeMount(Path folder, Map<String, String> more) {
    lake = Lake.at(folder);
    lake.createBucket("lake");
    set(lake.hadoopConfiguration());
    set(more);
    SparkSettings.of("test", "k8s://x")
        .all()
        .forEach(
            (name, value) -> {
              if (name.startsWith(HADOOP)) {
                set(Map.of(name.substring(HADOOP.length()), value));
              } else if (name.contains("commit")) {
                settings.put(name, SqlJob.spark().conf().get(name, null));
                SqlJob.spark().conf().set(name, value);
              }
            });
  }

  private void set(Map<String, String> more) {
    Configuration configuration = SqlJob.spark().sparkContext().hadoopConfiguration();
    more.forEach(
        (name, value) -> {
          hadoop.putIfAbsent(name, configuration.get(name));
          configuration.set(name, value);
        });
  }

  /** The folder of this name, as a job names it. */
  public String uri(String name) {
    return "s3a://lake/" + name;
  }

  /** The folder of this name. */
  public Path path(String name) {
    return lake.folder().resolve("lake").resolve(name);
  }

  @Override
  public void close() {
    try {
      // Kept by Hadoop for whoever comes next, with the credentials of this lake
      FileSystem.get(URI.create(uri("")), SqlJob.spark().sparkContext().hadoopConfiguration())
          .close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    settings.forEach(
        (name, value) -> {
          if (value == null) {
            SqlJob.spark().conf().unset(name);
          } else {
            SqlJob.spark().conf().set(name, value);
          }
        });
    Configuration configuration = SqlJob.spark().sparkContext().hadoopConfiguration();
    hadoop.forEach(
        (name, value) -> {
          if (value == null) {
            configuration.unset(name);
          } else {
            configuration.set(name, value);
          }
        });
    lake.close();
  }
}
