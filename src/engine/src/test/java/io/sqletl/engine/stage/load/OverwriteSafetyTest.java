package io.sqletl.engine.stage.load;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.Folder;
import io.sqletl.engine.stage.SqlJob;
import io.sqletl.engine.stage.StageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A load removes only what it knows. */
class OverwriteSafetyTest {

  @TempDir Path directory;
  private Folder folder;

  @BeforeEach
  void makeFolder() {
    folder = new Folder(directory);
  }

  private String load(String type, String out, String keys) {
    return view("rows", "select '1' as a")
        + stage(type, "inputView: rows, outputURI: \"" + folder.of(out) + "\"\n" + keys);
  }

  private void refused(String job, String message) {
    assertThatThrownBy(() -> SqlJob.run(job))
        .isInstanceOf(StageException.class)
        .hasMessageContaining(message);
  }

  @Test
  void inputsBelowTheTargetStay() throws Exception {
    folder.with("in/2023/a.csv", "x").with("in/2024/b.csv", "x");
    refused(
        load("ParquetLoad", "in", ""),
        "holds 2 files (2023/a.csv, 2024/b.csv), which no ParquetLoad with these keys wrote and"
            + " Overwrite would remove. Write to another folder, remove them, or set"
            + " \"replaceAll\" to true.");
    assertThat(folder.files("in")).containsExactly("2023/a.csv", "2024/b.csv");
    SqlJob.run(load("ParquetLoad", "in", "replaceAll: true"));
    assertThat(folder.files("in")).noneMatch(name -> name.endsWith(".csv"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ParquetLoad", "JSONLoad", "DelimitedLoad", "ORCLoad", "AvroLoad"})
  void filesThatAreReplacedByNoneAreTold(String type) throws Exception {
    String empty = "select * from (select '1' as a, explode(array(1)) as n) where n > 1";
    String again =
        view("rows", empty)
            + stage(type, "inputView: rows, outputURI: \"" + folder.of("out") + "\"\nheader: true")
                .replace(type.equals("DelimitedLoad") ? "\u0000" : "header: true", "");
    assertThat(told(SqlJob.run(again))).isEmpty();
    SqlJob.run(load(type, "out", type.equals("DelimitedLoad") ? "header: true" : ""));
    assertThat(
            told(SqlJob.run(load(type, "out", type.equals("DelimitedLoad") ? "header: true" : ""))))
        .isEmpty();
    assertThat(told(SqlJob.run(again)))
        .singleElement()
        .asString()
        .contains("'rows' has no rows", "are replaced by none");
  }

  private static List<String> told(SqlJob job) {
    return job.runWarnings().stream()
        .filter(warning -> warning.code() == ErrorCode.LOST_IN_LOAD)
        .map(Problem::message)
        .toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"out/sales.parquet", "out/part-00000.csv", "out/old/part-00000-x.parquet"})
  void filesThatNoSuchLoadWroteStay(String file) throws Exception {
    SqlJob.run(load("ParquetLoad", "out", ""));
    folder.with(file, "x");
    refused(load("ParquetLoad", "out", ""), "holds 1 file (" + file.substring(4) + ")");
    assertThat(Files.exists(directory.resolve(file))).isTrue();
  }

  @Test
  void theFirstTenAndTheirNumberAreTold() {
    for (int i = 10; i < 25; i++) {
      folder.with("out/f" + i + ".dat", "x");
    }
    refused(load("JSONLoad", "out", ""), "holds 15 files (f10.dat, ");
    refused(load("JSONLoad", "out", ""), " and 5 more)");
  }

  @Test
  void whatIsNoDataNeitherRefusesNorGoes() throws Exception {
    SqlJob.run(load("ParquetLoad", "out", ""));
    folder.with("out/README.md", "x").with("out/.gitkeep", "").with("out/_notes/a.txt", "x");
    SqlJob.run(load("ParquetLoad", "out", ""));
    assertThat(folder.files("out"))
        .contains("README.md", ".gitkeep", "_notes/a.txt", "_SUCCESS")
        .hasSize(5);
  }

  @Test
  void partitionsOfAnotherLayoutStay() throws Exception {
    SqlJob.run(load("ParquetLoad", "out/day=1", ""));
    refused(load("ParquetLoad", "out", ""), "holds 1 file (day=1/part-");
    refused(
        load("ParquetLoad", "out", "saveMode: Append"), "laid out otherwise than \"partitionBy\"");
  }

  @ParameterizedTest
  @CsvSource({"Overwrite", "Append", "Ignore", "ErrorIfExists"})
  void aDeltaTableIsNoTargetOfFiles(String mode) throws Exception {
    SqlJob.run(load("DeltaLakeLoad", "t", ""));
    refused(load("ParquetLoad", "t", "saveMode: " + mode), "is a Delta table");
    refused(load("ParquetLoad", "t/p=1", "saveMode: " + mode), "lies in a Delta table");
    assertThat(rows("select * from delta.`" + folder.of("t") + "`")).containsExactly("[1]");
  }

  @Test
  void aDeltaTableIsNotMadeAroundFiles() throws Exception {
    SqlJob.run(load("ParquetLoad", "files", ""));
    refused(load("DeltaLakeLoad", "files", ""), "is no Delta table and holds 1 file");
    refused(load("DeltaLakeLoad", "files", "saveMode: Append"), "CONVERT TO DELTA parquet.`");
    refused(
        load(
            "DeltaLakeMergeLoad",
            "files",
            "condition: \"source.a = target.a\", whenNotMatchedByTargetInsert: {}\n"
                + "createTableIfNotExists: true"),
        "is no Delta table and holds 1 file");
  }

  @Test
  void formatsAreNotAppendedToEachOther() throws Exception {
    SqlJob.run(load("DelimitedLoad", "out", ""));
    refused(load("ParquetLoad", "out", "saveMode: Append"), "ParquetLoad writes Parquet");
    SqlJob.run(load("DelimitedLoad", "out", "saveMode: Append"));
  }

  @Test
  void aPatternThatIsNotClosedIsNamed() {
    assertThat(
            SqlJob.problems(
                stage("ParquetExtract", "inputURI: \"/tmp/a{b\", outputView: rows")
                    + stage("ParquetLoad", "inputView: rows, outputURI: \"/tmp/a{b\"")))
        .extracting(Problem::message)
        .containsExactly(
            "\"/tmp/a{b\" is no pattern: Unclosed group at pos 8",
            "\"/tmp/a{b\" names one place, and \"{\" would be read as a pattern");
  }

  @Test
  void theRootOfAStorageIsNoTarget() {
    for (String root : new String[] {"/", "file:///", "s3a://bucket", "s3a://bucket/x/.."}) {
      assertThat(
              SqlJob.problems(
                  view("rows", "select 1")
                      + stage("ParquetLoad", "inputView: rows, outputURI: \"" + root + "\"")))
          .extracting(Problem::message)
          .anyMatch(message -> message.contains("is the root of a storage"));
    }
  }

  @Test
  void anIgnoredLoadSaysSo() throws Exception {
    SqlJob.run(load("ParquetLoad", "out", ""));
    SqlJob again = SqlJob.run(load("ParquetLoad", "out", "saveMode: Ignore"));
    assertThat(again.runWarnings())
        .extracting(Problem::code)
        .containsExactly(ErrorCode.NOTHING_WRITTEN);
    assertThat(again.outputs()).isEmpty();
  }

  @Test
  void aSingleFileReplacesNoFileOfAnotherKind() throws Exception {
    SqlJob.run(load("ParquetLoad", "out", ""));
    String file =
        folder.files("out").stream().filter(name -> name.endsWith(".parquet")).findFirst().get();
    refused(load("TextLoad", "out/" + file, "singleFile: true"), "is a Parquet file");
    SqlJob.run(load("DeltaLakeLoad", "t", ""));
    refused(load("TextLoad", "t/notes.txt", "singleFile: true"), "lies in a Delta table");
  }
}
