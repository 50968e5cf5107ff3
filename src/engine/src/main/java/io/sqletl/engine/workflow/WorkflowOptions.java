package io.sqletl.engine.workflow;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is asked of a workflow, as it was typed.
 *
 * @param jobs files of this machine, or URIs that a pod reaches
 * @param after {@code LATER=EARLIER}
 * @param sizes {@code SIZE}, or {@code JOB=SIZE} for one of the jobs
 * @param name the name of the workflow; without one, each submission gets its own
 * @param schedule when it runs, as cron has it; empty for at once
 * @param timezone where the schedule's clock is, such as {@code Europe/Berlin}
 * @param image the image of all jobs; empty for that of the platform
 * @param environment the environment whose stages run
 * @param variables variables of the jobs
 * @param secrets {@code NAME=SECRET/KEY}: variables of the jobs that secrets of the cluster hold
 * @param sparkSettings settings of Spark's
 */
public record WorkflowOptions(
    List<String> jobs,
    List<String> after,
    List<String> sizes,
    Optional<String> name,
    Optional<String> schedule,
    Optional<String> timezone,
    Optional<String> image,
    Optional<String> environment,
    Map<String, String> variables,
    List<String> secrets,
    Map<String, String> sparkSettings) {

  public WorkflowOptions {
    jobs = List.copyOf(jobs);
    after = List.copyOf(after);
    sizes = List.copyOf(sizes);
    secrets = List.copyOf(secrets);
  }
}
