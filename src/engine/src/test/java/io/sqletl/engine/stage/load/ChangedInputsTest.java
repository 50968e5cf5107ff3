package io.sqletl.engine.stage.load;

import static io.sqletl.engine.stage.SqlJob.rows;
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
import org.junit.jupiter.params.provider.ValueSource;

/** A job that changes what its own views read, or writes one place twice. */
class ChangedInputsTest {

  @TempDir Path directory;
  private Folder folder;

  @BeforeEach
  void makeFolder() {
    folder = new Folder(directory);
  }

  private String extract(String type, String in, String view) {
    return stage(type, "inputURI: \"" + folder.of(in) + "\", outputView: " + view);
  }

  private String load(String type, String view, String out, String keys) {
    return stage(type, "inputView: " + view + ", outputURI: \"" + folder.of(out) + "\"\n" + keys);
  }

  private static List<String> messages(List<Problem> problems) {
    return problems.stream().map(Problem::message).toList();
  }

  private void table(String query) throws Exception {
    SqlJob.run(view("start", query) + load("DeltaLakeLoad", "start", "t", ""));
  }

  @Test
  void aViewOfATableThatTheJobReplacesIsNotComputedAnew() throws Exception {
    table("select 1 as n");
    SqlJob job =
        SqlJob.run(
            extract("DeltaLakeExtract", "t", "t")
                + view("plus", "select n + 1 as n from t")
                + load("DeltaLakeLoad", "plus", "t/", "")
                + load("ParquetLoad", "plus", "copy", ""));
    assertThat(rows("select * from parquet.`" + folder.of("copy") + "`")).containsExactly("[2]");
    assertThat(rows("select * from delta.`" + folder.of("t") + "`")).containsExactly("[2]");
    assertThat(messages(job.warnings()))
        .singleElement()
        .asString()
        .contains("uses the view \"plus\"", "\"t\" stays at the version");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Parquet", "DeltaLake"})
  void aKeptViewIsComputedAnewWhenALaterJobReplacesWhatItReads(String format) throws Exception {
    SqlJob.run(
        view("start", "select 1 as n")
            + load(format + "Load", "start", "kept", "")
            + stage(
                format + "Extract",
                "inputURI: \"" + folder.of("kept") + "\", outputView: kept, persist: true"));
    assertThat(rows("select n from kept")).containsExactly("[1]");
    SqlJob.run(view("next", "select 2 as n") + load(format + "Load", "next", "kept", ""));
    assertThat(rows("select n from kept")).containsExactly("[2]");
  }

  @Test
  void aViewThroughWhichATableIsMergedFollowsIt() throws Exception {
    table("select 1 as n, 'a' as s");
    SqlJob job =
        SqlJob.run(
            extract("DeltaLakeExtract", "t", "t")
                + view("new", "select 2 as n, 'b' as s")
                + view(
                    "merged",
                    "merge into t using new on t.n = new.n when not matched then insert *")
                + view("after", "select count(*) as c from t"));
    assertThat(rows("select * from after")).containsExactly("[2]");
    assertThat(job.warnings()).isEmpty();
  }

  @Test
  void aViewDerivedOfOneThatIsMergedIntoIsWarnedOf() throws Exception {
    table("select 1 as n, 'a' as s");
    String job =
        extract("DeltaLakeExtract", "t", "t")
            + view("new", "select max(n) + 1 as n, 'b' as s from t")
            + view("merged", "merge into t using new on t.n = new.n when not matched then insert *")
            + view("after", "select * from new");
    assertThat(SqlJob.plan(job).warnings())
        .singleElement()
        .satisfies(
            warning -> {
              assertThat(warning.message()).contains("\"new\"", "computed anew");
              assertThat(warning.remedy()).contains("{\"relativeVersion\": 0}");
            });
  }

  @Test
  void aLoadDoesNotReplaceAnInput() {
    for (String out : new String[] {"in", "in/", "x/../in", "."}) {
      assertThat(
              messages(
                  SqlJob.problems(
                      extract("DelimitedExtract", "in/*.csv", "a")
                          + load("ParquetLoad", "a", out, ""))))
          .as(out)
          .singleElement()
          .asString()
          .contains("the input would be removed");
    }
    String elsewhere =
        extract("DelimitedExtract", "in/*.csv", "a") + load("ParquetLoad", "a", "in/out", "");
    assertThat(SqlJob.problems(elsewhere)).isEmpty();
    assertThat(SqlJob.plan(elsewhere).warnings()).isEmpty();
  }

  @Test
  void aViewThatIsAddedTwiceIsTold() {
    String append = "saveMode: Append";
    String made = view("a", "select 1 as n") + view("b", "select 2 as n");
    String once = made + load("ParquetLoad", "a", "out", append);
    assertThat(SqlJob.plan(once + load("ParquetLoad", "A", "out/", append)).warnings())
        .singleElement()
        .satisfies(
            warning -> {
              assertThat(warning.message()).contains("the second adds the same rows once more");
              assertThat(warning.remedy()).contains("take one of the two out");
            });
    for (String other :
        new String[] {
          load("ParquetLoad", "b", "out", append),
          load("ParquetLoad", "a", "out2", append),
          load("ParquetLoad", "a", "out", append).replace("[test]", "[production]")
        }) {
      assertThat(SqlJob.plan(once + other).warnings()).as(other).isEmpty();
    }
    String remade = once + view("a", "select 3 as n") + load("ParquetLoad", "a", "out", append);
    assertThat(messages(SqlJob.plan(remade).warnings()))
        .noneMatch(message -> message.contains("once more"));
    String read = extract("DeltaLakeExtract", "t", "a");
    String changed =
        read
            + view("b", "select 2 as n")
            + load("ParquetLoad", "a", "out", append)
            + load("DeltaLakeLoad", "b", "t", append)
            + load("ParquetLoad", "a", "out", append);
    assertThat(messages(SqlJob.plan(changed).warnings()))
        .noneMatch(message -> message.contains("once more"));
  }

  @Test
  void twoLoadsOfOnePlaceAreTold() {
    String first = view("a", "select 1 as n") + load("ParquetLoad", "a", "out", "");
    assertThat(messages(SqlJob.plan(first + load("ParquetLoad", "a", "out/", "")).warnings()))
        .singleElement()
        .asString()
        .contains("the second replaces what the first wrote");
    assertThat(messages(SqlJob.problems(first + load("JSONLoad", "a", "out", ""))))
        .singleElement()
        .asString()
        .contains("in two formats, parquet and json");
    assertThat(messages(SqlJob.problems(first + load("ParquetLoad", "a", ".", ""))))
        .singleElement()
        .asString()
        .contains("one is in the other");
    assertThat(SqlJob.plan(first + load("ParquetLoad", "a", "out", "saveMode: Append")).warnings())
        .isEmpty();
    assertThat(SqlJob.plan(first + load("ParquetLoad", "a", "out2", "")).warnings()).isEmpty();
    String other = load("ParquetLoad", "a", "out", "").replace("[test]", "[production]");
    assertThat(SqlJob.plan(first + other).warnings()).isEmpty();
  }

  @Test
  void addingToTheFolderOfAPatternThatIsReadIsTold() throws Exception {
    folder.with("in/a.csv", "id\n1\n");
    List<Problem> warnings =
        SqlJob.run(
                stage(
                        "DelimitedExtract",
                        "inputURI: \"" + folder.of("in") + "/*\", outputView: v, header: true")
                    + view("w", "select id from v")
                    + load("DelimitedLoad", "w", "in/out", "saveMode: Append"))
            .warnings();
    assertThat(messages(warnings))
        .singleElement()
        .asString()
        .contains("means too: the next run reads what this one has written");
  }

  @Test
  void aViewOfADatabaseThatIsUsedAfterALoadIsTold() {
    String at = "jdbcURL: \"jdbc:h2:mem:x\", ";
    String job =
        stage(
                "JDBCExtract",
                at + "tableName: \"(select * from public.t where a = 1) q\", outputView: old")
            + "%s"
            + stage("JDBCLoad", at + "inputView: fresh, tableName: T, saveMode: Append")
            + load("ParquetLoad", "fresh", "audit", "");
    String fresh = view("fresh", "select 1 as a from old");
    assertThat(messages(SqlJob.plan(String.format(job, fresh)).warnings()))
        .singleElement()
        .asString()
        .contains("uses the view \"fresh\"", "the database is asked anew");
    String kept = fresh.replaceFirst("outputView", "persist: true, outputView");
    assertThat(kept).isNotEqualTo(fresh);
    assertThat(SqlJob.plan(String.format(job, kept)).warnings()).isEmpty();
    String readBack =
        view("rows", "select 1 as a")
            + stage("JDBCLoad", at + "inputView: rows, tableName: t")
            + stage("JDBCExtract", at + "tableName: t, outputView: old")
            + load("ParquetLoad", "old", "audit", "");
    assertThat(SqlJob.plan(readBack).warnings()).isEmpty();
    String other = job.replace("public.t ", "public.t2 ");
    assertThat(SqlJob.plan(String.format(other, fresh)).warnings()).isEmpty();
  }

  @Test
  void aTableOfAnotherDatabaseIsAnother() {
    String job =
        stage("JDBCExtract", "jdbcURL: \"jdbc:h2:mem:x\", tableName: t, outputView: old")
            + stage("JDBCLoad", "jdbcURL: \"jdbc:h2:mem:%s\", inputView: old, tableName: t")
            + load("ParquetLoad", "old", "audit", "");
    assertThat(messages(SqlJob.plan(String.format(job, "x")).warnings()))
        .singleElement()
        .asString()
        .contains("uses the view \"old\"");
    assertThat(SqlJob.plan(String.format(job, "y")).warnings()).isEmpty();
  }

  @Test
  void aStatementThatChangesTheTableOfAViewIsTold() throws Exception {
    folder.with("clear.sql", "delete from Public.T");
    folder.with("other.sql", "delete from t2");
    folder.with("ask.sql", "select * from t");
    String at = "jdbcURL: \"jdbc:h2:mem:x\", ";
    String job =
        stage("JDBCExtract", at + "tableName: \"%s\", outputView: old")
            + stage("JDBCExecute", at + "inputURI: \"" + folder.of("%s.sql") + "\"")
            + load("ParquetLoad", "old", "audit", "");
    for (String table : List.of("t", "\\\"public\\\".t", "(select a from t where a = 1) q")) {
      assertThat(messages(SqlJob.plan(String.format(job, table, "clear")).warnings()))
          .as(table)
          .singleElement()
          .asString()
          .contains("uses the view \"old\"", "changed before");
      assertThat(SqlJob.plan(String.format(job, table, "other")).warnings()).isEmpty();
      assertThat(SqlJob.plan(String.format(job, table, "ask")).warnings()).isEmpty();
    }
  }
}
