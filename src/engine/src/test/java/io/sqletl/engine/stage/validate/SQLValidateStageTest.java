package io.sqletl.engine.stage.validate;

import static io.sqletl.engine.stage.SqlJob.stage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.SqlJob;
import io.sqletl.engine.stage.StageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SQLValidateStageTest {

  private static final String SIGNATURE =
      "SQLValidate requires query to return 1 row with [outcome: boolean, message: string]"
          + " signature. Query returned ";

  @Test
  void placesOfRowsThatHideEqualOnesAreTold(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("a.csv"), "id\n1\n1\n");
    SqlJob job =
        SqlJob.run(
            stage("DelimitedExtract", "outputView: v, header: true, inputURI: \"" + file + "\"")
                + stage(
                    "SQLValidate",
                    "sql: \"SELECT count(*) = (SELECT count(*) FROM (SELECT DISTINCT * FROM v)),"
                        + " 'a row twice' FROM v\""));
    assertThat(job.runWarnings())
        .singleElement()
        .matches(warning -> warning.code() == ErrorCode.PLACE_COUNTS);
  }

  @Test
  void textOfTrueIsTold() throws Exception {
    assertThat(validate("SELECT TRUE, 'all good'").detail()).containsEntry("message", "all good");
  }

  @Test
  void objectOfTrueIsToldAsMap() throws Exception {
    assertThat(validate("SELECT TRUE, to_json(named_struct('count', 3))").detail())
        .containsEntry("message", Map.of("count", 3));
  }

  @Test
  void arrayOfTrueIsToldAsList() throws Exception {
    assertThat(validate("SELECT TRUE, '[1, 2]'").detail()).containsEntry("message", List.of(1, 2));
  }

  @Test
  void brokenJsonIsText() throws Exception {
    assertThat(validate("SELECT TRUE, '{1 more'").detail()).containsEntry("message", "{1 more");
  }

  @Test
  void nullMessageOfTruePasses() throws Exception {
    assertThat(validate("SELECT TRUE, NULL").detail()).containsEntry("message", null);
    assertThat(validate("SELECT TRUE, CAST(NULL AS STRING)").detail())
        .containsEntry("message", null);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '|',
      value = {
        "'text',text",
        "NULL,null",
        "'{\"a\":1}',{\"a\":1}",
      })
  void falseFailsWithItsMessage(String message, String told) {
    assertThatThrownBy(() -> validate("SELECT FALSE, " + message))
        .isInstanceOf(StageException.class)
        .hasMessage("SQLValidate failed with message: '" + told + "'.");
  }

  @Test
  void messageOfFalseIsInTheDetail() {
    SqlJob job =
        SqlJob.plan(stage("SQLValidate", "sql: \"SELECT FALSE, '{\\\"rejected\\\": 3}'\""));
    assertThatThrownBy(job::run).isInstanceOf(StageException.class);
    assertThat(job.detail()).containsEntry("message", Map.of("rejected", 3));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "SELECT 'text', TRUE|1 rows of type [string, boolean].",
        "SELECT TRUE|1 rows of type [boolean].",
        "SELECT TRUE, 'a', 'b'|1 rows of type [boolean, string, string].",
        "SELECT TRUE, 1|1 rows of type [boolean, int].",
        "SELECT TRUE, 'a' WHERE FALSE|0 rows of type [boolean, string].",
        "SELECT TRUE, 'a' FROM range(3)|3 rows of type [boolean, string].",
        "SELECT NULL, 'a'|[null, not null].",
        "SELECT NULL, NULL|[null, null].",
        "SELECT CAST(NULL AS BOOLEAN), CAST(NULL AS STRING)|[null, null].",
      })
  void otherSignaturesFail(String sql, String returned) {
    assertThatThrownBy(() -> validate(sql))
        .isInstanceOf(StageException.class)
        .hasMessageStartingWith(SIGNATURE + returned)
        .message()
        .satisfies(
            said -> assertThat(said.contains("coalesce")).isEqualTo(returned.startsWith("[")));
  }

  private static SqlJob validate(String sql) throws Exception {
    return SqlJob.run(stage("SQLValidate", "sql: \"\"\"" + sql + "\"\"\""));
  }
}
