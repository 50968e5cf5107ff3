package io.sqletl.engine.cli;

import io.sqletl.engine.job.JobException;
import io.sqletl.engine.run.JobFiles;
import io.sqletl.engine.run.Redaction;
import io.sqletl.engine.workflow.WorkflowManifest;
import io.sqletl.engine.workflow.WorkflowOptions;
import io.sqletl.engine.workflow.WorkflowPlan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code etl workflow}: from jobs that run here to a workflow that runs them on a cluster. */
@Command(
    name = "workflow",
    description = {
      "Prints an Argo workflow that runs these jobs on the cluster, side by side but for --after.",
      "Pipe it to `argo submit -` or `kubectl create -f -`. Variables of the jobs are given as"
          + " --NAME=VALUE."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class WorkflowCommand implements Callable<Integer> {

  @ParentCommand private Main main;
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "JOB",
      description =
          "Job files under deployment/app_code, which deploying copies to the bucket, or s3a: and"
              + " https: URIs.")
  private List<String> jobs;

  @Option(
      names = "--after",
      paramLabel = "LATER=EARLIER[,EARLIER]",
      description = "Runs one job after others, named by their files; may be given several times.")
  private List<String> after = new ArrayList<>();

  @Option(
      names = "--size",
      paramLabel = "[JOB=]small|medium|large|local",
      description =
          "What the jobs get, or one of them; local runs all of a job in one pod (default: small).")
  private List<String> sizes = new ArrayList<>();

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description =
          "The workflow's name, for `kubectl apply` (default: each submission gets its own, after"
              + " the last job).")
  private String name;

  @Option(
      names = "--schedule",
      paramLabel = "CRON",
      description = "Makes a cron workflow, such as \"0 5 * * *\" for every day at five.")
  private String schedule;

  @Option(
      names = "--timezone",
      paramLabel = "ZONE",
      description = "Where the schedule's clock is (default: UTC).")
  private String timezone;

  @Option(
      names = {"-e", "--environment"},
      paramLabel = "NAME",
      description = "Runs the stages of this environment (default: test).")
  private String environment;

  @Option(
      names = "--image",
      paramLabel = "IMAGE",
      description = "The image of the jobs (default: the one that the platform was deployed with).")
  private String image;

  @Option(
      names = {"--spark-conf", "--conf"},
      paramLabel = "NAME=VALUE",
      description = "A setting of Spark's, for all jobs. Repeatable.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(
      names = "--secret",
      paramLabel = "NAME=SECRET/KEY",
      description =
          "Gives all jobs the variable NAME with the value that the Kubernetes secret SECRET of"
              + " namespace spark has under KEY. Repeatable.")
  private List<String> secrets = new ArrayList<>();

  @Override
  public Integer call() {
    ArcArguments arc = main.arcArguments();
    WorkflowOptions options =
        new WorkflowOptions(
            jobs,
            after,
            sizes,
            Optional.ofNullable(name),
            Optional.ofNullable(schedule),
            Optional.ofNullable(timezone),
            Optional.ofNullable(image),
            Optional.ofNullable(environment),
            arc.values(),
            secrets,
            settings);
    try {
      spec.commandLine()
          .getOut()
          .print(
              WorkflowManifest.of(
                  WorkflowPlan.of(options, JobFiles.appCode(), Redaction::isSecret)));
      spec.commandLine().getOut().flush();
      return ExitStatus.DONE;
    } catch (JobException e) {
      JobErrors.print(
          spec.commandLine().getErr(), e.problems(), Redaction.of(List.of(arc.values())));
      return ExitStatus.WRONG;
    }
  }
}
