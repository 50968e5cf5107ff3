package io.sqletl.engine.stage.http;

import io.sqletl.engine.stage.StagePlanning;
import java.net.URI;
import java.net.URISyntaxException;

/** Checks addresses of servers as far as that goes without asking them. */
public final class HttpUri {

  private HttpUri() {}

  /** Reports an address that is none of a web server. */
  public static void check(StagePlanning planning, String key, String text) {
    try {
      URI uri = new URI(text);
      boolean web =
          "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
      if (!web || uri.getHost() == null) {
        planning.invalid(
            key,
            "\"" + text + "\" is no address of a server",
            "write http://HOST/… or https://HOST/…");
      }
    } catch (URISyntaxException e) {
      planning.invalid(key, "\"" + text + "\" is no URI: " + e.getReason(), null);
    }
  }
}
