package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.FaultText;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.files.SoundFile;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;

/** Says of a file that cannot be read which one it is, why, and what to do. */
final class UnreadableFile {

  private static final String FILE_FAILED = "FAILED_READ_FILE";
  private static final String PATH = "path";

  /** What Spark says of folders such as k= and =v. */
  private static final Pattern FOLDER =
      Pattern.compile("Empty partition column (?:value|name) in '([^']*)'");

  private static final String NULL_FOLDER = "__HIVE_DEFAULT_PARTITION__";

  private UnreadableFile() {}

  /**
   * The failure of a stage that looked into its files.
   *
   * @param type the stage's type
   * @param glob what was looked for
   * @param exception what Spark or the storage said
   */
  static StageException failure(String type, String glob, Exception exception) {
    String file = "'" + glob + "'";
    Throwable reason = exception;
    for (Throwable t = exception; t != null; t = t.getCause()) {
      if (t instanceof StageException own) {
        return own;
      }
      if (t instanceof AnalysisException analysis) {
        return new StageException(
            type + " cannot read '" + glob + "': " + analysis.getSimpleMessage(), exception);
      }
      if (t instanceof SparkThrowable spark
          && spark.getCondition() != null
          && spark.getCondition().startsWith(FILE_FAILED)
          && spark.getMessageParameters().containsKey(PATH)) {
        file = "the file " + spark.getMessageParameters().get(PATH);
      }
      if (t.getMessage() != null) {
        reason = t;
      }
    }
    Stream<String> lines = FaultText.of(reason).strip().lines();
    // Spark's own messages name what is wrong in the lines below; those of libraries go on for
    // pages
    String text =
        reason instanceof SparkThrowable
            ? lines.map(String::strip).collect(Collectors.joining(" "))
            : lines.findFirst().orElse("");
    Matcher folder = FOLDER.matcher(text);
    if (folder.find()) {
      return new StageException(
          type
              + " cannot read "
              + file
              + ": its folder '"
              + folder.group(1)
              + "' has no value behind or no name before the =; rename the folder (NAME="
              + NULL_FOLDER
              + " is NULL), or leave it out by a pattern, such as FOLDER/NAME=?*",
          exception);
    }
    Optional<SoundFile> sound = SoundFile.of(text);
    if (sound.isPresent()) {
      return new StageException(
          type + " cannot read " + file + ": " + sound.get().reason() + "; " + sound.get().remedy(),
          exception);
    }
    return new StageException(
        type
            + " cannot read "
            + file
            + ": "
            + text
            + "; repair the file or take it out of 'inputURI', and see that the run may read it",
        exception);
  }
}
