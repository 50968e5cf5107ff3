package io.sqletl.engine.job;

import java.util.List;
import java.util.stream.Collectors;

/** A job that cannot run as it is written; carries everything that is wrong with it, in order. */
public final class JobException extends RuntimeException {

  private final transient List<Problem> problems;

  public JobException(List<Problem> problems) {
    super(problems.stream().map(Problem::headline).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  public JobException(Problem problem) {
    this(List.of(problem));
  }

  public List<Problem> problems() {
    return problems;
  }
}
