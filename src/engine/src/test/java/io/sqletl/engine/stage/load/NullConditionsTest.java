package io.sqletl.engine.stage.load;

import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;

import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.Folder;
import io.sqletl.engine.stage.SqlJob;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Conditions of loads into Delta tables that are NULL for rows, and keys that are hardly equal. */
class NullConditionsTest {

  @TempDir Path directory;
  private Folder folder;

  @BeforeEach
  void makeFolder() {
    folder = new Folder(directory);
  }

  private List<String> load(String type, String query, String keys) throws Exception {
    return SqlJob.run(
            view("b", query)
                + stage(
                    type,
                    "inputView: b, generateSymlinkManifest: false, outputURI: \""
                        + folder.of("t")
                        + "\"\n"
                        + keys))
        .runWarnings()
        .stream()
        .map(Problem::message)
        .toList();
  }

  private static final String CHANGES =
      "select * from values (1, 'A', 'D'), (2, 'B', null), (3, 'C', 'U'), (4, 'D', null)"
          + " as t(id, v, op)";

  private static String clauses(String delete, String update, String insert) {
    String values = "values: {id: \"source.id\", v: \"source.v\"}";
    return "condition: \"source.id = target.id\", createTableIfNotExists: true\n"
        + (delete == null ? "" : "whenMatchedDelete: {condition: \"" + delete + "\"}\n")
        + (update == null
            ? ""
            : "whenMatchedUpdate: {condition: \"" + update + "\", " + values + "}\n")
        + (insert == null
            ? "whenNotMatchedByTargetInsert: {" + values + "}\n"
            : "whenNotMatchedByTargetInsert: {condition: \"" + insert + "\", " + values + "}\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          source.op = 'D' | source.op <> 'D'    | source.op <> 'D'   | The conditions of the clauses are NULL for 2 rows of the view "b", and NULL is not true: the merge does nothing with them
          -               | -                   | source.op <> 'D'   | The condition of "whenNotMatchedByTargetInsert" is NULL for 2 rows of the view "b", and NULL is not true: the merge does nothing with them
          source.op = 'D' | not source.op <=> 'D' | source.op <> 'D' | -
          source.op = 'D' | source.op <> 'D'    | -                  | -
          source.op = 'D' | target.v <> source.v | source.op <> 'D'  | -
          source.op = 'D' | source.op = 'U' or source.op is null | source.op = 'U' or source.op is null | -
          """)
  void rowsWithWhichAMergeDoesNothingAreCounted(
      String delete, String update, String insert, String told) throws Exception {
    load("DeltaLakeLoad", "select * from values (1, 'a'), (2, 'b'), (3, 'c') as t(id, v)", "");
    List<String> warnings =
        load("DeltaLakeMergeLoad", CHANGES, clauses(delete, update, insert)).stream()
            .filter(message -> message.contains("NULL"))
            .toList();
    if (told == null) {
      assertThat(warnings).isEmpty();
    } else {
      assertThat(warnings).singleElement().asString().endsWith(told);
    }
  }

  @Test
  void rowsThatAFirstMergeLeavesOutAreCounted() throws Exception {
    assertThat(
            load(
                "DeltaLakeMergeLoad",
                CHANGES,
                clauses("target.id = 1", "source.op <> 'D'", "source.op <> 'D'")))
        .anyMatch(message -> message.contains("NULL for 2 rows of the view \"b\""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "partitionBy: [c]"})
  void rowsThatReplaceWhereKeepsAreCounted(String layout) throws Exception {
    String rows = "select * from values ('DE', 1), (null, 2), ('FR', 3) as t(c, v)";
    load("DeltaLakeLoad", rows, layout);
    String part = "select 'FR' as c, 30 as v";
    assertThat(load("DeltaLakeLoad", part, layout + "\nreplaceWhere: \"c <> 'DE'\""))
        .singleElement()
        .asString()
        .endsWith(
            "\"replaceWhere\" (c <> 'DE') is NULL for 1 row of the table "
                + folder.of("t")
                + ", so that it was kept");
    assertThat(load("DeltaLakeLoad", part, layout + "\nreplaceWhere: \"c = 'FR'\"")).isEmpty();
    assertThat(
            load(
                "DeltaLakeLoad", part, layout + "\nreplaceWhere: \"c not in ('DE') or c is null\""))
        .isEmpty();
    assertThat(load("DeltaLakeLoad", part, layout + "\nreplaceWhere: \"c <> 'DE'\"")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          date'2024-01-01'                  | timestamp'2024-01-01 10:00:00'     | DATE | TIMESTAMP
          timestamp'2024-01-01 10:00:00'    | date'2024-01-01'                   | TIMESTAMP | DATE
          timestamp_ntz'2024-01-01 10:00:00' | date'2024-01-01'                  | TIMESTAMP_NTZ | DATE
          """)
  void daysAndMomentsAsKeysAreTold(String table, String source, String theirs, String mine)
      throws Exception {
    load("DeltaLakeLoad", "select " + table + " as d, 1 as v", "");
    assertThat(
            load(
                "DeltaLakeMergeLoad",
                "select " + source + " as d, 2 as v",
                "condition: \"source.d = target.d\"\n"
                    + "whenMatchedUpdate: {values: {v: \"source.v\"}}"))
        .anyMatch(
            message ->
                message.endsWith(
                    "\"condition\" compares source.d ("
                        + mine
                        + ") with target.d ("
                        + theirs
                        + "), and a date equals the midnight that it begins with alone, so that"
                        + " 2024-01-01 10:00 is not of the day 2024-01-01"));
  }
}
