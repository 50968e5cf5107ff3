package io.sqletl.engine.cli;

import io.sqletl.engine.cli.CheckedFile.Verdict;
import io.sqletl.engine.job.JobException;
import io.sqletl.engine.run.Redaction;
import io.sqletl.engine.stage.Refusals;
import io.sqletl.engine.stage.StageTypes;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code etl check}: reports what would not run, and starts no Spark. */
@Command(
    name = "check",
    description = {
      "Checks jobs whole, without running them: a job, several, or folders of them.",
      "A single job is checked as `etl run` would begin it. Of folders, every stage of every job is"
          + " checked, and variables and files that are not here are listed apart."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class CheckCommand implements Callable<Integer> {

  @ParentCommand private Main main;
  @Spec private CommandSpec spec;
  @Mixin private JobArguments job;
  @Mixin private SessionArguments session;

  @Parameters(
      arity = "0..*",
      paramLabel = "PATH",
      description =
          "Jobs: notebooks (.ipynb), HOCON or JSON files, by path or URI; or folders, in which"
              + " .ipynb, .conf and .json files are looked for.")
  private List<String> paths = new ArrayList<>();

  @Option(
      names = "--assume",
      negatable = true,
      description =
          "Takes variables that are not set and files that are not here for what a run will be"
              + " given; --no-assume for what is wrong (default: for folders).")
  private Boolean assume;

  @Option(
      names = "--format",
      paramLabel = "text|json",
      defaultValue = "text",
      description = "How the check is told (default: text).")
  private Format format;

  /** How a check is told. */
  enum Format {
    TEXT,
    JSON
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    ArcArguments arc = main.arcArguments();
    Redaction redaction = Redaction.of(arc.named());
    try (Workspace workspace = Workspace.open(job, session)) {
      arc = job.withSecrets(arc);
      redaction = Redaction.of(arc.named());
      arc.check();
      List<String> asked = asked(arc);
      boolean one = asked.size() == 1 && !JobSearch.isFolder(asked.get(0));
      StageTypes types = StageTypes.load();
      JobCheck check =
          new JobCheck(
              workspace,
              arc,
              arc.jobOptions(
                  job.environment(arc),
                  job.allEnvironments() || !one && !job.namesEnvironment(arc)),
              types,
              session.tableNames(),
              (assume == null ? !one : assume)
                  ? JobCheck.Missing.ASSUMED
                  : JobCheck.Missing.REFUSED);
      List<CheckedFile> checked = JobSearch.find(asked).parallelStream().map(check::check).toList();
      CheckReport report = new CheckReport(checked, types, Refusals.load(), redaction);
      if (format == Format.JSON) {
        report.json(out);
      } else if (one) {
        one(checked.get(0), redaction);
      } else {
        report.text(out);
      }
      return report.allRun() ? ExitStatus.DONE : ExitStatus.WRONG;
    } catch (JobException e) {
      JobErrors.print(spec.commandLine().getErr(), e.problems(), redaction);
      return ExitStatus.WRONG;
    }
  }

  private List<String> asked(ArcArguments arc) {
    if (!paths.isEmpty()) {
      return paths;
    }
    return List.of(
        arc.jobUri()
            .orElseThrow(
                () ->
                    new ParameterException(
                        spec.commandLine(),
                        "Which jobs? For example: etl check example/notebook")));
  }

  /** A single job is told as a run would: what is wrong goes to the errors. */
  private void one(CheckedFile file, Redaction redaction) {
    PrintWriter err = spec.commandLine().getErr();
    file.warnings().forEach(warning -> err.println("warning: " + warning.render()));
    JobErrors.print(err, file.problems(), redaction);
    if (file.verdict() == Verdict.FAILS) {
      return;
    }
    PrintWriter out = spec.commandLine().getOut();
    if (!file.variables().isEmpty()) {
      out.println("It needs the variables " + String.join(", ", file.variables()) + ".");
    }
    file.files().forEach(message -> out.println("It needs a file: " + message + "."));
    out.println(right(file.path(), file.active(), file.types().size() - file.active()));
  }

  /** What is said of a job with nothing wrong. */
  static String right(String job, int stages, int others) {
    return "%s is right: %d stages run, %d are for other environments."
        .formatted(job, stages, others);
  }
}
