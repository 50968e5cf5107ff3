package io.sqletl.engine.workflow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.Yaml;

/** Argo's form of a workflow, as YAML. */
public final class WorkflowManifest {

  /** The workflow's parameter that names the code bucket. */
  static final String BUCKET = "codeBucket";

  private static final String API = "argoproj.io/v1alpha1";
  private static final String NAMESPACE = "spark";
  private static final String SERVICE_ACCOUNT = "arcjob";
  private static final String TEMPLATE = "spark-template";

  /** The config map by which the stack tells jobs what it made. */
  private static final String CONFIG_MAP = "sql-etl";

  private final WorkflowPlan plan;
  private final WorkflowOptions options;

  private WorkflowManifest(WorkflowPlan plan) {
    this.plan = plan;
    this.options = plan.options();
  }

  /** The manifest of a workflow, or of a cron workflow where there is a schedule. */
  public static String of(WorkflowPlan plan) {
    return new Yaml(style()).dump(new WorkflowManifest(plan).document());
  }

  private static DumperOptions style() {
    DumperOptions style = new DumperOptions();
    style.setDefaultFlowStyle(FlowStyle.BLOCK);
    style.setIndicatorIndent(2);
    style.setIndentWithIndicator(true);
    style.setSplitLines(false);
    return style;
  }

  private Map<String, Object> document() {
    return options.schedule().isPresent() ? cronWorkflow(options.schedule().get()) : workflow();
  }

  private Map<String, Object> workflow() {
    Map<String, Object> metadata = new LinkedHashMap<>();
    if (options.name().isPresent()) {
      metadata.put("name", plan.title());
    } else {
      metadata.put("generateName", plan.title() + "-");
    }
    metadata.put("namespace", NAMESPACE);
    return object("Workflow", metadata, workflowSpec());
  }

  private Map<String, Object> cronWorkflow(String schedule) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("name", plan.title());
    metadata.put("namespace", NAMESPACE);
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("schedules", List.of(schedule.strip()));
    options.timezone().ifPresent(zone -> spec.put("timezone", zone));
    // Two runs of one load at a time would write the same tables
    spec.put("concurrencyPolicy", "Forbid");
    // A controller that was away makes up for a run that it missed by no more than an hour
    spec.put("startingDeadlineSeconds", 3600);
    spec.put("workflowSpec", workflowSpec());
    return object("CronWorkflow", metadata, spec);
  }

  private static Map<String, Object> object(
      String kind, Map<String, Object> metadata, Map<String, Object> spec) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("apiVersion", API);
    object.put("kind", kind);
    object.put("metadata", metadata);
    object.put("spec", spec);
    return object;
  }

  private Map<String, Object> workflowSpec() {
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("serviceAccountName", SERVICE_ACCOUNT);
    spec.put("entrypoint", plan.title());
    if (plan.steps().stream().anyMatch(step -> step.uri().contains(BUCKET))) {
      Map<String, Object> bucket = new LinkedHashMap<>();
      bucket.put("name", BUCKET);
      Map<String, Object> key = new LinkedHashMap<>();
      key.put("name", CONFIG_MAP);
      key.put("key", BUCKET);
      bucket.put("valueFrom", Map.of("configMapKeyRef", key));
      spec.put("arguments", Map.of("parameters", List.of(bucket)));
    }
    if (!plan.secrets().isEmpty()) {
      // The templates are the platform's, and take no list of variables
      spec.put("podSpecPatch", new Yaml(style()).dump(SecretReference.patch(plan.secrets())));
    }
    Map<String, Object> template = new LinkedHashMap<>();
    template.put("name", plan.title());
    template.put("dag", Map.of("tasks", plan.steps().stream().map(this::task).toList()));
    spec.put("templates", List.of(template));
    return spec;
  }

  private Map<String, Object> task(WorkflowStep step) {
    Map<String, Object> task = new LinkedHashMap<>();
    task.put("name", step.name());
    if (!step.after().isEmpty()) {
      task.put("dependencies", step.after());
    }
    Map<String, Object> template = new LinkedHashMap<>();
    template.put("name", TEMPLATE);
    template.put("template", step.size().template());
    template.put("clusterScope", true);
    task.put("templateRef", template);
    List<Map<String, Object>> parameters = new ArrayList<>();
    parameters.add(parameter("jobId", step.name()));
    parameters.add(parameter("configUri", step.uri()));
    options.image().ifPresent(image -> parameters.add(parameter("image", image)));
    options.environment().ifPresent(name -> parameters.add(parameter("environment", name)));
    if (!options.sparkSettings().isEmpty()) {
      parameters.add(parameter("sparkConf", words("--conf ", options.sparkSettings())));
    }
    if (!options.variables().isEmpty()) {
      parameters.add(parameter("parameters", words("--", options.variables())));
    }
    task.put("arguments", Map.of("parameters", parameters));
    return task;
  }

  private static Map<String, Object> parameter(String name, String value) {
    Map<String, Object> parameter = new LinkedHashMap<>();
    parameter.put("name", name);
    parameter.put("value", value);
    return parameter;
  }

  private static String words(String before, Map<String, String> values) {
    return values.entrySet().stream()
        .map(pair -> before + quoted(pair.getKey() + "=" + pair.getValue()))
        .collect(Collectors.joining(" "));
  }

  /** As a shell reads it back as one word. */
  private static String quoted(String word) {
    return word.matches("[A-Za-z0-9_./:=,@%+*{}-]*")
        ? word
        : "'" + word.replace("'", "'\\''") + "'";
  }
}
