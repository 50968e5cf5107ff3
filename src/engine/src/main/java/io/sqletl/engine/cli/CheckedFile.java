package io.sqletl.engine.cli;

import io.sqletl.engine.job.Problem;
import java.util.List;
import java.util.Set;

/**
 * What a check says of one file.
 *
 * @param path what the user calls it
 * @param verdict whether it would run
 * @param types the types of its stages, one for each stage, as the file names them
 * @param active how many of the stages are for the environment; 0 unless it runs
 * @param problems why it would not run
 * @param warnings what is odd and yet runs
 * @param variables those that a run has to be given
 * @param files those that a run has to find, and that are not here
 * @param reason why it is no job; null for jobs
 */
record CheckedFile(
    String path,
    Verdict verdict,
    List<String> types,
    int active,
    List<Problem> problems,
    List<Problem> warnings,
    Set<String> variables,
    Set<String> files,
    String reason) {

  /** Whether a file would run. */
  enum Verdict {
    RUNS("runs"),
    /** It runs once it is given variables and files that are not here. */
    NEEDS("needs"),
    FAILS("would not run"),
    NO_JOB("is no job");

    private final String text;

    Verdict(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }
  }

  static CheckedFile noJob(String path, String reason) {
    return new CheckedFile(
        path, Verdict.NO_JOB, List.of(), 0, List.of(), List.of(), Set.of(), Set.of(), reason);
  }

  static CheckedFile runs(String path, List<String> types, int active, List<Problem> warnings) {
    return new CheckedFile(
        path, Verdict.RUNS, types, active, List.of(), warnings, Set.of(), Set.of(), null);
  }

  static CheckedFile fails(
      String path, List<String> types, List<Problem> problems, List<Problem> warnings) {
    return new CheckedFile(
        path, Verdict.FAILS, types, 0, problems, warnings, Set.of(), Set.of(), null);
  }
}
