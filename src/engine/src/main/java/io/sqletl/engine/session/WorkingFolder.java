package io.sqletl.engine.session;

import java.nio.file.Path;

/** Where relative paths begin, which is rarely where the reader of a message is looking. */
public final class WorkingFolder {

  private WorkingFolder() {}

  /**
   * Words about a path or URI that is not found.
   *
   * @param said what stands before the folder where the path is relative
   * @return empty where it is none
   */
  public static String place(String uri, String said) {
    boolean isRelative = !uri.startsWith("/") && !uri.matches("[a-zA-Z][a-zA-Z0-9+.-]*:.*");
    return isRelative ? said + Path.of("").toAbsolutePath() : "";
  }
}
