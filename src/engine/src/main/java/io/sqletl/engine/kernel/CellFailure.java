package io.sqletl.engine.kernel;

import io.sqletl.engine.job.JobException;
import io.sqletl.engine.job.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Why a cell has no result, as its author is to read it. */
public final class CellFailure extends Exception {

  /** The name of a failure that the author asked for. */
  static final String INTERRUPTED = "INTERRUPTED";

  /** The name of the failure of a stage. */
  static final String STAGE_FAILED = "STAGE_FAILED";

  private final String name;
  private final transient List<String> lines;

  private CellFailure(String name, List<String> lines) {
    super(lines.get(0));
    this.name = name;
    this.lines = List.copyOf(lines);
  }

  /**
   * @param name a stable name, as of {@link io.sqletl.engine.job.ErrorCode}
   * @param text what happened; its first line alone must say it
   */
  static CellFailure of(String name, String text) {
    return new CellFailure(name, text.lines().toList());
  }

  static CellFailure of(JobException e) {
    List<String> lines = new ArrayList<>();
    for (Problem problem : e.problems()) {
      lines.addAll(problem.render().lines().toList());
    }
    return new CellFailure(e.problems().get(0).code().name(), lines);
  }

  static CellFailure of(Problem problem) {
    return of(new JobException(problem));
  }

  static CellFailure interrupted() {
    return of(INTERRUPTED, "Interrupted.");
  }

  /** The same without secrets. */
  CellFailure redacted(io.sqletl.engine.run.Redaction redaction) {
    return new CellFailure(name, lines.stream().map(redaction::apply).toList());
  }

  public String name() {
    return name;
  }

  public List<String> lines() {
    return lines;
  }

  /** The first line. */
  Optional<String> headline() {
    return lines.stream().findFirst();
  }
}
