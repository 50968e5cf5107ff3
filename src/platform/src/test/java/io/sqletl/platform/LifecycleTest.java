package io.sqletl.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The order in which CloudFormation makes things, which is backwards the order in which it deletes
 * them: what something needs while it goes must still be there.
 */
class LifecycleTest {

  /** Settings that change the graph. */
  private static final String ALL = "interfaceEndpoints=true";

  private static final String OWN_NETWORK = "vpcId=vpc-0a1b2c3d4e5f60718";

  private static List<Synthesis.Resource> inCluster(Synthesis stack) {
    List<Synthesis.Resource> found = new ArrayList<>();
    for (String kind : List.of("HelmChart", "KubernetesResource")) {
      found.addAll(stack.resources("Custom::AWSCDK-EKS-" + kind));
    }
    assertThat(found).hasSizeGreaterThan(10);
    return found;
  }

  /** Ids of the policies beside the roles that something names, or that make up what it needs. */
  private static Set<String> policiesOf(Synthesis stack, Set<String> roles) {
    Set<String> policies = new TreeSet<>();
    for (Synthesis.Resource policy : stack.resources("AWS::IAM::Policy")) {
      for (JsonNode attached : policy.properties().path("Roles")) {
        if (roles.contains(attached.path("Ref").asText())) {
          policies.add(policy.id());
        }
      }
    }
    return policies;
  }

  /**
   * A controller that lets go of a target or a volume asks AWS for it. Without its rights it
   * cannot, the object keeps its finalizer, and the stack is never gone.
   */
  @ParameterizedTest
  @ValueSource(strings = {ALL, "entry=none", OWN_NETWORK})
  void theRightsOfARoleOutliveWhatCarriesIt(String settings) {
    Synthesis stack = Synthesis.with(settings);
    int carried = 0;
    for (Synthesis.Resource resource : inCluster(stack)) {
      Set<String> roles = stack.before(resource.id());
      roles.removeIf(
          id ->
              !stack.template().at("/Resources/" + id + "/Type").asText().equals("AWS::IAM::Role"));
      assertThat(stack.before(resource.id()))
          .as(resource.path())
          .containsAll(policiesOf(stack, roles));
      if (resource.properties().toString().contains("role-arn")) {
        carried++;
      }
    }
    assertThat(carried).as("charts and manifests that name a role").isGreaterThanOrEqualTo(6);
  }

  /** The function that talks to the cluster goes out through the NAT gateway, as its nodes do. */
  @ParameterizedTest
  @ValueSource(strings = {ALL, "entry=none", OWN_NETWORK})
  void theWayToTheClusterOutlivesWhatIsInIt(String settings) {
    Synthesis stack = Synthesis.with(settings);
    Set<String> way = new TreeSet<>();
    for (String type :
        List.of(
            "AWS::EC2::NatGateway",
            "AWS::EC2::EIP",
            "AWS::EC2::Route",
            "AWS::EC2::SubnetRouteTableAssociation",
            "AWS::EC2::VPCGatewayAttachment",
            "AWS::EKS::AccessEntry",
            "AWS::EKS::Nodegroup",
            "AWS::EKS::Addon",
            "AWS::IAM::OIDCProvider")) {
      stack.resources(type).stream()
          // Those of people are of no use to the function
          .filter(resource -> !resource.path().contains("/Administrator"))
          .map(Synthesis.Resource::id)
          .forEach(way::add);
    }
    for (Synthesis.Resource resource : inCluster(stack)) {
      if (resource.path().startsWith("Namespaces/") || needsNodes(resource)) {
        assertThat(stack.before(resource.id())).as(resource.path()).containsAll(way);
      }
    }
    Set<String> routes = new TreeSet<>(way);
    routes.removeIf(id -> !id.startsWith("NetworkVpc"));
    for (Synthesis.Resource nodes : stack.resources("AWS::EKS::Nodegroup")) {
      assertThat(stack.before(nodes.id())).as(nodes.path()).containsAll(routes);
    }
  }

  private static boolean needsNodes(Synthesis.Resource resource) {
    return !resource.path().startsWith("Eks/");
  }

  /** CloudFormation must be able to delete at all: no resource is in its own closure. */
  @ParameterizedTest
  @ValueSource(strings = {ALL, "entry=none", OWN_NETWORK})
  void nothingWaitsForItself(String settings) {
    Synthesis stack = Synthesis.with(settings);
    for (Map.Entry<String, JsonNode> each : stack.template().get("Resources").properties()) {
      for (String next : stack.direct(each.getKey())) {
        assertThat(stack.before(next)).as(next).doesNotContain(each.getKey());
      }
    }
  }
}
