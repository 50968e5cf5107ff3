package io.sqletl.engine.session;

import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Where Spark writes what happens in a run, for the history server. */
public final class EventLog {

  private static final String HADOOP = "spark.hadoop.";
  private static final String ENABLED = "spark.eventLog.enabled";
  private static final String LISTENERS = "spark.extraListeners";

  private EventLog() {}

  /**
   * Spark's settings for it.
   *
   * @param folder the folder that the history server reads
   */
  public static Map<String, String> settings(String folder) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put(ENABLED, "true");
    settings.put("spark.eventLog.dir", folder);
    settings.put("spark.eventLog.compress", "true");
    // An object of S3 is there only when it is closed: in parts, a run can be watched and a killed
    // one be read up to its last part
    settings.put("spark.eventLog.rolling.enabled", "true");
    settings.put("spark.eventLog.rolling.maxFileSize", "10m");
    return settings;
  }

  /**
   * What makes {@link RedactedEventLog} write the log in place of Spark, wherever one is asked for,
   * by {@code --conf spark.eventLog.enabled=true} too.
   */
  static Map<String, String> redacted(Map<String, String> settings) {
    if (!Boolean.parseBoolean(settings.get(ENABLED))) {
      return Map.of();
    }
    Map<String, String> own = new LinkedHashMap<>();
    own.put(ENABLED, "false");
    own.put(
        LISTENERS,
        (settings.containsKey(LISTENERS) ? settings.get(LISTENERS) + "," : "")
            + RedactedEventLog.class.getName());
    return own;
  }

  /**
   * Makes the folder, without which Spark does not start: a bucket has none at first.
   *
   * @param settings the settings of the session, by which the folder is reached
   * @throws IOException if it cannot be written
   */
  public static void createFolder(String folder, Map<String, String> settings) throws IOException {
    Configuration hadoop = new Configuration();
    settings.forEach(
        (name, value) -> {
          if (name.startsWith(HADOOP)) {
            hadoop.set(name.substring(HADOOP.length()), value);
          }
        });
    try (FileSystem files = FileSystem.newInstance(URI.create(folder), hadoop)) {
      files.mkdirs(new Path(folder));
    }
  }
}
