package io.sqletl.engine.workflow;

import java.util.List;

/**
 * One job of a workflow.
 *
 * @param name names the step: lower-case letters, digits and hyphens
 * @param uri the job's file, as a pod reaches it; may hold Argo's parameters
 * @param size the template that runs it
 * @param after the names of the steps that must have succeeded before
 */
public record WorkflowStep(String name, String uri, StepSize size, List<String> after) {

  public WorkflowStep {
    after = List.copyOf(after);
  }
}
