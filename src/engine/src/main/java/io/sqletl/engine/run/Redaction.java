package io.sqletl.engine.run;

import io.sqletl.engine.stage.SecretNames;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Takes secrets out of every text that leaves a run. */
public final class Redaction {

  private static final String MASK = SecretNames.MASK;

  /** A shorter text stands in too many others to be taken out of them. */
  private static final int SHORTEST = 3;

  private static final Pattern PASSWORD_IN_URL =
      Pattern.compile("(?i)((?:password|pwd)=)[^&;\\s\"']+");

  private final List<String> secrets;

  private Redaction(List<String> secrets) {
    this.secrets = secrets;
  }

  /** Takes out the values of those variables whose names say that they are secret. */
  public static Redaction of(Collection<Map<String, String>> variables) {
    List<String> secrets = new ArrayList<>();
    for (Map<String, String> some : variables) {
      some.forEach(
          (name, value) -> {
            if (isSecret(name) && value.length() >= SHORTEST) {
              secrets.add(value);
            }
          });
    }
    // The longest first, for one may be a part of another
    secrets.sort(Comparator.comparingInt(String::length).reversed());
    return new Redaction(secrets.stream().distinct().toList());
  }

  /** Whether a variable or key of this name holds a secret. */
  public static boolean isSecret(String name) {
    return SecretNames.isSecret(name);
  }

  /** The text without secrets; null stays null. */
  public String apply(String text) {
    if (text == null) {
      return null;
    }
    String clean = PASSWORD_IN_URL.matcher(text).replaceAll("$1" + MASK);
    for (String secret : secrets) {
      clean = clean.replace(secret, MASK);
    }
    return clean;
  }

  /** The value with every text in it cleaned; lists and maps are copied. */
  public Object applyTo(Object value) {
    if (value instanceof String text) {
      return apply(text);
    }
    if (value instanceof List<?> list) {
      return list.stream().map(this::applyTo).toList();
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> clean = new LinkedHashMap<>();
      map.forEach((key, inner) -> clean.put(apply(String.valueOf(key)), applyTo(inner)));
      return clean;
    }
    return value;
  }
}
