package io.sqletl.engine.cli;

import io.sqletl.engine.job.Problem;
import io.sqletl.engine.run.Redaction;
import java.io.PrintWriter;
import java.util.List;

/** Prints what is wrong with a job, in its order. */
final class JobErrors {

  private JobErrors() {}

  static void print(PrintWriter err, List<Problem> problems, Redaction redaction) {
    problems.forEach(problem -> err.println(redaction.apply(problem.render())));
    if (problems.size() > 1) {
      err.println(problems.size() + " errors; nothing ran.");
    }
  }
}
