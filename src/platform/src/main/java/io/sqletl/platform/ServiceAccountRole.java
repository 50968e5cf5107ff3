package io.sqletl.platform;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import software.amazon.awscdk.CfnJson;
import software.amazon.awscdk.services.iam.IOpenIdConnectProvider;
import software.amazon.awscdk.services.iam.ManagedPolicy;
import software.amazon.awscdk.services.iam.OpenIdConnectPrincipal;
import software.amazon.awscdk.services.iam.PolicyDocument;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.constructs.Construct;

/**
 * A role that the pods of one Kubernetes service account take, and nobody else. The account itself
 * is made where it belongs, by a chart or a manifest, with the annotation {@code
 * eks.amazonaws.com/role-arn}.
 *
 * <p>Its rights are in the role. As a policy beside it nothing would depend on them, and
 * CloudFormation would take them away first when the stack goes: a controller that then has to let
 * go of something in AWS could not, and the deletion would wait for it until it fails.
 */
final class ServiceAccountRole extends Construct {

  /** The annotation of a service account that names its role. */
  static final String ANNOTATION = "eks.amazonaws.com/role-arn";

  private final String namespace;
  private final String serviceAccount;
  private final Role role;

  /** Of this role; null when its only rights are managed policies. */
  private final PolicyDocument rights;

  /**
   * A role whose rights are said with {@link #allow}.
   *
   * @param serviceAccount name of the account; may be a token
   */
  ServiceAccountRole(
      Construct scope, String id, EksCluster cluster, String namespace, String serviceAccount) {
    this(scope, id, cluster, namespace, serviceAccount, PolicyDocument.Builder.create().build());
  }

  /**
   * A role with the rights of one policy that AWS keeps.
   *
   * @param managedPolicy its name, with the path, such as {@code service-role/NAME}
   * @param reason why AWS's policy in place of one's own
   */
  static ServiceAccountRole managed(
      Construct scope,
      String id,
      EksCluster cluster,
      String namespace,
      String serviceAccount,
      String managedPolicy,
      String reason) {
    ServiceAccountRole role =
        new ServiceAccountRole(scope, id, cluster, namespace, serviceAccount, null);
    role.role.addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName(managedPolicy));
    AcceptedFinding.on(
        role,
        AcceptedFinding.MANAGED_POLICY,
        reason,
        "Policy::arn:<AWS::Partition>:iam::aws:policy/" + managedPolicy);
    return role;
  }

  private ServiceAccountRole(
      Construct scope,
      String id,
      EksCluster cluster,
      String namespace,
      String serviceAccount,
      PolicyDocument rights) {
    super(scope, id);
    this.namespace = namespace;
    this.serviceAccount = serviceAccount;
    this.rights = rights;
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
            .inlinePolicies(rights == null ? Map.of() : Map.of("Rights", rights))
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

  void allow(PolicyStatement statement) {
    rights.addStatements(statement);
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
