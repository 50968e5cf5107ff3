package io.sqletl.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The template as a whole. */
class TemplateTest {

  /** What CloudFormation takes. */
  private static final int MOST_BYTES = 1_000_000;

  private static final int MOST_RESOURCES = 500;

  @Test
  void fitsWithAllThatCanBeAskedFor() {
    Synthesis largest = Synthesis.with("interfaceEndpoints=true");
    assertThat(largest.bytes()).isLessThan(MOST_BYTES);
    assertThat(largest.template().path("Resources").size()).isLessThan(MOST_RESOURCES);
  }

  @Test
  void hasTheParametersAndOutputsThatPeopleRelyOn() {
    assertThat(Synthesis.with().template().path("Parameters").properties())
        .extracting(Map.Entry::getKey)
        .contains("jhubuser", "datalakebucket");
    assertThat(Synthesis.with().template().at("/Parameters/jhubuser/Default").asText())
        .isEqualTo("sparkoneks");
    assertThat(Synthesis.with().template().at("/Parameters/datalakebucket/Default").asText("none"))
        .isEmpty();
    assertThat(Synthesis.with().template().path("Outputs").properties())
        .extracting(Map.Entry::getKey)
        .contains("CODEBUCKET", "CONFIGCOMMAND");
  }

  @Test
  void carriesItsTag() {
    for (String path :
        List.of("Eks/Cluster", "Code/Bucket", "Nodes/NodeRole", "JupyterPassword/Secret")) {
      assertThat(Synthesis.with().at(path).properties().path("Tags").findValuesAsText("Value"))
          .as(path)
          .contains("sqlbasedetl");
    }
  }

  @Test
  void suppressesNoRuleForTheWholeStack() {
    assertThat(Synthesis.with().template().path("Metadata").has("cdk_nag")).isFalse();
  }

  @Test
  void looksNothingUp() throws IOException {
    Path root = Repository.file("cdk.json", "").getParent();
    assertThat(Files.exists(root.resolve("cdk.context.json"))).isFalse();
    assertThat(Synthesis.with().missingContext()).isEmpty();
  }
}
