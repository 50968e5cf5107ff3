package io.sqletl.engine.stage.files;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;

/** Names of files where Spark takes names for patterns. */
public final class PathPattern {

  private static final Pattern NAMED =
      Pattern.compile("(?<=^|/)([^/*?\\[\\]{}\\\\]*)\\{([^/*?\\[\\]{}]*)}(?=[^/*?\\[\\]]*(/|$))");

  private static final Pattern CASED = Pattern.compile("(?=.*[*?])(?=.*[A-Za-z])[^\\[\\]{}\\\\^]+");

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

  /**
   * The pattern for names that differ from those of a pattern in capitals only.
   *
   * @return nothing for a last name without wildcards, with other ones than {@code *} and {@code
   *     ?}, or without letters
   */
  public static Optional<String> inAnyCase(String pattern) {
    int name = pattern.lastIndexOf('/') + 1;
    if (!CASED.matcher(pattern.substring(name)).matches()) {
      return Optional.empty();
    }
    StringBuilder any = new StringBuilder(pattern.substring(0, name));
    for (char letter : pattern.substring(name).toCharArray()) {
      if (Character.isLetter(letter)) {
        any.append('[').append(Character.toLowerCase(letter));
        any.append(Character.toUpperCase(letter)).append(']');
      } else {
        any.append(letter);
      }
    }
    return Optional.of(any.toString());
  }
}
