package io.sqletl.engine.run;

import io.sqletl.engine.stage.SecretNames;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.text.StringEscapeUtils;

/**
 * Takes secrets out of every text that leaves a run: the values of secret variables wherever they
 * stand, and what is written behind a secret name.
 */
public final class Redaction {

  private static final String MASK = SecretNames.MASK;

  private static final Pattern PASSWORD_IN_URL =
      Pattern.compile("(?i)((?:password|pwd|passwd|sig|token)=)[^&;\\s\"']+");

  private static final Pattern USER_IN_URL =
      Pattern.compile("(?<!\\w)(\\w++://[^/\\s:@\"']*+:)[^/\\s@\"']++@");

  /** A token in the place of the user; other schemes have a container or a bucket there. */
  private static final Pattern TOKEN_AS_USER =
      Pattern.compile("(?i)(?<!\\w)(https?+://)[^/\\s:@\"'?#]++@");

  /** {@code ?api_key=…} and {@code ;accessKey=…}, as they stand in addresses. */
  private static final Pattern IN_ADDRESS =
      Pattern.compile("(?<=[?&;])([A-Za-z][\\w.-]*+)=[^&;\\s\"'#]++");

  /** {@code "password": "…"}, as it stands in a job. */
  private static final Pattern IN_QUOTES =
      Pattern.compile(
          "(?<![\\w.-])([\"']?)([A-Za-z][\\w.-]*+)\\1(\\s*+[:=]\\s*+)(\"[^\"\\r\\n]+\"|'[^'\\r\\n]+')");

  /** {@code API_TOKEN=…}, as it stands in a cell of variables or on a command line. */
  private static final Pattern ASSIGNED =
      Pattern.compile("(?<![\\w.])((?:--)?([A-Z][A-Z0-9_]*+))=([^\\s\"',;&]+)");

  private final List<String> secrets;
  private final Map<String, String> shortSecrets;

  private Redaction(List<String> secrets, Map<String, String> shortSecrets) {
    this.secrets = secrets;
    this.shortSecrets = shortSecrets;
  }

  /** Takes out the values of those variables whose names say that they are secret. */
  public static Redaction of(Collection<Map<String, String>> variables) {
    List<String> secrets = new ArrayList<>();
    Map<String, String> shortSecrets = new LinkedHashMap<>();
    for (Map<String, String> some : variables) {
      some.forEach(
          (name, value) -> {
            if (!isSecret(name) || value.isEmpty()) {
              return;
            }
            if (SecretNames.isTakenOutOfTexts(value) && !isFolder(value)) {
              secrets.addAll(spellings(value));
            } else {
              shortSecrets.put(name, value);
            }
          });
    }
    // The longest first, for one may be a part of another
    secrets.sort(Comparator.comparingInt(String::length).reversed());
    return new Redaction(secrets.stream().distinct().toList(), shortSecrets);
  }

  /** As it stands in a text, and as JSON, HTML and an address write it. */
  private static List<String> spellings(String value) {
    String json = StringEscapeUtils.escapeJson(value);
    return Stream.of(
            value,
            json,
            // Only a slash is escaped by some writers
            json.replace("\\/", "/"),
            StringEscapeUtils.escapeXml10(value),
            StringEscapeUtils.escapeXml10(json),
            value
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;"),
            URLEncoder.encode(value, StandardCharsets.UTF_8),
            URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20"))
        .distinct()
        .toList();
  }

  private static boolean isFolder(String value) {
    try {
      return Files.isDirectory(Path.of(value));
    } catch (InvalidPathException e) {
      return false;
    }
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
    clean = USER_IN_URL.matcher(clean).replaceAll("$1" + MASK + "@");
    clean = TOKEN_AS_USER.matcher(clean).replaceAll("$1" + MASK + "@");
    clean =
        IN_ADDRESS
            .matcher(clean)
            .replaceAll(
                found ->
                    Matcher.quoteReplacement(
                        isSecret(found.group(1)) ? found.group(1) + "=" + MASK : found.group()));
    for (String secret : secrets) {
      clean = clean.replace(secret, MASK);
    }
    return written(clean);
  }

  /** What stands behind a secret name in a text, such as the line of a job that is quoted. */
  private String written(String text) {
    String clean = text;
    if (clean.indexOf(':') >= 0 || clean.indexOf('=') >= 0) {
      clean =
          IN_QUOTES
              .matcher(clean)
              .replaceAll(
                  found -> {
                    // SQL compares columns of names such as key and token with texts
                    boolean isKey = !found.group(1).isEmpty() || isCompound(found.group(2));
                    String quote = found.group(4).substring(0, 1);
                    boolean isVariable = found.group(4).startsWith("${", 1);
                    return Matcher.quoteReplacement(
                        isKey && !isVariable && isSecret(found.group(2))
                            ? found.group(1)
                                + found.group(2)
                                + found.group(1)
                                + found.group(3)
                                + quote
                                + MASK
                                + quote
                            : found.group());
                  });
      clean =
          ASSIGNED
              .matcher(clean)
              .replaceAll(
                  found ->
                      Matcher.quoteReplacement(
                          isSecret(found.group(2)) ? found.group(1) + "=" + MASK : found.group()));
    }
    return clean;
  }

  private static boolean isCompound(String name) {
    return !name.equalsIgnoreCase("key")
        && !name.equalsIgnoreCase("token")
        && !name.equalsIgnoreCase("signature")
        && name.indexOf('.') < 0;
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
      map.forEach(
          (key, inner) -> {
            String name = String.valueOf(key);
            boolean isOwnValue = inner instanceof String && inner.equals(shortSecrets.get(name));
            clean.put(apply(name), isOwnValue ? MASK : applyTo(inner));
          });
      return clean;
    }
    return value;
  }
}
