package io.sqletl.platform;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import software.amazon.awscdk.CustomResource;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Token;
import software.amazon.awscdk.services.iam.ManagedPolicy;
import software.amazon.awscdk.services.iam.PolicyDocument;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.lambda.Runtime;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.constructs.Construct;

/**
 * The availability zones of the stack and the instance types that each offers, chosen by a function
 * before anything else is made.
 *
 * <p>Which zones EKS refuses is known by id, and which name an id has differs by account, so the
 * template cannot say it. A type that a zone lacks would fail a whole node group half an hour
 * later; here it is left out.
 */
final class Zones extends Construct {

  /** How many there are. */
  static final int COUNT = 2;

  private static final String SOURCE = "functions/zones.py";

  private final CustomResource choice;

  Zones(Construct scope, String id, PlatformSettings settings) {
    super(scope, id);
    LogGroup log =
        LogGroup.Builder.create(this, "Log")
            .retention(RetentionDays.ONE_MONTH)
            .removalPolicy(RemovalPolicy.DESTROY)
            .build();
    Role role =
        Role.Builder.create(this, "Role")
            .assumedBy(new ServicePrincipal("lambda.amazonaws.com"))
            .managedPolicies(
                List.of(
                    ManagedPolicy.fromAwsManagedPolicyName(
                        "service-role/AWSLambdaBasicExecutionRole")))
            .inlinePolicies(
                Map.of(
                    "Look",
                    PolicyDocument.Builder.create()
                        .statements(
                            List.of(
                                PolicyStatement.Builder.create()
                                    .actions(
                                        List.of(
                                            "ec2:DescribeAvailabilityZones",
                                            "ec2:DescribeInstanceTypeOfferings",
                                            "ec2:DescribeRouteTables",
                                            "ec2:DescribeSubnets",
                                            "ec2:DescribeVpcs"))
                                    .resources(List.of("*"))
                                    .build()))
                        .build()))
            .build();
    AcceptedFinding.on(
        role, AcceptedFinding.WILDCARD, "The actions take no resource", "Resource::*");
    AcceptedFinding.on(
        role,
        AcceptedFinding.MANAGED_POLICY,
        "It writes the function's own log",
        "Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole");
    Function function =
        Function.Builder.create(this, "Function")
            .description("Chooses availability zones and instance types for " + SparkOnEksStack.ID)
            .runtime(Runtime.PYTHON_3_13)
            .handler("index.handler")
            // Inline, since only then Lambda adds the module that answers CloudFormation
            .code(Code.fromInline(source()))
            .role(role)
            .logGroup(log)
            .memorySize(256)
            .timeout(Duration.minutes(2))
            .build();
    AcceptedFinding.on(
        function, "AwsSolutions-L1", "A runtime that every region has; Python's own is enough");
    Map<String, Object> properties = new TreeMap<>();
    properties.put("entry", settings.entry().setting());
    properties.put("onDemandTypes", settings.nodes().onDemandTypes());
    properties.put("spotTypes", settings.nodes().spotTypes());
    properties.put("zones", settings.network().zones());
    properties.put("subnetIds", settings.network().subnetIds());
    settings.network().vpcId().ifPresent(vpc -> properties.put("vpcId", vpc));
    choice =
        CustomResource.Builder.create(this, "Choice")
            .resourceType("Custom::Zones")
            .serviceToken(function.getFunctionArn())
            .properties(properties)
            .serviceTimeout(Duration.minutes(5))
            .build();
  }

  /** Their names, tokens. */
  List<String> names() {
    return each("Zone");
  }

  /** With a network of one's own: the private subnet in each zone; tokens. */
  List<String> subnetIds() {
    return each("Subnet");
  }

  /** With a network of one's own: its addresses; a token. */
  String cidr() {
    return choice.getAttString("Cidr");
  }

  /**
   * The on-demand types that a zone offers, best first; a token.
   *
   * @param zone 0 or 1
   */
  List<String> onDemandTypes(int zone) {
    return Token.asList(choice.getAtt("OnDemandTypes" + (zone + 1)));
  }

  /** The spot types that a zone offers, as {@link #onDemandTypes}. */
  List<String> spotTypes(int zone) {
    return Token.asList(choice.getAtt("SpotTypes" + (zone + 1)));
  }

  private List<String> each(String attribute) {
    return IntStream.rangeClosed(1, COUNT)
        .mapToObj(number -> choice.getAttString(attribute + number))
        .toList();
  }

  private static String source() {
    try (InputStream stream = Zones.class.getResourceAsStream(SOURCE)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
