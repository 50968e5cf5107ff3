package io.sqletl.engine.stage.execute;

import static io.sqletl.engine.stage.SqlJob.stage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.stage.SqlJob;
import io.sqletl.engine.stage.StageException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogExecuteStageTest {

  @Test
  void textIsTold() throws Exception {
    assertThat(log("SELECT 'a text'").detail()).containsEntry("message", "a text");
  }

  @Test
  void objectIsToldAsMap() throws Exception {
    assertThat(log("SELECT '{\"rows\": 3, \"by\": {\"day\": [1]}}'").detail())
        .containsEntry("message", Map.of("rows", 3, "by", Map.of("day", List.of(1))));
  }

  @Test
  void arrayIsToldAsList() throws Exception {
    assertThat(log("SELECT ' [1, \"b\"] '").detail()).containsEntry("message", List.of(1, "b"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "SELECT CAST(NULL AS STRING)|[null]. A comparison with NULL is NULL, and so is an"
            + " aggregate such as max over no rows: say what counts then, with coalesce.",
        "SELECT NULL|[null]. A comparison with NULL is NULL, and so is an"
            + " aggregate such as max over no rows: say what counts then, with coalesce.",
        "SELECT 'a' WHERE FALSE|0 rows of type [string].",
        "SELECT 'a' FROM range(2)|2 rows of type [string].",
        "SELECT 1|1 rows of type [int].",
        "SELECT 'a', 'b'|1 rows of type [string, string].",
      })
  void otherSignaturesFail(String sql, String returned) {
    assertThatThrownBy(() -> log(sql))
        .isInstanceOf(StageException.class)
        .hasMessage(
            "LogExecute requires query to return 1 row with [message: string] signature. Query"
                + " returned "
                + returned);
  }

  private static SqlJob log(String sql) throws Exception {
    return SqlJob.run(stage("LogExecute", "sql: \"\"\"" + sql + "\"\"\""));
  }
}
