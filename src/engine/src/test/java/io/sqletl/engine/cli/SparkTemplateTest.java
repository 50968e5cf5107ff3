package io.sqletl.engine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sqletl.engine.session.kubernetes.JobSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/**
 * The templates by which Argo runs the engine say what the engine says and take what Arc's took.
 * That Argo takes them is for its own linter.
 */
class SparkTemplateTest {

  private static final Path MANIFEST =
      Path.of("../platform/src/main/resources/io/sqletl/platform/manifests/spark-template.yaml");

  /** Section 1.8's, which workflows written for Arc rely on; what has no default must be given. */
  private static Map<String, String> defaults(
      String pullPolicy, String executors, String cores, String memory) {
    Map<String, String> defaults = new LinkedHashMap<>();
    defaults.put("jobId", null);
    defaults.put("configUri", null);
    defaults.put("image", "sql-etl/image");
    defaults.put("pullPolicy", pullPolicy);
    defaults.put("executorInstances", executors);
    defaults.put("executorCores", cores);
    defaults.put("executorMemory", memory);
    defaults.put("sparkConf", "");
    defaults.put("tags", "");
    defaults.put("parameters", "");
    defaults.put("environment", "test");
    return defaults;
  }

  @Test
  void hasTheTemplatesOfTheOriginal() throws IOException {
    assertThat(templates().keySet())
        .containsExactly("smallJob", "mediumJob", "largeJob", "sparkLocal");
    assertThat(parameters("sparkLocal")).isEqualTo(defaults("IfNotPresent", "1", "1", "1"));
  }

  @ParameterizedTest
  @EnumSource(JobSize.class)
  void hasTheSizesOfTheEngine(JobSize size) throws IOException {
    String name = size.name().toLowerCase(Locale.ROOT) + "Job";
    assertThat(parameters(name))
        .isEqualTo(
            defaults(
                "Always",
                String.valueOf(size.executors()),
                String.valueOf(size.cores()),
                size.memory().replace("g", "")));
    assertThat(environment(name)).containsEntry("ETL_JAVA_OPTS", "-Xmx" + size.driverHeap());
    Map<String, Object> resources = map(map(templates().get(name), "container"), "resources");
    assertThat(map(resources, "requests")).containsEntry("memory", size.driverPodMemory());
    assertThat(map(resources, "limits")).containsEntry("memory", size.driverPodMemory());
  }

  /** What is written three times must not drift apart. */
  @Test
  void differsBetweenSizesInSizesAlone() throws IOException {
    assertThat(withoutSizes("mediumJob")).isEqualTo(withoutSizes("smallJob"));
    assertThat(withoutSizes("largeJob")).isEqualTo(withoutSizes("smallJob"));
  }

  /** Every argument is one that the command takes, and what is wrong is found before a run. */
  @ParameterizedTest
  @ValueSource(strings = {"smallJob", "sparkLocal"})
  void startsTheCommandWithArgumentsThatItTakes(String name) throws IOException {
    Map<String, Object> container = map(templates().get(name), "container");
    assertThat(container).containsEntry("command", List.of("etl", "run"));
    List<String> arguments = new ArrayList<>(List.of("run"));
    for (Object argument : (List<?>) container.get("args")) {
      arguments.add(
          argument
              .toString()
              .replace("{{inputs.parameters.executorInstances}}", "1..3")
              .replace("{{inputs.parameters.executorCores}}", "2")
              .replace("{{inputs.parameters.executorMemory}}", "10")
              .replace("{{inputs.parameters.configUri}}", "nosuch.ipynb"));
    }
    arguments.addAll(List.of("--conf", "spark.driver.host=10.0.0.1", "--conf"));
    arguments.add("spark.kubernetes.container.image=arc");
    CommandLineFixture run = CommandLineFixture.etl(arguments.toArray(String[]::new));
    assertThat(run.err()).startsWith("There is no file nosuch.ipynb").doesNotContain("USAGE");
    assertThat(run.status()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"smallJob", "mediumJob", "largeJob", "sparkLocal"})
  void keepsDriversOnDemandAndUnprivileged(String name) throws IOException {
    Map<String, Object> template = templates().get(name);
    assertThat(map(template, "nodeSelector")).containsEntry("lifecycle", "OnDemand");
    assertThat(map(template, "securityContext"))
        .containsEntry("runAsNonRoot", true)
        .containsEntry("runAsUser", 185);
    assertThat(map(map(template, "container"), "securityContext"))
        .containsEntry("allowPrivilegeEscalation", false)
        .containsEntry("readOnlyRootFilesystem", true);
    assertThat(map(template, "retryStrategy"))
        .isEqualTo(map(templates().get("smallJob"), "retryStrategy"));
  }

  private static Map<String, Object> withoutSizes(String name) throws IOException {
    Map<String, Object> template = templates().get(name);
    template.remove("name");
    map(template, "inputs").remove("parameters");
    Map<String, Object> container = map(template, "container");
    container.remove("resources");
    list(container, "env").removeIf(variable -> "ETL_JAVA_OPTS".equals(variable.get("name")));
    return template;
  }

  private static Map<String, String> parameters(String name) throws IOException {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (Map<String, Object> parameter : list(map(templates().get(name), "inputs"), "parameters")) {
      Map<String, Object> from = map(parameter, "valueFrom");
      Map<String, Object> key = from == null ? null : map(from, "configMapKeyRef");
      parameters.put(
          (String) parameter.get("name"),
          key == null ? (String) parameter.get("value") : key.get("name") + "/" + key.get("key"));
    }
    return parameters;
  }

  private static Map<String, Object> environment(String name) throws IOException {
    Map<String, Object> environment = new LinkedHashMap<>();
    list(map(templates().get(name), "container"), "env")
        .forEach(variable -> environment.put((String) variable.get("name"), variable.get("value")));
    return environment;
  }

  private static Map<String, Map<String, Object>> templates() throws IOException {
    Map<String, Object> document = new Yaml().load(Files.readString(MANIFEST));
    Map<String, Map<String, Object>> templates = new LinkedHashMap<>();
    list(map(document, "spec"), "templates")
        .forEach(template -> templates.put((String) template.get("name"), template));
    return templates;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Map<String, Object> parent, String key) {
    return (Map<String, Object>) parent.get(key);
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> list(Map<String, Object> parent, String key) {
    return (List<Map<String, Object>>) parent.get(key);
  }
}
