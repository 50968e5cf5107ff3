package io.sqletl.platform;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where the nodes are.
 *
 * @param zones two availability zones, by name, by id or by the letter at the end of the name;
 *     empty lets the stack choose
 * @param cidr addresses of the network that is made
 * @param vpcId a network that is there already; empty makes one
 * @param subnetIds its two private subnets; empty lets the stack choose
 */
record NetworkSettings(
    List<String> zones, String cidr, Optional<String> vpcId, List<String> subnetIds) {

  static final String DEFAULT_CIDR = "10.0.0.0/16";

  private static final Pattern ZONE = Pattern.compile("[a-z]|[a-z]{2}[a-z0-9-]+[0-9][a-z]?");

  /** Of the addresses that are for private use, with room for the pods of all nodes. */
  private static final Pattern PRIVATE_CIDR =
      Pattern.compile(
          "(10\\.\\d{1,3}|172\\.(1[6-9]|2\\d|3[01])|192\\.168|100\\.(6[4-9]|[7-9]\\d|1[01]\\d|12[0-7]))"
              + "\\.\\d{1,3}\\.0/(1[6-9]|20)");

  private static final Pattern VPC = Pattern.compile("vpc-[0-9a-f]{8,17}");
  private static final Pattern SUBNET = Pattern.compile("subnet-[0-9a-f]{8,17}");

  static NetworkSettings of(SettingsReader reader) {
    NetworkSettings settings =
        new NetworkSettings(
            reader.list(
                "zones",
                ZONE.asMatchPredicate(),
                "two availability zones, separated by a comma: names such as us-east-1a, ids such as"
                    + " use1-az1, or the letters at the end of the names",
                List.of()),
            reader
                .one(
                    "vpcCidr",
                    PRIVATE_CIDR,
                    "a private IPv4 network of 4096 to 65536 addresses, such as 10.20.0.0/16")
                .orElse(DEFAULT_CIDR),
            reader.one("vpcId", VPC, "the id of a VPC such as vpc-0a1b2c3d4e5f60718"),
            reader.list(
                "subnetIds",
                SUBNET.asMatchPredicate(),
                "the ids of two private subnets in different zones, such as subnet-0a1b2c3d4e5f60718",
                List.of()));
    settings.check(reader);
    return settings;
  }

  private void check(SettingsReader reader) {
    pair(reader, "zones", zones);
    pair(reader, "subnetIds", subnetIds);
    if (vpcId.isPresent() && !cidr.equals(DEFAULT_CIDR)) {
      reader.problem("vpcCidr is for the network that is made; with vpcId there is none.");
    }
    if (vpcId.isEmpty() && !subnetIds.isEmpty()) {
      reader.problem("subnetIds are those of a VPC of your own: give vpcId too.");
    }
    if (!zones.isEmpty() && !subnetIds.isEmpty()) {
      reader.problem("subnetIds say the zones already: leave zones out.");
    }
    if (!isAligned(cidr)) {
      reader.problem(
          "vpcCidr has \"%s\", which is not the first address of such a network.".formatted(cidr));
    }
  }

  private static void pair(SettingsReader reader, String key, List<String> values) {
    if (!values.isEmpty() && values.stream().distinct().count() != Zones.COUNT) {
      reader.problem("%s takes two different values.".formatted(key));
    }
  }

  /** Whether nothing is set beyond the prefix, and no number is above 255. */
  private static boolean isAligned(String cidr) {
    String[] parts = cidr.split("[./]");
    if (parts.length != 5) {
      return true; // said already
    }
    long address = 0;
    for (int i = 0; i < 4; i++) {
      int number = Integer.parseInt(parts[i]);
      if (number > 255) {
        return false;
      }
      address = address * 256 + number;
    }
    return address % (1L << (32 - Integer.parseInt(parts[4]))) == 0;
  }

  /** Bits of the prefix of the network that is made. */
  int prefix() {
    return Integer.parseInt(cidr.substring(cidr.indexOf('/') + 1));
  }
}
