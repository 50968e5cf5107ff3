package io.sqletl.engine.stage.files;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;

/** Names of files where Spark takes names for patterns. */
public final class PathPattern {

  private static final Pattern NAMED =
      Pattern.compile("(?<=^|/)([^/*?\\[\\]{}\\\\]*)\\{([^/*?\\[\\]{}]*)}(?=[^/*?\\[\\]]*(/|$))");

  private static final int MOST = 50;

  private PathPattern() {}

  /** The pattern that this file alone matches, whatever signs are in its name. */
  public static String literal(Path file) {
    return file.toString().replaceAll("([\\\\{}\\[\\]*?])", "\\\\$1");
  }

  /**
   * The patterns that a pattern with alternatives in braces stands for.
   *
   * @return those of braces in a name without other wildcards, of which each is meant to be there;
   *     empty without such
   */
  public static List<String> alternatives(String pattern) {
    Matcher braces = NAMED.matcher(pattern);
    if (!braces.find()) {
      return List.of();
    }
    List<String> found = new ArrayList<>();
    for (String one : braces.group(2).split(",", -1)) {
      String name =
          pattern.substring(0, braces.start(2) - 1) + one + pattern.substring(braces.end(2) + 1);
      List<String> within = alternatives(name);
      found.addAll(within.isEmpty() ? List.of(name) : within);
      if (found.size() > MOST) {
        return List.of();
      }
    }
    return found;
  }
}
