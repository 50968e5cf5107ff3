package io.sqletl.engine.cli;

import io.sqletl.engine.job.JobException;
import io.sqletl.engine.run.PlannedJob;
import io.sqletl.engine.run.Redaction;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code etl check}: reports what is wrong with a job, and starts no Spark. */
@Command(
    name = "check",
    description = "Checks a job whole, without running it.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class CheckCommand implements Callable<Integer> {

  @ParentCommand private Main main;
  @Spec private CommandSpec spec;
  @Mixin private JobArguments job;
  @Mixin private SessionArguments session;

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    ArcArguments arc = main.arcArguments();
    try (Workspace workspace = Workspace.open(job, session)) {
      PlannedJob planned = workspace.plan(workspace.read(job, arc), job, arc, session);
      planned.warnings().forEach(warning -> err.println("warning: " + warning.render()));
      spec.commandLine()
          .getOut()
          .printf(
              "%s is right: %d stages run, %d are for other environments.%n",
              planned.source().uri(), planned.stages().size(), planned.skipped().size());
      return ExitStatus.DONE;
    } catch (JobException e) {
      JobErrors.print(err, e.problems(), Redaction.of(java.util.List.of(arc.values())));
      return ExitStatus.WRONG;
    }
  }
}
