package io.sqletl.engine.stage;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Decides by name which values must not reach a log, an event or an error.
 *
 * <p>A name is read word by word: {@code DB_PASSWORD}, {@code apiKey} and {@code fs.s3a.secret.key}
 * are secret, {@code TOKENIZERS_PARALLELISM}, {@code KEYBOARD} and {@code PARTITION_KEY} are not.
 */
public final class SecretNames {

  /** What stands where a secret was. */
  public static final String MASK = "*****";

  /** A shorter text stands in too many others to be taken out of them. */
  private static final int SHORTEST_IN_TEXTS = 6;

  private static final Pattern BETWEEN_WORDS =
      Pattern.compile("[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])");

  private static final Set<String> WORDS =
      Set.of(
          "PASSPHRASE",
          "PASS",
          "PWD",
          "SECRETS",
          "TOKENS",
          "CREDENTIAL",
          "CREDENTIALS",
          "AUTH",
          "AUTHORIZATION",
          "COOKIE",
          "COOKIES",
          "SAS",
          "SIGNATURE",
          "DSN",
          "PASSWORDS");

  /** Words that names are put together with, such as {@code PGPASSWORD} and {@code authtoken}. */
  private static final List<String> ENDS =
      List.of(
          "PASSWORD",
          "PASSWD",
          "PASSPHRASE",
          "SECRET",
          "TOKEN",
          "APIKEY",
          "ACCESSKEY",
          "SECRETKEY",
          "ACCOUNTKEY",
          "PRIVATEKEY",
          "MYSQLPWD",
          "DBPWD");

  private static final List<String> BEGINNINGS = List.of("PASSWORD", "PASSWD", "PASSPHRASE");

  /** The working directory and the one before it, which every shell sets. */
  private static final Set<String> FOLDERS = Set.of("PWD", "OLDPWD");

  /** Keys of tables, not of locks. */
  private static final Set<String> BEFORE_KEY =
      Set.of(
          "PARTITION",
          "PRIMARY",
          "FOREIGN",
          "SORT",
          "MERGE",
          "JOIN",
          "SURROGATE",
          "BUSINESS",
          "NATURAL",
          "GROUP",
          "UNIQUE",
          "CLUSTER",
          "CLUSTERING",
          "ORDER",
          "COMPOSITE",
          "LOOKUP",
          "MAP",
          "RANGE",
          "HASH",
          "DISTRIBUTION");

  /** What follows a word that is about a secret and is none. */
  private static final Set<String> AFTER =
      Set.of(
          "COLUMN",
          "COLUMNS",
          "COL",
          "COLS",
          "FIELD",
          "FIELDS",
          "SCHEMA",
          "SERIALIZER",
          "DESERIALIZER",
          "TYPE",
          "METHOD",
          "MODE",
          "ENABLED",
          "URL",
          "URI",
          "ENDPOINT",
          "COUNT",
          "LENGTH",
          "SIZE",
          "TTL",
          "EXPIRY");

  private static final Pattern NUMBER = Pattern.compile("[-+]?\\d{1,5}");

  private SecretNames() {}

  /** Whether a value of this name is a secret. */
  public static boolean isSecret(String name) {
    if (FOLDERS.contains(name)) {
      return false;
    }
    String[] words = BETWEEN_WORDS.split(name.strip());
    for (int i = 0; i < words.length; i++) {
      String word = words[i].toUpperCase(Locale.ROOT);
      String before = i == 0 ? "" : words[i - 1].toUpperCase(Locale.ROOT);
      String after = i + 1 == words.length ? "" : words[i + 1].toUpperCase(Locale.ROOT);
      if (isSecretWord(word, before) && !AFTER.contains(after)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isSecretWord(String word, String before) {
    if (word.equals("KEY")) {
      return !BEFORE_KEY.contains(before);
    }
    return WORDS.contains(word)
        || ENDS.stream().anyMatch(word::endsWith)
        || BEGINNINGS.stream().anyMatch(word::startsWith);
  }

  /**
   * Whether a secret's value is taken out of texts that it stands in. One that is short, a plain
   * word of configuration or a small number stands in others by chance.
   */
  public static boolean isTakenOutOfTexts(String value) {
    return value.length() >= SHORTEST_IN_TEXTS
        && !NUMBER.matcher(value).matches()
        && !value.equalsIgnoreCase("true")
        && !value.equalsIgnoreCase("false");
  }

  /** The same values with {@link #MASK} for each secret, in the same order. */
  public static Map<String, String> masked(Map<String, String> values) {
    Map<String, String> shown = new LinkedHashMap<>();
    values.forEach((name, value) -> shown.put(name, isSecret(name) ? MASK : value));
    return shown;
  }
}
