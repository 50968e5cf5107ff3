package io.sqletl.engine.stage.extract;

import java.util.Map;
import java.util.Optional;

/**
 * A format whose files say themselves what their columns are.
 *
 * @param name Spark's name of it
 * @param options of Spark's reader
 * @param numbersRows whether the format knows the number of each row in its file
 * @param blankFiles what files without a byte are; empty where there is always something in a file
 */
record SelfDescribingFormat(
    String name,
    Map<String, String> options,
    boolean numbersRows,
    Optional<MissingInput> blankFiles)
    implements FileFormat {

  /** Columns that only some files have are null for the others. */
  static final Map<String, String> MERGED = Map.of("mergeSchema", "true");
}
