package io.sqletl.engine.stage.files;

import org.apache.hadoop.fs.Path;

/** Names of files where Spark takes names for patterns. */
public final class PathPattern {

  private PathPattern() {}

  /** The pattern that this file alone matches, whatever signs are in its name. */
  public static String literal(Path file) {
    return file.toString().replaceAll("([\\\\{}\\[\\]*?])", "\\\\$1");
  }
}
