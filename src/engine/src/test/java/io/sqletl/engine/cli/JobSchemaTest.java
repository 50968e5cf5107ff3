package io.sqletl.engine.cli;

import static io.sqletl.engine.cli.CommandLineFixture.etl;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import io.sqletl.engine.job.Block;
import io.sqletl.engine.job.JobReader;
import io.sqletl.engine.job.JobSource;
import io.sqletl.engine.job.Variables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The JSON Schema of jobs says what the engine says. */
class JobSchemaTest {

  private static final String RIGHT =
      """
      {
        "stages": [
          {
            "type": "DelimitedExtract",
            "name": "trips",
            "environments": ["test"],
            "inputURI": "trips.csv",
            "outputView": "trips",
            "delimiter": "Pipe",
            "header": true,
            "numPartitions": 2,
            "watermark": {"eventTime": "at", "delayThreshold": "1 minute"}
          },
          {
            "type": "ai.tripl.arc.transform.SQLTransform",
            "name": "all",
            "environments": ["test"],
            "sql": "SELECT * FROM trips",
            "outputView": "all_trips",
            "persist": "false"
          }
        ]
      }
      """;

  private static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
          .getSchema(etl("stages", "--json-schema").out(), InputFormat.JSON);

  @TempDir private Path folder;

  @Test
  void theCommittedSchemaIsWhatTheDeclarationsSay() throws IOException {
    assertThat(Files.readString(Path.of("../../docs/job.schema.json")))
        .as("./etl stages --json-schema > docs/job.schema.json makes it anew")
        .isEqualTo(etl("stages", "--json-schema").out());
  }

  @Test
  void aRightJobIsValid() throws IOException {
    assertThat(errors(RIGHT)).isEmpty();
    assertThat(engine(RIGHT)).isEqualTo(ExitStatus.DONE);
  }

  /** Each is the right job with one thing replaced. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"delimiter\" -> \"delimeter\"",
        "\"Pipe\" -> \"Pip\"",
        "\"header\": true -> \"header\": \"maybe\"",
        "\"numPartitions\": 2 -> \"numPartitions\": \"two\"",
        "\"outputView\": \"trips\", ->  ",
        "\"name\": \"trips\", ->  ",
        "[\"test\"], -> \"test\",",
        "\"eventTime\": \"at\" -> \"event\": \"at\"",
        "\"DelimitedExtract\" -> \"DelimitedExtrakt\"",
        "\"DelimitedExtract\" -> \"SASExtract\"",
        "\"watermark\": { -> \"watermark\": [], \"x\": {",
      })
  void whatTheEngineRefusesTheSchemaRefuses(String change) throws IOException {
    String[] parts = change.split(" -> ");
    String wrong = RIGHT.replaceFirst(java.util.regex.Pattern.quote(parts[0]), parts[1]);

    assertThat(wrong).isNotEqualTo(RIGHT);
    assertThat(engine(wrong)).isEqualTo(ExitStatus.WRONG);
    assertThat(errors(wrong)).isNotEmpty();
  }

  @Test
  void everyJobOfTheRepositoryIsValid() throws IOException {
    List<Path> jobs = new ArrayList<>();
    for (String place : List.of("../../example", "../../deployment/app_code/job")) {
      try (Stream<Path> files = Files.walk(Path.of(place))) {
        files
            .filter(file -> file.toString().matches(".*(ipynb|conf)"))
            // Its stage is there with the plugin's jar only
            .filter(file -> !file.startsWith("../../example/plugin"))
            .forEach(jobs::add);
      }
    }

    assertThat(jobs).hasSizeGreaterThan(2);
    for (Path job : jobs) {
      assertThat(errors(asJson(job))).as(job.toString()).isEmpty();
    }
  }

  /** Its stages as the engine reads them, with texts for variables that a run would be given. */
  private static String asJson(Path job) throws IOException {
    JobSource source = JobReader.read(job.toString(), Files.readString(job));
    Variables variables =
        Variables.of(
            Map.of(),
            source,
            Map.of(),
            Map.of("ETL_CONF_DATALAKE_LOC", "bucket", "ETL_CONF_CURRENT_TIMESTAMP", "2026-01-01"));
    List<Object> stages = new ArrayList<>();
    for (Block block : source.blocks()) {
      variables
          .resolve(block, problem -> {})
          .ifPresent(keys -> stages.add(keys.root().unwrapped()));
    }
    assertThat(stages).hasSize(source.blocks().size());
    return ConfigFactory.parseMap(Map.of("stages", stages))
        .root()
        .render(ConfigRenderOptions.concise());
  }

  private static List<Error> errors(String job) {
    return SCHEMA.validate(job, InputFormat.JSON);
  }

  private int engine(String job) throws IOException {
    Path file = Files.writeString(folder.resolve("job.json"), job);
    return etl("check", file.toString()).status();
  }
}
