package io.sqletl.engine.cli;

import static io.sqletl.engine.cli.CommandLineFixture.etl;
import static org.assertj.core.api.Assertions.assertThat;

import io.sqletl.engine.job.KeySpec;
import io.sqletl.engine.stage.StageType;
import io.sqletl.engine.stage.StageTypes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class StageReferenceTest {

  @Test
  void theCommittedPageIsWhatTheDeclarationsSay() throws IOException {
    Path page = Path.of("../../docs/stages.md");

    assertThat(Files.readString(page))
        .as("./etl stages --markdown > docs/stages.md makes it anew")
        .isEqualTo(etl("stages", "--markdown").out());
  }

  @Test
  void everyKeyHasASentence() {
    for (StageType<?> type : StageTypes.load().all()) {
      assertThat(type.description()).as(type.name()).endsWith(".");
      assertThat(KeySpec.of(type.configuration()))
          .allSatisfy(
              key ->
                  assertThat(key.declaration().value())
                      .as(type.name() + "." + key.name())
                      .endsWith("."));
    }
  }

  @Test
  void aRefusedStageIsExplained() {
    CommandLineFixture etl = etl("stages", "ai.tripl.arc.extract.SASExtract");

    assertThat(etl.status()).isEqualTo(ExitStatus.DONE);
    assertThat(etl.out()).contains("is refused because", "DelimitedExtract");
    assertThat(etl("stages").out()).contains("Refused", "SASExtract");
  }

  @Test
  void aStageOfAlmostTheNameIsSuggested() {
    CommandLineFixture etl = etl("stages", "DelimitedExtrat");

    assertThat(etl.status()).isEqualTo(ExitStatus.WRONG);
    assertThat(etl.err()).contains("did you mean \"DelimitedExtract\"?");
    assertThat(etl("stages", "DelimitedExtract").out()).contains("customDelimiter");
  }
}
