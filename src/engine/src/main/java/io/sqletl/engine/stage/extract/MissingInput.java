package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.StageException;

/** Why an input has no rows to take the columns from. */
enum MissingInput {
  NO_PATH("Path%s does not exist", true),
  NO_FILES("No files matched%s", true),
  NO_FIELDS("Input%s does not contain any fields", false);

  private final String text;
  private final boolean isCounted;

  MissingInput(String text, boolean isCounted) {
    this.text = text;
    this.isCounted = isCounted;
  }

  /** Whether the log says that there are no records. */
  boolean isCounted() {
    return isCounted;
  }

  /**
   * The failure of a stage that has no schema either.
   *
   * @param glob what was looked for; empty for a view
   */
  StageException failure(String glob) {
    return new StageException(
        text.formatted(glob.isEmpty() ? "" : " '" + glob + "'")
            + " and no schema has been provided to create an empty dataframe.");
  }
}
