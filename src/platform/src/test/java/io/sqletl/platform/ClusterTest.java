package io.sqletl.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

/** The control plane, and who may do what with it. */
class ClusterTest {

  private static JsonNode cluster(String... settings) {
    return Synthesis.with(settings).resource("AWS::EKS::Cluster").properties();
  }

  @Test
  void isOfTheDefaultVersion() {
    assertThat(cluster().path("Version").asText()).isEqualTo("1.35");
  }
}
