package io.sqletl.platform;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import software.amazon.awscdk.CfnJson;
import software.amazon.awscdk.services.iam.IOpenIdConnectProvider;
import software.amazon.awscdk.services.iam.OpenIdConnectPrincipal;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.constructs.Construct;

/**
 * A role that the pods of one Kubernetes service account take, and nobody else. The account itself
 * is made where it belongs, by a chart or a manifest, with the annotation {@code
 * eks.amazonaws.com/role-arn}.
 */
final class ServiceAccountRole extends Construct {

  /** The annotation of a service account that names its role. */
  static final String ANNOTATION = "eks.amazonaws.com/role-arn";

  private final String namespace;
  private final String serviceAccount;
  private final Role role;

  /**
   * @param serviceAccount name of the account; may be a token
   */
  ServiceAccountRole(
      Construct scope, String id, EksCluster cluster, String namespace, String serviceAccount) {
    super(scope, id);
    this.namespace = namespace;
    this.serviceAccount = serviceAccount;
    IOpenIdConnectProvider issuer = cluster.cluster().getOpenIdConnectProvider();
    String name = issuer.getOpenIdConnectProviderIssuer();
    // The issuer is known only when the stack is deployed, and a template's keys are not
    CfnJson condition =
        CfnJson.Builder.create(this, "Condition")
            .value(
                // In an order: else the template would be another one each time
                new TreeMap<>(
                    Map.of(
                        name + ":aud",
                        "sts.amazonaws.com",
                        name + ":sub",
                        "system:serviceaccount:" + namespace + ":" + serviceAccount)))
            .build();
    role =
        Role.Builder.create(this, "Role")
            .description("Pods of a Kubernetes service account in the namespace " + namespace)
            .assumedBy(new OpenIdConnectPrincipal(issuer, Map.of("StringEquals", condition)))
            .build();
  }

  String namespace() {
    return namespace;
  }

  /** May be a token. */
  String serviceAccount() {
    return serviceAccount;
  }

  /** A token; the value of the account's {@link #ANNOTATION}. */
  String roleArn() {
    return role.getRoleArn();
  }

  Role role() {
    return role;
  }

  void allow(PolicyStatement statement) {
    role.addToPolicy(statement);
  }

  /**
   * Allows something whose resources have a star.
   *
   * @param reason why the star is the least that works
   * @param resources as in {@link AcceptedFinding#on}, without {@code Resource::}
   */
  void allow(PolicyStatement statement, String reason, String... resources) {
    allow(statement);
    String[] subjects =
        Stream.of(resources)
            .map(
                resource ->
                    resource.startsWith("/")
                        ? "/^Resource::" + resource.substring(1)
                        : "Resource::" + resource)
            .toArray(String[]::new);
    AcceptedFinding.on(role, AcceptedFinding.WILDCARD, reason, subjects);
  }
}
