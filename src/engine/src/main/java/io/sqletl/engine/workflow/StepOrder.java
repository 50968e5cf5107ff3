package io.sqletl.engine.workflow;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.NearestName;
import io.sqletl.engine.job.Problem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which step runs after which: {@code merge=load} is {@code merge} after {@code load}. */
final class StepOrder {

  private final List<String> steps;
  private final Map<String, List<String>> after = new LinkedHashMap<>();
  private final List<Problem> problems;

  private StepOrder(Collection<String> steps, List<Problem> problems) {
    this.steps = List.copyOf(steps);
    this.problems = problems;
    steps.forEach(step -> after.put(step, new ArrayList<>()));
  }

  /**
   * Reads an order.
   *
   * @param rules {@code LATER=EARLIER} or {@code LATER=EARLIER,EARLIER}
   * @param problems takes what is wrong
   * @return the steps that each step waits for
   */
  static Map<String, List<String>> of(
      Collection<String> steps, List<String> rules, List<Problem> problems) {
    StepOrder order = new StepOrder(steps, problems);
    rules.forEach(order::add);
    order.refuseCycle();
    return order.after;
  }

  private void add(String rule) {
    int equals = rule.indexOf('=');
    if (equals < 1 || equals == rule.length() - 1) {
      problems.add(
          new Problem(
              ErrorCode.USAGE,
              null,
              "--after " + rule + " does not say which job runs after which",
              "write --after LATER=EARLIER, such as --after "
                  + steps.get(steps.size() - 1)
                  + "="
                  + steps.get(0)));
      return;
    }
    Optional<String> later = known(rule, rule.substring(0, equals));
    for (String text : rule.substring(equals + 1).split(",")) {
      Optional<String> earlier = known(rule, text);
      if (later.isPresent()
          && earlier.isPresent()
          && !after.get(later.get()).contains(earlier.get())) {
        after.get(later.get()).add(earlier.get());
      }
    }
  }

  private Optional<String> known(String rule, String text) {
    String name = WorkflowPlan.stepName(text);
    if (after.containsKey(name)) {
      return Optional.of(name);
    }
    problems.add(
        new Problem(
            ErrorCode.USAGE,
            null,
            "--after " + rule + " names \"" + text.strip() + "\", which is none of the jobs",
            NearestName.question(name, steps).orElse("the jobs are " + String.join(", ", steps))));
    return Optional.empty();
  }

  private void refuseCycle() {
    Map<String, Boolean> finished = new LinkedHashMap<>();
    for (String step : steps) {
      List<String> cycle = cycleFrom(step, new ArrayList<>(), finished);
      if (!cycle.isEmpty()) {
        problems.add(
            new Problem(
                ErrorCode.USAGE,
                null,
                "The jobs wait for each other: " + String.join(" after ", cycle),
                "leave out one --after of the circle"));
        return;
      }
    }
  }

  private List<String> cycleFrom(String step, List<String> path, Map<String, Boolean> finished) {
    int seen = path.indexOf(step);
    path.add(step);
    if (seen >= 0) {
      return path.subList(seen, path.size());
    }
    if (finished.putIfAbsent(step, true) == null) {
      for (String earlier : after.get(step)) {
        List<String> cycle = cycleFrom(earlier, new ArrayList<>(path), finished);
        if (!cycle.isEmpty()) {
          return cycle;
        }
      }
    }
    return List.of();
  }
}
