package io.sqletl.platform;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.CustomResource;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
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
 * A function that asks AWS something while the stack is deployed, where a template cannot know the
 * answer. It changes nothing.
 */
final class LookUp extends Construct {

  private final Function function;

  /**
   * @param source Python beside this class, such as {@code functions/zones.py}
   * @param actions what it may call; none of them takes a resource
   */
  LookUp(Construct scope, String id, String description, String source, List<String> actions) {
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
                                    .actions(actions)
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
    function =
        Function.Builder.create(this, "Function")
            .description(description)
            .runtime(Runtime.PYTHON_3_13)
            .handler("index.handler")
            // Inline, since only then Lambda adds the module that answers CloudFormation
            .code(Code.fromInline(text(source)))
            .role(role)
            .logGroup(log)
            .memorySize(256)
            .timeout(Duration.minutes(2))
            .build();
    AcceptedFinding.on(
        function, "AwsSolutions-L1", "A runtime that every region has; the code asks for no newer");
  }

  /** A question, asked when the stack is made and whenever what is asked changes. */
  CustomResource ask(String id, String type, Map<String, ?> properties) {
    return CustomResource.Builder.create(this, id)
        .resourceType(type)
        .serviceToken(function.getFunctionArn())
        .properties(properties)
        // Else a function that cannot answer is waited for an hour
        .serviceTimeout(Duration.minutes(5))
        .build();
  }

  private static String text(String source) {
    try (InputStream stream = LookUp.class.getResourceAsStream(source)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
