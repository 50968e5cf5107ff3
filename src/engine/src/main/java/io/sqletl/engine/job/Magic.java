package io.sqletl.engine.job;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The magics of a notebook, by what a run does with them. */
public enum Magic {
  ARC("%arc", null),
  SQL_VALIDATE("%sqlvalidate", "SQLValidate"),
  SQL("%sql", "SQLTransform"),
  LOG("%log", "LogExecute"),
  CONFIG_EXECUTE("%configexecute", "ConfigExecute"),
  METADATA_FILTER("%metadatafilter", "MetadataFilterTransform"),
  METADATA_VALIDATE("%metadatavalidate", "MetadataValidate"),
  CONFIG_PLUGIN("%configplugin", null),
  LIFECYCLE_PLUGIN("%lifecycleplugin", null),
  ENV("%env", null),
  CONF("%conf", null);

  /** Magics that help an author in a notebook and mean nothing to a run. */
  private static final Set<String> AUTHORING =
      Set.of(
          "%secret",
          "%list",
          "%metadata",
          "%printmetadata",
          "%printschema",
          "%schema",
          "%summary",
          "%version",
          "%help",
          "%cypher",
          "%plot",
          "%graph",
          "%lifecycle");

  /** Words after which a number means nothing, as in Arc: {@code %sql2} is {@code %sql}. */
  private static final List<Magic> NUMBERED = List.of(SQL_VALIDATE, SQL, LOG);

  private static final int MISSPELLING = 2;

  private final String word;
  private final String stageType;

  Magic(String word, String stageType) {
    this.word = word;
    this.stageType = stageType;
  }

  public String word() {
    return word;
  }

  /** The stage that a cell of this magic is, for those that are one. */
  Optional<String> stageType() {
    return Optional.ofNullable(stageType);
  }

  /** Whether the stage has an output view, so that its arguments may name one. */
  boolean makesView() {
    return this == SQL || this == METADATA_FILTER || this == CONFIG_EXECUTE;
  }

  /**
   * The magic that a cell's first word means. {@code %sqlvaildate}, which published notebooks
   * carry, is the validation that its author meant, and so is {@code %%sql_validate}.
   */
  static Optional<Magic> of(String firstWord) {
    String text = plain(firstWord);
    return Arrays.stream(values())
        .filter(magic -> magic.word.equals(text))
        .findFirst()
        .or(() -> misspeltValidation(text))
        .or(
            () ->
                NUMBERED.stream().filter(magic -> text.matches(magic.word + "[0-9]+")).findFirst());
  }

  /** One sign, lower case, and no hyphens within. */
  private static String plain(String firstWord) {
    return firstWord.toLowerCase(Locale.ROOT).replaceFirst("^%+", "%").replaceAll("[_-]", "");
  }

  private static Optional<Magic> misspeltValidation(String text) {
    boolean near =
        text.startsWith("%sql")
            && Math.abs(text.length() - SQL_VALIDATE.word.length()) <= MISSPELLING
            && NearestName.of(text, List.of(SQL_VALIDATE.word)).isPresent();
    return near ? Optional.of(SQL_VALIDATE) : Optional.empty();
  }

  static boolean isAuthoring(String firstWord) {
    return AUTHORING.contains(plain(firstWord));
  }

  /** Every word that a cell may begin with, for suggestions. */
  static List<String> words() {
    return java.util.stream.Stream.concat(
            Arrays.stream(values()).map(Magic::word), AUTHORING.stream().sorted())
        .toList();
  }
}
