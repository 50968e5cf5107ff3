package io.sqletl.engine.run;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.JobException;
import io.sqletl.engine.job.JobReader;
import io.sqletl.engine.job.JobSource;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.job.SourceText;
import io.sqletl.engine.job.Variables;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.execute.PipelineExecute;
import java.util.Optional;

/** Puts the stages of another job where a PipelineExecute stands. */
final class PipelinePlanner {

  private final Plan plan;
  private final Variables variables;
  private final PipelineChain chain;

  PipelinePlanner(Plan plan, Variables variables, PipelineChain chain) {
    this.plan = plan;
    this.variables = variables;
    this.chain = chain;
  }

  /** Plans the other job; its errors name its own file, cells and lines. */
  void plan(PipelineExecute keys, StagePlanning planning) {
    String uri = keys.uri();
    Optional<String> circle = chain.circle(uri);
    if (circle.isPresent()) {
      plan.problem(
          new Problem(
              ErrorCode.PIPELINE_CYCLE,
              planning.block().valuePosition("uri"),
              "The job runs itself: " + circle.get(),
              "remove one of these PipelineExecute stages"));
      return;
    }
    if (!plan.options().notebooks() && uri.endsWith(".ipynb")) {
      plan.problem(
          new Problem(
              ErrorCode.POLICY,
              planning.block().valuePosition("uri"),
              "A policy of this run forbids notebooks as jobs: " + uri,
              "give the job as .conf or .json, or set etl.policy.ipynb to true"));
      return;
    }
    planning.read("uri", uri).flatMap(this::parse).ifPresent(this::plan);
  }

  private Optional<JobSource> parse(SourceText text) {
    try {
      return Optional.of(JobReader.read(text.file(), text.text(), plan.files()::readBeside));
    } catch (JobException e) {
      e.problems().forEach(plan::problem);
      return Optional.empty();
    }
  }

  private void plan(JobSource pipeline) {
    plan.pipeline(pipeline);
    new BlockPlanner(plan, pipeline, variables.ofPipeline(pipeline), chain.with(pipeline.uri()))
        .plan();
  }
}
