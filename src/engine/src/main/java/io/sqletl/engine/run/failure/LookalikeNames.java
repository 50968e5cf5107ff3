package io.sqletl.engine.run.failure;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of columns that look the same on a screen and are written with other characters: a letter
 * and its accent as one character or as two, blanks that do not break a line, marks without a
 * width.
 */
final class LookalikeNames {

  private static final Pattern QUOTED = Pattern.compile("`((?:[^`]|``)*)`");
  private static final Pattern UNSEEN = Pattern.compile("\\p{Cf}");
  private static final Pattern BLANKS = Pattern.compile("[\\s\\p{Z}]+");

  private LookalikeNames() {}

  /**
   * What to do where one of the names that there are looks like the one that was asked for.
   *
   * @param wanted in backticks, the last part of it the column's name
   * @param proposals each in backticks
   */
  static Optional<String> remedy(String wanted, String proposals) {
    String name = last(wanted);
    Matcher proposal = QUOTED.matcher(proposals);
    while (proposal.find()) {
      String other = proposal.group(1);
      if (!other.equalsIgnoreCase(name) && look(other).equals(look(name))) {
        return Optional.of(
            "the column "
                + other
                + " looks the same and has other characters: "
                + firstDifference(other, name)
                + ". Copy the name from the input, or give it a new one where it is made");
      }
    }
    return Optional.empty();
  }

  private static String last(String name) {
    Matcher part = QUOTED.matcher(name);
    String last = name;
    while (part.find()) {
      last = part.group(1);
    }
    return last;
  }

  private static String look(String name) {
    String seen = UNSEEN.matcher(Normalizer.normalize(name, Normalizer.Form.NFKC)).replaceAll("");
    return BLANKS.matcher(seen).replaceAll(" ").strip().toLowerCase(Locale.ROOT);
  }

  private static String firstDifference(String column, String wanted) {
    int[] there = column.codePoints().toArray();
    int[] asked = wanted.codePoints().toArray();
    int at = 0;
    while (at < there.length && at < asked.length && there[at] == asked[at]) {
      at++;
    }
    return character(there, at)
        + " at place "
        + (at + 1)
        + ", where yours has "
        + character(asked, at);
  }

  private static String character(int[] name, int at) {
    return at < name.length
        ? String.format("U+%04X (%s)", name[at], Character.getName(name[at]))
        : "its end";
  }
}
