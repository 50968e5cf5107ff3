package io.sqletl.engine.workflow;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A variable of jobs whose value is in a secret of the cluster; the value itself is nowhere in a
 * workflow.
 *
 * @param variable the name that jobs use, and the pod's environment variable
 * @param secret the name of the Kubernetes secret, in the namespace of the jobs
 * @param key the key in it
 */
record SecretReference(String variable, String secret, String key) {

  /** Names as Kubernetes has them: of environment variables, of secrets, and of their keys. */
  private static final Pattern WRITTEN =
      Pattern.compile(
          "([A-Za-z_][A-Za-z0-9_]*)=([a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?)/([A-Za-z0-9._-]{1,253})");

  /** Of {@code NAME=SECRET/KEY}; empty if it is none. */
  static Optional<SecretReference> parse(String text) {
    Matcher matcher = WRITTEN.matcher(text);
    return matcher.matches()
        ? Optional.of(new SecretReference(matcher.group(1), matcher.group(2), matcher.group(3)))
        : Optional.empty();
  }

  /** What is added to the pod of each step. Argo's own container is not called main. */
  static Map<String, Object> patch(List<SecretReference> references) {
    Map<String, Object> container = new LinkedHashMap<>();
    container.put("name", "main");
    container.put("env", references.stream().map(SecretReference::environmentVariable).toList());
    return Map.of("containers", List.of(container));
  }

  private Map<String, Object> environmentVariable() {
    Map<String, Object> reference = new LinkedHashMap<>();
    reference.put("name", secret);
    reference.put("key", key);
    Map<String, Object> written = new LinkedHashMap<>();
    written.put("name", variable);
    written.put("valueFrom", Map.of("secretKeyRef", reference));
    return written;
  }
}
