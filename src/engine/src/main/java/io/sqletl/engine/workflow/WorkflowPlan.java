package io.sqletl.engine.workflow;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.JobException;
import io.sqletl.engine.job.JobReader;
import io.sqletl.engine.job.NearestName;
import io.sqletl.engine.job.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A workflow, checked.
 *
 * @param title names what it is for: that of the options, else that of its last job
 * @param steps its jobs, in the order in which they were given
 * @param secrets variables whose values the cluster holds
 * @param options what was asked besides
 */
public record WorkflowPlan(
    String title,
    List<WorkflowStep> steps,
    List<SecretReference> secrets,
    WorkflowOptions options) {

  /** The folder of the bucket that it is shipped to; the bucket is a parameter of the workflow. */
  private static final String IN_BUCKET =
      "s3a://{{workflow.parameters." + WorkflowManifest.BUCKET + "}}/app_code/";

  /** As Kubernetes has names, short enough for the pods' names to come. */
  private static final Pattern NAME = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,50}[a-z0-9])?");

  private static final String CRON_FIELD = "(?:\\*|[0-9A-Za-z]+(?:-[0-9A-Za-z]+)?)(?:/[0-9]+)?";
  private static final Pattern CRON =
      Pattern.compile(
          "@(?:hourly|daily|midnight|weekly|monthly|yearly|annually)|@every \\S+|"
              + String.join(
                  "\\s+",
                  java.util.Collections.nCopies(5, CRON_FIELD + "(?:," + CRON_FIELD + ")*")));

  public WorkflowPlan {
    steps = List.copyOf(steps);
    secrets = List.copyOf(secrets);
  }

  /**
   * Checks what was asked.
   *
   * @param shipped the folder whose files deploying copies to the code bucket
   * @param isSecret whether a variable or setting of this name holds a secret
   * @throws JobException with everything that is wrong
   */
  public static WorkflowPlan of(WorkflowOptions options, Path shipped, Predicate<String> isSecret) {
    return new Check(options, shipped, isSecret).plan();
  }

  /** How a step is called that runs this job, or that the user calls so. */
  static String stepName(String job) {
    String file = job.strip().replaceFirst("[?#].*$", "").replaceFirst("^.*/", "");
    return file.replaceFirst("\\.(?:ipynb|conf|json|hocon)$", "")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^a-z0-9]+", "-")
        .replaceAll("^-+|-+$", "");
  }

  /** Gathers what is wrong, so that one try shows it all. */
  private static final class Check {

    private final WorkflowOptions options;
    private final Path shipped;
    private final Predicate<String> isSecret;
    private final List<Problem> problems = new ArrayList<>();

    Check(WorkflowOptions options, Path shipped, Predicate<String> isSecret) {
      this.options = options;
      this.isSecret = isSecret;
      this.shipped = shipped.toAbsolutePath().normalize();
    }

    WorkflowPlan plan() {
      Map<String, String> uris = uris();
      Map<String, StepSize> sizes = sizes(uris.keySet());
      Map<String, List<String>> after = StepOrder.of(uris.keySet(), options.after(), problems);
      String title = title(List.copyOf(uris.keySet()));
      checkSchedule();
      List<SecretReference> secrets = secrets();
      requireNoSecretInPlainText();
      if (!problems.isEmpty()) {
        throw new JobException(problems);
      }
      List<WorkflowStep> steps =
          uris.entrySet().stream()
              .map(
                  job ->
                      new WorkflowStep(
                          job.getKey(),
                          job.getValue(),
                          sizes.get(job.getKey()),
                          after.get(job.getKey())))
              .toList();
      return new WorkflowPlan(title, steps, secrets, options);
    }

    private Map<String, String> uris() {
      Map<String, String> uris = new LinkedHashMap<>();
      for (String job : options.jobs()) {
        String name = stepName(job);
        if (!NAME.matcher(name).matches()) {
          wrong(
              "The file " + job + " gives no name that Kubernetes takes",
              "call it by at most 52 letters, digits, hyphens and underscores");
        }
        String before = uris.putIfAbsent(name, uri(job));
        if (before != null) {
          wrong(
              "Two jobs would be called \"" + name + "\"",
              "give one of the files another name; a job may run only once in a workflow");
        }
      }
      return uris;
    }

    /** What a pod reads. */
    private String uri(String job) {
      if (job.matches("(?:s3a|https?)://.*")) {
        return job;
      }
      if (job.startsWith("s3://")) {
        wrong(job + " is read by S3A", "write s3a:// in place of s3://");
        return job;
      }
      Path file = Path.of(job).toAbsolutePath().normalize();
      try {
        JobReader.read(
            job,
            Files.readString(file),
            (main, name) -> Files.readString(file.resolveSibling(name)));
      } catch (JobException e) {
        problems.addAll(e.problems());
      } catch (IOException e) {
        problems.add(
            new Problem(
                ErrorCode.JOB_NOT_FOUND,
                null,
                "There is no job " + job,
                "give the path of a file"));
        return job;
      }
      if (!file.startsWith(shipped)) {
        wrong(
            "A pod cannot read " + job + " of this machine",
            "put it under deployment/app_code/job, which deploying copies to the bucket, or give an"
                + " s3a: or https: URI");
        return job;
      }
      return IN_BUCKET
          + shipped.relativize(file).toString().replace(java.io.File.separatorChar, '/');
    }

    private Map<String, StepSize> sizes(java.util.Collection<String> steps) {
      Map<String, StepSize> sizes = new LinkedHashMap<>();
      steps.forEach(step -> sizes.put(step, StepSize.SMALL));
      // Those for all jobs first, so that one for a job stands wherever it is given
      for (String text : options.sizes()) {
        if (text.indexOf('=') < 0) {
          size(text).ifPresent(size -> sizes.replaceAll((step, before) -> size));
        }
      }
      for (String text : options.sizes()) {
        int equals = text.indexOf('=');
        if (equals < 0) {
          continue;
        }
        String step = stepName(text.substring(0, equals));
        Optional<StepSize> size = size(text.substring(equals + 1));
        if (sizes.containsKey(step)) {
          size.ifPresent(given -> sizes.put(step, given));
        } else {
          wrong(
              "--size " + text + " names no job of the workflow",
              NearestName.question(step, steps).orElse("the jobs are " + String.join(", ", steps)));
        }
      }
      return sizes;
    }

    private Optional<StepSize> size(String text) {
      Optional<StepSize> size =
          Arrays.stream(StepSize.values())
              .filter(known -> known.name().equalsIgnoreCase(text.strip()))
              .findFirst();
      if (size.isEmpty()) {
        wrong(
            "There is no size \"" + text + "\"",
            "choose small, medium, large or local, or JOB=SIZE for one job");
      }
      return size;
    }

    private List<SecretReference> secrets() {
      Map<String, SecretReference> secrets = new LinkedHashMap<>();
      for (String text : options.secrets()) {
        Optional<SecretReference> reference = SecretReference.parse(text);
        if (reference.isEmpty()) {
          // The text itself may be a secret's value
          wrong(
              "--secret takes a variable, the name of a Kubernetes secret and a key in it, never"
                  + " the value",
              "write --secret NAME=SECRET/KEY, such as --secret DB_LOGIN=warehouse/login");
        } else if (secrets.putIfAbsent(reference.get().variable(), reference.get()) != null
            || options.variables().containsKey(reference.get().variable())) {
          wrong(
              "The variable " + reference.get().variable() + " is given twice",
              "leave one of them out");
        }
      }
      return List.copyOf(secrets.values());
    }

    /** Whoever may look at workflows would read it, in Argo's page too. */
    private void requireNoSecretInPlainText() {
      options.variables().keySet().stream()
          .filter(isSecret)
          .forEach(
              name ->
                  wrong(
                      "The value of " + name + " would stand in the workflow for everybody to read",
                      "put it into a Kubernetes secret and give "
                          + name
                          + " with --secret NAME=SECRET/KEY"));
      options.sparkSettings().keySet().stream()
          .filter(isSecret)
          .forEach(
              name ->
                  wrong(
                      "The value of " + name + " would stand in the workflow for everybody to read",
                      "put it into a Kubernetes secret; give the job a variable with --secret"
                          + " NAME=SECRET/KEY, and name it in the stage's \"authentication\" or"
                          + " \"options\""));
    }

    private String title(List<String> steps) {
      String title = options.name().orElse(steps.get(steps.size() - 1));
      if (!NAME.matcher(title).matches()) {
        wrong(
            "--name " + title + " is no name that Kubernetes takes",
            "use at most 52 lower-case letters, digits and hyphens");
      }
      return title;
    }

    private void checkSchedule() {
      options
          .schedule()
          .filter(schedule -> !CRON.matcher(schedule.strip()).matches())
          .ifPresent(
              schedule ->
                  wrong(
                      "--schedule \"" + schedule + "\" is no schedule of cron's",
                      "write minute, hour, day, month and weekday, such as \"0 5 * * *\" for every"
                          + " day at five, or @hourly, @daily, @weekly, @monthly"));
      options
          .timezone()
          .ifPresent(
              zone -> {
                if (options.schedule().isEmpty()) {
                  wrong("--timezone is for a schedule", "add --schedule, or leave it out");
                }
                try {
                  ZoneId.of(zone);
                } catch (DateTimeException e) {
                  wrong(
                      "There is no time zone \"" + zone + "\"",
                      NearestName.question(zone, ZoneId.getAvailableZoneIds())
                          .orElse("write it as Europe/Berlin"));
                }
              });
    }

    private void wrong(String message, String remedy) {
      problems.add(new Problem(ErrorCode.USAGE, null, message, remedy));
    }
  }
}
