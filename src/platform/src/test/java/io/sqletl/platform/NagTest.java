package io.sqletl.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.cdklabs.cdknag.AwsSolutionsChecks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Aspects;

/** The rules of cdk-nag's AwsSolutions, which a security team is likely to ask for. */
class NagTest {

  @Test
  void findsNothingThatNobodyGaveAReasonFor() throws IOException {
    NpmPackages.install();
    App app =
        Synthesis.app(List.of("interfaceEndpoints=true", "alarmEmail=data-platform@example.com"));
    new SparkOnEksStack(app, SparkOnEksStack.ID, PlatformSettings.of(app.getNode()));
    Aspects.of(app).add(AwsSolutionsChecks.Builder.create().verbose(true).build());
    Path metadata = Path.of(app.synth().getDirectory(), SparkOnEksStack.ID + ".metadata.json");
    List<String> findings = new ArrayList<>();
    for (Map.Entry<String, JsonNode> construct :
        new ObjectMapper().readTree(metadata.toFile()).properties()) {
      for (JsonNode entry : construct.getValue()) {
        String type = entry.path("type").asText();
        String text = entry.path("data").asText();
        if ((type.equals("aws:cdk:error") || type.equals("aws:cdk:warning"))
            && text.contains("AwsSolutions")) {
          findings.add(construct.getKey() + " " + text);
        }
      }
    }
    assertThat(findings).isEmpty();
  }
}
