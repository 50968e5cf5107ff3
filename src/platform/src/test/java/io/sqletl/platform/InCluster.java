package io.sqletl.platform;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What the stack applies to the cluster, read from its template. Tokens are as in {@link Rendered}.
 */
final class InCluster {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MANIFEST = "Custom::AWSCDK-EKS-KubernetesResource";
  private static final String CHART = "Custom::AWSCDK-EKS-HelmChart";

  private final Synthesis stack;
  private final List<JsonNode> objects = new ArrayList<>();

  InCluster(Synthesis stack) {
    this.stack = stack;
    for (Synthesis.Resource resource : stack.resources(MANIFEST)) {
      parse(resource.properties().path("Manifest")).forEach(objects::add);
    }
  }

  private static JsonNode parse(JsonNode value) {
    try {
      return JSON.readTree(Rendered.text(value));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The objects of our own manifests, those of charts left out. */
  Stream<JsonNode> objects() {
    return objects.stream();
  }

  Stream<JsonNode> objects(String kind) {
    return objects().filter(object -> object.path("kind").asText().equals(kind));
  }

  /**
   * An object of our own manifests.
   *
   * @param namespace empty for one of the whole cluster
   * @throws AssertionError when there is not exactly one
   */
  JsonNode object(String kind, String namespace, String name) {
    List<JsonNode> found =
        objects(kind)
            .filter(object -> object.at("/metadata/namespace").asText().equals(namespace))
            .filter(object -> object.at("/metadata/name").asText().equals(name))
            .toList();
    if (found.size() != 1) {
      throw new AssertionError(
          "There are %d of %s %s/%s".formatted(found.size(), kind, namespace, name));
    }
    return found.get(0);
  }

  /** The resources that install charts. */
  List<Synthesis.Resource> charts() {
    return stack.resources(CHART);
  }

  Synthesis.Resource chart(String name) {
    return charts().stream()
        .filter(chart -> chart.properties().path("Chart").asText().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("There is no chart " + name));
  }

  JsonNode values(String chart) {
    return parse(chart(chart).properties().path("Values"));
  }

  /**
   * What a service account may do, as {@code verb group/resource}, by roles and bindings of ours.
   */
  List<String> rights(String namespace, String serviceAccount) {
    return Stream.of("RoleBinding", "ClusterRoleBinding")
        .flatMap(this::objects)
        .filter(binding -> binds(binding, namespace, serviceAccount))
        .flatMap(
            binding ->
                rules(
                    object(
                        binding.at("/roleRef/kind").asText(),
                        binding.at("/metadata/namespace").asText(),
                        binding.at("/roleRef/name").asText())))
        .sorted()
        .toList();
  }

  private static boolean binds(JsonNode binding, String namespace, String serviceAccount) {
    return elements(binding.path("subjects"))
        .anyMatch(
            subject ->
                subject.path("kind").asText().equals("ServiceAccount")
                    && subject.path("namespace").asText().equals(namespace)
                    && subject.path("name").asText().equals(serviceAccount));
  }

  private static Stream<String> rules(JsonNode role) {
    return elements(role.path("rules"))
        .flatMap(
            rule ->
                elements(rule.path("resources"))
                    .flatMap(
                        resource ->
                            elements(rule.path("verbs"))
                                .map(verb -> verb.asText() + " " + resource.asText())));
  }

  static Stream<JsonNode> elements(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }
}
