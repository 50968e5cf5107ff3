package io.sqletl.engine.job;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that was probably meant. */
public final class NearestName {

  /** Beyond this many edits a suggestion is noise; the number is the one that Arc uses. */
  private static final int MOST_EDITS = 3;

  /** With fewer letters in common two names are alike by chance. */
  private static final int LEAST_IN_COMMON = 3;

  private NearestName() {}

  /**
   * The candidate fewest edits away, letter case aside; empty when none is near, that is when more
   * than a third of the letters would have to change or fewer than three are the same.
   */
  public static Optional<String> of(String name, Collection<String> candidates) {
    return candidates.stream()
        .filter(candidate -> edits(name, candidate) <= limit(name))
        .filter(candidate -> inCommon(name, candidate) >= LEAST_IN_COMMON)
        .min(Comparator.comparingInt(candidate -> edits(name, candidate)));
  }

  /** {@code did you mean "x"?}, or empty text. */
  public static Optional<String> question(String name, Collection<String> candidates) {
    return of(name, candidates).map(nearest -> "did you mean \"" + nearest + "\"?");
  }

  private static int limit(String name) {
    return Math.min(MOST_EDITS, Math.max(1, name.length() / 3));
  }

  /** How many letters both names have, wherever they stand. */
  private static int inCommon(String left, String right) {
    StringBuilder rest = new StringBuilder(right.toLowerCase(Locale.ROOT));
    int common = 0;
    for (char letter : left.toLowerCase(Locale.ROOT).toCharArray()) {
      int found = rest.indexOf(String.valueOf(letter));
      if (found >= 0) {
        rest.deleteCharAt(found);
        common++;
      }
    }
    return common;
  }

  /** Levenshtein's distance with neighbouring letters swapped counted as one edit. */
  private static int edits(String left, String right) {
    String a = left.toLowerCase(Locale.ROOT);
    String b = right.toLowerCase(Locale.ROOT);
    int[][] distance = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          distance[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int least =
            Math.min(
                distance[i - 1][j - 1] + change,
                Math.min(distance[i - 1][j], distance[i][j - 1]) + 1);
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        distance[i][j] = swapped ? Math.min(least, distance[i - 2][j - 2] + 1) : least;
      }
    }
    return distance[a.length()][b.length()];
  }
}
