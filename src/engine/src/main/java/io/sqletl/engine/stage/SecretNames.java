package io.sqletl.engine.stage;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Decides by name which values must not reach a log, an event or an error. */
public final class SecretNames {

  /** What stands where a secret was. */
  public static final String MASK = "*****";

  private static final String[] WORDS = {
    "PASSWORD", "PASSWD", "PWD", "SECRET", "TOKEN", "KEY", "AUTHORIZATION", "CREDENTIAL"
  };

  private SecretNames() {}

  /** Whether a value of this name is a secret, letter case aside. */
  public static boolean isSecret(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    return Stream.of(WORDS).anyMatch(upper::contains);
  }

  /** The same values with {@link #MASK} for each secret, in the same order. */
  public static Map<String, String> masked(Map<String, String> values) {
    Map<String, String> shown = new LinkedHashMap<>();
    values.forEach((name, value) -> shown.put(name, isSecret(name) ? MASK : value));
    return shown;
  }
}
