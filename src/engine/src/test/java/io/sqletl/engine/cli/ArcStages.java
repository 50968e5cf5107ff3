package io.sqletl.engine.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The types of stage of Arc's format with their keys, as {@code arc-stages.txt} lists them. */
final class ArcStages {

  /** The name under which the keys of all stages stand. */
  static final String EVERY = "*";

  /**
   * A key of the format.
   *
   * @param name within an object {@code a.b}
   * @param required whether a job without it is wrong
   * @param defaultValue what a job that leaves it out gets, where the reference names it
   */
  record ArcKey(String name, boolean required, Optional<String> defaultValue) {

    private static ArcKey of(String text) {
      int equals = text.indexOf('=');
      if (equals > 0) {
        String value = text.substring(equals + 1).replace("\\n", "\n");
        return new ArcKey(text.substring(0, equals), false, Optional.of(value));
      }
      return text.endsWith("!")
          ? new ArcKey(text.substring(0, text.length() - 1), true, Optional.empty())
          : new ArcKey(text, false, Optional.empty());
    }
  }

  private ArcStages() {}

  static Map<String, List<ArcKey>> read() {
    Map<String, List<ArcKey>> stages = new LinkedHashMap<>();
    try (InputStream stream = ArcStages.class.getResourceAsStream("arc-stages.txt")) {
      for (String line :
          new String(stream.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
        if (line.isBlank() || line.startsWith("#")) {
          continue;
        }
        int colon = line.indexOf(':');
        String keys = line.substring(colon + 1).strip();
        stages.put(
            line.substring(0, colon),
            keys.isEmpty() ? List.of() : Stream.of(keys.split(" +")).map(ArcKey::of).toList());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return stages;
  }
}
