package io.sqletl.platform;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import software.amazon.awscdk.CustomResource;
import software.amazon.awscdk.Token;
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

  private final CustomResource choice;

  Zones(Construct scope, String id, PlatformSettings settings) {
    super(scope, id);
    LookUp lookUp =
        new LookUp(
            this,
            "Function",
            "Chooses availability zones and instance types",
            "functions/zones.py",
            List.of(
                "ec2:DescribeAvailabilityZones",
                "ec2:DescribeInstanceTypeOfferings",
                "ec2:DescribeRouteTables",
                "ec2:DescribeSubnets",
                "ec2:DescribeVpcs"));
    Map<String, Object> properties = new TreeMap<>();
    properties.put("entry", settings.entry().setting());
    properties.put("onDemandTypes", settings.nodes().onDemandTypes());
    properties.put("spotTypes", settings.nodes().spotTypes());
    properties.put("zones", settings.network().zones());
    properties.put("subnetIds", settings.network().subnetIds());
    settings.network().vpcId().ifPresent(vpc -> properties.put("vpcId", vpc));
    choice = lookUp.ask("Choice", "Custom::Zones", properties);
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
}
