package io.sqletl.engine.stage.extract;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.session.WorkingFolder;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;

/** Why an input has no rows to take the columns from. */
enum MissingInput {
  NO_PATH("Path%s does not exist", true),
  NO_FILES("No files matched%s", true),
  NO_FIELDS("Input%s does not contain any fields", false);

  private static final String EXPECTED =
      " If it may be empty, name its columns with \"schemaURI\"; else see why nothing was sent.";

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
        sentence(glob)
            + switch (this) {
              case NO_PATH -> " Correct \"inputURI\"" + place(glob) + ".";
              case NO_FILES, NO_FIELDS -> EXPECTED;
            });
  }

  /** The failure without its remedy. */
  String sentence(String glob) {
    return what(glob) + " and no schema has been provided to create an empty dataframe.";
  }

  /** Tells that a view has columns by a schema, and no rows: an address may be misspelt. */
  void tellOfNoRows(String glob, StageContext context) {
    context.warnOf(
        ErrorCode.FILES_NOT_READ,
        what(glob) + ", so there are no rows",
        this == NO_PATH
            ? "correct \"inputURI\"" + place(glob) + ", unless there may be none"
            : "see whether files should be there");
  }

  private String what(String glob) {
    return text.formatted(glob.isEmpty() ? "" : " '" + glob + "'");
  }

  private static String place(String glob) {
    return WorkingFolder.place(glob, "; it begins at the working folder, ");
  }
}
