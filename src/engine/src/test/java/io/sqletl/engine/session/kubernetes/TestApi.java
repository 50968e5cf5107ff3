package io.sqletl.engine.session.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Kubernetes API over HTTP that keeps objects and tells watchers, made of fabric8's mock server.
 * It is no kube-apiserver: it validates nothing. What tests need beyond keeping objects is here:
 * access reviews, refusals, and pods that stay until a kubelet lets them go.
 */
final class TestApi implements AutoCloseable {

  /** What the test's own clients say that they are, so that their requests do not count. */
  private static final String OWN_AGENT = "kubelet-of-the-test";

  /** Keeps a pod that is deleted until the kubelet has ended its process. */
  static final String FINALIZER = "sqletl.io/kubelet";

  private static final Pattern PATH =
      Pattern.compile(
          "/(?:api|apis/[^/]+)/[^/]+/(?:namespaces/[^/]+/)?([a-z]+)(?:/([^/?]+))?(?:/([a-z]+))?"
              + "(\\?.*)?");

  /** Kept, since a logger that nobody keeps forgets its level. */
  private static final java.util.logging.Logger SERVER_LOG =
      java.util.logging.Logger.getLogger(MockWebServer.class.getName());

  static {
    SERVER_LOG.setLevel(java.util.logging.Level.OFF);
  }

  private final KubernetesMockServer server;
  private final Set<String> used = new ConcurrentSkipListSet<>();
  private final Set<String> denied = ConcurrentHashMap.newKeySet();
  private final Map<String, Refusal> refusals = new ConcurrentHashMap<>();

  /** An answer that is no success. */
  private record Refusal(int status, String reason, String message) {}

  TestApi() {
    server =
        new KubernetesMockServer(
            new Context(),
            new MockWebServer(),
            new HashMap<>(),
            new Dispatcher(),
            /* useHttps= */ false);
    server.init();
  }

  /** The address as Spark's master. */
  String master() {
    return "k8s://http://" + server.getHostName() + ":" + server.getPort();
  }

  KubernetesClient client() {
    return server.createClient(
        builder ->
            builder.editOrNewConfig().withUserAgent(OWN_AGENT).withNamespace("spark").endConfig());
  }

  /** Everything that was done, as {@code verb resource}. */
  Set<String> used() {
    return new TreeSet<>(used);
  }

  /** From now on the service account may not do this. */
  void deny(String right) {
    denied.add(right);
  }

  /** From now on the creation of pods is refused. */
  void refusePods(int status, String reason, String message) {
    refusals.put("pods", new Refusal(status, reason, message));
  }

  @Override
  public void close() {
    server.destroy();
  }

  private final class Dispatcher extends KubernetesCrudDispatcher {

    @Override
    public MockResponse dispatch(RecordedRequest request) {
      Matcher path = PATH.matcher(request.getPath());
      boolean own = String.valueOf(request.getHeader("User-Agent")).contains(OWN_AGENT);
      if (!path.matches()) {
        return super.dispatch(request);
      }
      String resource = path.group(1);
      if (resource.equals("selfsubjectaccessreviews")) {
        return review(request);
      }
      String right = verb(request, path) + " " + resource;
      if (!own) {
        used.add(right);
        Optional<Refusal> refusal = refusal(right);
        if (refusal.isPresent()) {
          return answer(refusal.get());
        }
      }
      return super.dispatch(request);
    }

    @Override
    public MockResponse handleCreate(RecordedRequest request) {
      if (!PATH.matcher(request.getPath()).matches()
          || !request.getPath().matches(".*/pods(\\?.*)?")) {
        return super.handleCreate(request);
      }
      return super.handleCreate(
          new RecordedRequest(
              request.getHttpVersion(),
              request.method(),
              request.getPath(),
              request.getHeaders(),
              new io.fabric8.mockwebserver.http.Buffer(
                  kept(request.getBody().readUtf8())
                      .getBytes(java.nio.charset.StandardCharsets.UTF_8))));
    }

    private String kept(String pod) {
      ObjectNode node = (ObjectNode) Serialization.unmarshal(pod, JsonNode.class);
      ((ObjectNode) node.get("metadata")).putArray("finalizers").add(FINALIZER);
      node.putObject("status").put("phase", "Pending");
      return node.toString();
    }

    private MockResponse review(RecordedRequest request) {
      ObjectNode review =
          (ObjectNode) Serialization.unmarshal(request.getBody().readUtf8(), JsonNode.class);
      JsonNode asked = review.path("spec").path("resourceAttributes");
      String right = asked.path("verb").asText() + " " + asked.path("resource").asText();
      review.putObject("status").put("allowed", !denied.contains(right));
      return new MockResponse().setResponseCode(201).setBody(review.toString());
    }

    private Optional<Refusal> refusal(String right) {
      if (denied.contains(right)) {
        return Optional.of(new Refusal(403, "Forbidden", right + " is forbidden"));
      }
      return right.equals("create pods")
          ? Optional.ofNullable(refusals.get("pods"))
          : Optional.empty();
    }

    private MockResponse answer(Refusal refusal) {
      ObjectNode status = com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.objectNode();
      status.put("kind", "Status").put("apiVersion", "v1").put("status", "Failure");
      status.put("message", refusal.message()).put("reason", refusal.reason());
      status.put("code", refusal.status());
      return new MockResponse().setResponseCode(refusal.status()).setBody(status.toString());
    }

    private String verb(RecordedRequest request, Matcher path) {
      boolean named = path.group(2) != null;
      String query = String.valueOf(path.group(4));
      return switch (request.getMethod()) {
        case "POST" -> "create";
        case "PUT" -> "update";
        case "PATCH" -> "patch";
        case "DELETE" -> named ? "delete" : "deletecollection";
        default -> query.contains("watch=true") ? "watch" : named ? "get" : "list";
      };
    }
  }
}
