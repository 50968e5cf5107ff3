package io.sqletl.engine.stage.http;

/** The beginning of a text, in one line, as a message shows it. */
public final class Excerpt {

  private Excerpt() {}

  /**
   * @param longest how many characters are shown
   */
  public static String of(String text, int longest) {
    String start =
        text.codePointCount(0, text.length()) > longest
            ? text.substring(0, text.offsetByCodePoints(0, longest)) + "…"
            : text;
    return start
        .replace("\r", "\\r")
        .replace("\n", "\\n")
        .replace("\t", "\\t")
        .replaceAll("\\p{Cntrl}", "?");
  }
}
