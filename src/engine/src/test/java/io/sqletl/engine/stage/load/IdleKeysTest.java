package io.sqletl.engine.stage.load;

import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.SqlJob;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A key that does nothing beside the others is told before the run. */
class IdleKeysTest {

  private static String load(String type, String keys) {
    return view("rows", "select '1' as a, 2 as p")
        + stage(type, "inputView: rows, outputURI: \"/tmp/idle-keys/out\"\n" + keys);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "saveMode: Append, replaceWhere: \"p = 1\"",
        "saveMode: ErrorIfExists, replaceWhere: \"p = 1\"",
        "saveMode: Ignore, options: {replaceWhere: \"p = 1\"}",
        "saveMode: Append, options: {REPLACEWHERE: \"p = 1\"}",
        "saveMode: Append, options: {partitionOverwriteMode: dynamic}",
      })
  void rowsAreNotKeptThatTheJobSaysToReplace(String keys) {
    List<Problem> problems = SqlJob.problems(load("DeltaLakeLoad", keys));
    assertThat(problems).hasSize(1);
    assertThat(problems.get(0).message()).contains("says which rows are replaced").contains("none");
    assertThat(problems.get(0).remedy()).contains("\"saveMode\" to \"Overwrite\"");
  }

  @Test
  void partsAreReplacedByOverwrite() {
    assertThat(SqlJob.plan(load("DeltaLakeLoad", "replaceWhere: \"p = 1\"")).warnings()).isEmpty();
    assertThat(
            SqlJob.plan(load("DeltaLakeLoad", "options: {partitionOverwriteMode: dynamic}"))
                .warnings())
        .isEmpty();
    assertThat(SqlJob.plan(load("DeltaLakeLoad", "saveMode: Append")).warnings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DeltaLakeLoad|saveMode: Append, overwriteSchema: true|\"overwriteSchema\" has no effect",
        "DeltaLakeLoad|options: {replaceWher: x}|no option \"replaceWher\"",
        "ParquetLoad|saveMode: Append, replaceAll: true|\"replaceAll\" has no effect",
        "TextLoad|separator: \",\"|\"separator\" has no effect",
        "TextLoad|singleFile: true, partitionBy: [p]|\"partitionBy\" has no effect",
        "XMLLoad|prefix: \"<?xml?>\"|\"prefix\" has no effect",
        "DelimitedLoad|customDelimiter: \";\"|\"customDelimiter\" has no effect",
        "DelimitedLoad|quote: None, escape: \"\\\\\"|\"escape\" has no effect",
      })
  void aKeyWithoutEffectIsTold(String type, String keys, String message) {
    assertThat(SqlJob.plan(load(type, keys)).warnings())
        .filteredOn(warning -> warning.code() == ErrorCode.NO_EFFECT)
        .singleElement()
        .satisfies(warning -> assertThat(warning.message()).contains(message));
  }

  @Test
  void truncateIsForOverwrite() {
    String job =
        view("rows", "select 1 as a")
            + stage(
                "JDBCLoad",
                "inputView: rows, jdbcURL: \"jdbc:h2:mem:x\", tableName: t, saveMode: Append\n"
                    + "truncate: true");
    assertThat(SqlJob.plan(job).warnings())
        .extracting(Problem::code)
        .containsExactly(ErrorCode.NO_EFFECT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"ParquetLoad", "DeltaLakeLoad", "TextLoad"})
  void aColumnIsPartitionedByOnce(String type) {
    assertThat(SqlJob.problems(load(type, "partitionBy: [p, P]")))
        .extracting(Problem::message)
        .contains("\"partitionBy\" names the column 'P' twice");
  }
}
