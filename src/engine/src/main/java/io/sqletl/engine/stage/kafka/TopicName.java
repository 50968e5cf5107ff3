package io.sqletl.engine.stage.kafka;

import io.sqletl.engine.stage.StagePlanning;
import java.util.regex.Pattern;

/** Checks names of topics and brokers as far as that goes without Kafka. */
public final class TopicName {

  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9._-]{1,249}");
  private static final Pattern BROKERS = Pattern.compile("[^\\s,]+:\\d+(\\s*,\\s*[^\\s,]+:\\d+)*");

  private TopicName() {}

  public static void check(String topic, StagePlanning planning) {
    if (!NAME.matcher(topic).matches()) {
      planning.invalid(
          "topic",
          "\"" + topic + "\" is no name of a topic",
          "write letters, digits, '.', '_' and '-', at most 249");
    }
  }

  public static void checkBrokers(String servers, StagePlanning planning) {
    if (!BROKERS.matcher(servers.strip()).matches()) {
      planning.invalid(
          "bootstrapServers",
          "\"" + servers + "\" are no brokers",
          "write HOST:PORT, several with commas between them");
    }
  }
}
