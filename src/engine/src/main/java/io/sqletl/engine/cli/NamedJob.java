package io.sqletl.engine.cli;

import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The part of a command line that says which job, for whom, and on which data. */
final class NamedJob extends JobArguments {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "JOB",
      description =
          "The job: a notebook (.ipynb) or a HOCON or JSON file; a path, or a URI with file:,"
              + " s3a:, http: or https:.")
  private String job;

  String job(ArcArguments arc) {
    return Optional.ofNullable(job)
        .or(arc::jobUri)
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(),
                    "Which job? For example: etl "
                        + spec.name()
                        + " example/notebook/scd2-job.ipynb"));
  }

  /** Whether the job was named as Arc's own launchers name it, which expect Arc's exit status. */
  boolean isArcCommandLine() {
    return job == null;
  }
}
