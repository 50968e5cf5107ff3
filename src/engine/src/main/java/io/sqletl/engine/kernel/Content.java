package io.sqletl.engine.kernel;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Something to show, in as many forms as there are front ends.
 *
 * @param forms the text of each form by its MIME type; {@code text/plain} is always there
 */
public record Content(Map<String, String> forms) {

  static final String PLAIN = "text/plain";
  static final String HTML = "text/html";
  static final String MARKDOWN = "text/markdown";
  static final String SVG = "image/svg+xml";

  public Content {
    forms = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(forms));
  }

  static Content text(String text) {
    return new Content(Map.of(PLAIN, text));
  }

  /** A text and its richer twin. */
  static Content of(String text, String type, String twin) {
    Map<String, String> forms = new LinkedHashMap<>();
    forms.put(type, twin);
    forms.put(PLAIN, text);
    return new Content(forms);
  }

  /** A text that a front end shows as it stands, every blank of it. */
  static Content preformatted(String text) {
    return of(text, HTML, "<pre class=\"tex2jax_ignore\">" + Html.escape(text) + "</pre>");
  }

  /** The plain form. */
  public String plain() {
    return forms.get(PLAIN);
  }
}
