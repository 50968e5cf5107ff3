package io.sqletl.engine.stage;

import com.typesafe.config.Config;
import io.sqletl.engine.job.Block;
import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.JobOptions;
import io.sqletl.engine.job.Position;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.job.SourceText;
import io.sqletl.engine.session.Authentication;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a stage is planned with: where its keys stand, what the run allows, and where to report.
 *
 * @param header the keys that every stage has
 * @param block where the keys stand
 * @param variables what substitutions in documents that the stage refers to stand for
 * @param options what the run allows
 * @param files reads the texts that stages refer to, as the stage's own "authentication" says
 * @param views where the stage says which views its SQL reads and makes
 * @param problems takes what is wrong
 * @param warnings takes what is odd and yet runs
 */
public record StagePlanning(
    StageHeader header,
    Block block,
    Config variables,
    JobOptions options,
    TextFiles files,
    ViewReferences views,
    Consumer<Problem> problems,
    Consumer<Problem> warnings) {

  /** Reads texts by URI. */
  @FunctionalInterface
  public interface TextFiles {

    /**
     * Reads a UTF-8 text.
     *
     * @throws java.io.IOException with a message that says what is wrong with the file
     */
    String read(String uri) throws java.io.IOException;

    /** As {@link #read(String)}, by a method of its own where the storage asks for one. */
    default String read(String uri, Authentication authentication) throws java.io.IOException {
      return read(uri);
    }

    /** Whether it is known that there is neither a file nor a folder. */
    default boolean isMissing(String uri) {
      return false;
    }

    /**
     * Reads a UTF-8 text that lies in the folder of a job or below it.
     *
     * @param name a path relative to the job's folder, without {@code ..}
     * @throws java.io.IOException with a message that says what is wrong with the file
     */
    default String readBeside(String job, String name) throws java.io.IOException {
      return read(job.substring(0, job.lastIndexOf('/') + 1) + name);
    }
  }

  /** Where a key stands. */
  public Position at(String key) {
    return block.position(key);
  }

  /** Reports that a key's value is wrong. */
  public void invalid(String key, String message, String remedy) {
    problems.accept(
        new Problem(ErrorCode.INVALID_VALUE, block.valuePosition(key), message, remedy));
  }

  /** Reports that a key is missing. */
  public void missing(String key, String message) {
    problems.accept(Problem.of(ErrorCode.MISSING_KEY, block.position(), message));
  }

  /** The text of a file that a key refers to; nothing when a problem was reported. */
  public Optional<SourceText> read(String key, String uri) {
    try {
      String text = files.read(uri);
      if (!text.isBlank()) {
        return Optional.of(SourceText.ofFile(uri, text));
      }
      problems.accept(
          Problem.of(ErrorCode.FILE_NOT_FOUND, at(key), "The file " + uri + " is empty"));
    } catch (java.io.IOException e) {
      problems.accept(
          Problem.of(ErrorCode.FILE_NOT_FOUND, at(key), e.getMessage())
              .withRemedy("correct \"" + key + "\" or put the file there"));
    }
    return Optional.empty();
  }
}
