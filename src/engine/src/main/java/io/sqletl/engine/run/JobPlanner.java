package io.sqletl.engine.run;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.JobException;
import io.sqletl.engine.job.JobOptions;
import io.sqletl.engine.job.JobSource;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.job.Variables;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageTypes;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Checks a job whole, without Spark and without data, and makes it ready to run. Everything that is
 * wrong is reported together, in the order of the job.
 */
public final class JobPlanner {

  private JobPlanner() {}

  /** Whether a name that no stage makes may be a table that was there before. */
  public enum TableNames {
    /** The session begins with an empty catalogue. */
    FROM_STAGES,
    /** The session is connected to a metastore. */
    FROM_METASTORE
  }

  /**
   * Plans a job, and the jobs that it runs.
   *
   * @param files reads the SQL and schema files that stages refer to
   * @throws JobException with everything that is wrong
   */
  public static PlannedJob plan(
      JobSource job,
      Variables variables,
      JobOptions options,
      StagePlanning.TextFiles files,
      StageTypes types,
      TableNames tables) {
    return plan(job, variables, options, files, types, tables, List.of(), /* isWhole */ true);
  }

  /**
   * Plans a piece of a job that is run piece by piece.
   *
   * @param views the views that earlier pieces made
   * @throws JobException with everything that is wrong
   */
  public static PlannedJob plan(
      JobSource job,
      Variables variables,
      JobOptions options,
      StagePlanning.TextFiles files,
      StageTypes types,
      TableNames tables,
      List<String> views) {
    return plan(job, variables, options, files, types, tables, views, /* isWhole */ false);
  }

  private static PlannedJob plan(
      JobSource job,
      Variables variables,
      JobOptions options,
      StagePlanning.TextFiles files,
      StageTypes types,
      TableNames tables,
      List<String> views,
      boolean isWhole) {
    requireAllowed(job, options);
    Plan plan = new Plan(options, files, types, tables);
    views.forEach(plan.viewCheck()::made);
    new BlockPlanner(plan, job, variables).plan();
    plan.checkVariables(job, variables.given());
    plan.checkChangedInputs();
    if (isWhole) {
      UnheardOutcomes.check(plan.stages(), plan.plugins().plugins().lifecycle(), plan::problem);
    }
    if (plan.problems().isEmpty() && plan.stages().isEmpty()) {
      plan.problem(nothingRuns(job, plan));
    }
    if (!plan.problems().isEmpty()) {
      throw new JobException(plan.problems());
    }
    return plan.job(job);
  }

  private static void requireAllowed(JobSource job, JobOptions options) {
    if (!options.notebooks() && job.uri().endsWith(".ipynb")) {
      throw new JobException(
          new Problem(
              ErrorCode.POLICY,
              null,
              "A policy of this run forbids notebooks as jobs: " + job.uri(),
              "give the job as .conf or .json, or set etl.policy.ipynb to true"));
    }
  }

  private static Problem nothingRuns(JobSource job, Plan plan) {
    if (job.blocks().isEmpty()) {
      return Problem.of(ErrorCode.NO_STAGES, job.uri() + ": The job has no stages")
          .withRemedy("`etl stages` lists what a cell may hold");
    }
    Set<String> environments = new TreeSet<>();
    plan.skipped().forEach(stage -> environments.addAll(stage.environments()));
    String what =
        "None of the "
            + job.blocks().size()
            + " stages runs in the environment \""
            + plan.options().environment()
            + "\"";
    return Problem.of(ErrorCode.NO_STAGES, job.uri() + ": " + what)
        .withRemedy(
            environments.isEmpty()
                ? "give each stage \"environments\", or run with --all-environments"
                : "the job knows "
                    + String.join(", ", environments)
                    + "; choose with --environment, or run with --all-environments");
  }
}
