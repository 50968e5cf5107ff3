package io.sqletl.platform;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.customresources.AwsCustomResource;
import software.amazon.awscdk.customresources.AwsCustomResourcePolicy;
import software.amazon.awscdk.customresources.AwsSdkCall;
import software.amazon.awscdk.customresources.PhysicalResourceId;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.constructs.Construct;

/**
 * The addresses from which CloudFront calls, as the list that AWS keeps in each region.
 *
 * <p>Its id differs by region and CloudFormation has no way to ask for it, so a function does while
 * the stack is deployed. The CDK's own lookup would need credentials when the template is made, and
 * a table of ids here would lack each new region.
 */
final class CloudFrontPrefixList extends Construct {

  private static final String NAME = "com.amazonaws.global.cloudfront.origin-facing";

  /** The one function of the CDK for all such calls of a stack. */
  private static final String FUNCTION =
      "AWS" + AwsCustomResource.PROVIDER_FUNCTION_UUID.replace("-", "");

  private final String id;

  CloudFrontPrefixList(Construct scope, String id) {
    super(scope, id);
    AwsCustomResource lookup =
        AwsCustomResource.Builder.create(this, "Lookup")
            .resourceType("Custom::CloudFrontPrefixList")
            // Also when it is created
            .onUpdate(
                AwsSdkCall.builder()
                    .service("EC2")
                    .action("describeManagedPrefixLists")
                    .parameters(
                        Map.of(
                            "Filters",
                            List.of(
                                new TreeMap<>(
                                    Map.of("Name", "prefix-list-name", "Values", List.of(NAME))))))
                    .physicalResourceId(PhysicalResourceId.of(NAME))
                    .outputPaths(List.of("PrefixLists.0.PrefixListId"))
                    .build())
            .policy(
                AwsCustomResourcePolicy.fromStatements(
                    List.of(
                        PolicyStatement.Builder.create()
                            .actions(List.of("ec2:DescribeManagedPrefixLists"))
                            .resources(List.of("*"))
                            .build())))
            // The function has the SDK of its runtime; fetching a newer one would take a minute
            .installLatestAwsSdk(false)
            .build();
    AcceptedFinding.on(
        lookup, AcceptedFinding.WILDCARD, "The action takes no resource", "Resource::*");
    AcceptedFinding.on(
        Stack.of(this).getNode().findChild(FUNCTION),
        AcceptedFinding.MANAGED_POLICY,
        "The CDK's own function; the policy lets it write its log and no more",
        "Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole");
    this.id = lookup.getResponseField("PrefixLists.0.PrefixListId");
  }

  /** A token. */
  String id() {
    return id;
  }
}
