package io.sqletl.engine.stage.load;

import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.Folder;
import io.sqletl.engine.stage.SqlJob;
import io.sqletl.engine.stage.files.RunOwner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextLoadStageTest {

  @TempDir Path directory;
  private Folder folder;

  @BeforeEach
  void makeFolder() {
    folder = new Folder(directory);
  }

  private SqlJob load(String query, String keys) throws Exception {
    return SqlJob.run(
        view("v", query)
            + stage("TextLoad", "inputView: v\n" + keys.replace("DIR", folder.of(""))));
  }

  private String text(String name) throws IOException {
    return Files.readString(directory.resolve(name));
  }

  @Test
  void aViewOfOneTextIsADirectoryOfLines() throws Exception {
    load("select 'ü' as `a.b` union all select 'b'", "outputURI: \"DIR/out\", numPartitions: 1");
    List<String> parts =
        folder.files("out").stream().filter(name -> name.startsWith("part-")).toList();
    assertThat(parts).hasSize(1);
    assertThat(text("out/" + parts.get(0)).lines()).containsExactlyInAnyOrder("ü", "b");
  }

  @Test
  void oneFileHasAllRowsBetweenPrefixAndSuffix() throws Exception {
    SqlJob job =
        load(
            "select * from values ('ü'), ('b'), (null) as t(x)",
            "singleFile: true, outputURI: \"DIR/one/a.json\", prefix: \"[\", separator: \",\","
                + " suffix: \"]\"");
    assertThat(text("one/a.json")).isEqualTo("[ü,b]");
    assertThat(job.detail().get("outputFiles").toString()).endsWith("one/a.json]");
    assertThat(folder.files("one")).containsExactly("a.json");
  }

  @Test
  void rowsGoToTheirFilesInTheirOrder() throws Exception {
    load(
        """
        select * from values ('c', 'DIR/1.txt', 3), ('e', 'DIR/2.txt', 2), ('a', 'DIR/1.txt', 1),
          ('d', 'DIR/2.txt', 1), ('b', 'DIR/1.txt', 2), ('f', 'DIR/ü 3.txt', 1)
          as t(value, filename, index)
        """
            .replace("DIR", folder.toString()),
        "singleFile: true, separator: \"|\"");
    assertThat(text("1.txt")).isEqualTo("a|b|c");
    assertThat(text("2.txt")).isEqualTo("d|e");
    assertThat(text("ü 3.txt")).isEqualTo("f");
  }

  @Test
  void filesThatAreThereAreReplacedExtendedOrLeft() throws Exception {
    String one =
        "singleFile: true, outputURI: \"DIR/a.txt\", prefix: \"<\", suffix: \">\", saveMode: ";
    load("select '1' as x", one + "ErrorIfExists");
    load("select '2' as x", one + "Ignore");
    assertThat(text("a.txt")).isEqualTo("<1>");
    load("select '3' as x", one + "Append");
    assertThat(text("a.txt")).isEqualTo("<1><3>");
    load("select '4' as x", one + "Overwrite");
    assertThat(text("a.txt")).isEqualTo("<4>");
    assertThatThrownBy(() -> load("select '5' as x", one + "ErrorIfExists"))
        .hasMessage(
            "File '"
                + folder.of("a.txt")
                + "' already exists and 'saveMode' equals 'ErrorIfExists' so cannot continue.");
    assertThat(folder.files("")).containsExactly("a.txt");
  }

  @Test
  void aLoadThatFailsLeavesEveryFileAsItWas() throws Exception {
    folder.with("1.txt", "before");
    String rows =
        "select value, '%s/' || f || '.txt' as filename from values ('a', '1'),".formatted(folder)
            + " (raise_error('the end'), '2') as t(value, f)";
    assertThatThrownBy(() -> load(rows, "singleFile: true")).hasStackTraceContaining("the end");
    assertThat(folder.files("")).containsExactly("1.txt");
    assertThat(text("1.txt")).isEqualTo("before");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          select 1 as value                            | singleFile: true | [value: int].
          select 'a' as value, 1 as filename           | singleFile: true | [value: string, filename: int].
          select 'a' as value, 'f' as `file name`      | singleFile: true | [value: string, file name: string].
          select 'a' as value, 1 as index              | singleFile: true | [value: string, index: int].
          select 'a' as value                          | singleFile: true | as the view 'v' has no column 'filename'.
          select 'a' as value, cast(null as string) as filename | singleFile: true | has no filename; give each row one.
          select 'a' as x, 'b' as y                    | outputURI: DIR/x | TextLoad supports only a single text column but the input view has 2 columns.
          select 1 as `x.y`                            | outputURI: DIR/x | but the column 'x.y' is of type int.
          """)
  void viewsOfOtherShapesAreRefused(String query, String keys, String end) {
    assertThatThrownBy(() -> load(query, keys.replace("DIR/x", "\"DIR/x\"")))
        .hasMessageEndingWith(end);
  }

  @Test
  void aDirectoryNeedsAnAddress() {
    assertThat(SqlJob.problems(view("v", "select 'a'") + stage("TextLoad", "inputView: v")))
        .extracting(Problem::message)
        .containsExactly("Missing required attribute 'outputURI' when not in 'singleFile' mode");
  }

  @Test
  void rowsOfNullAreToldWhereSingleFilesLeaveThemOut(@TempDir Path folder) throws Exception {
    String file = folder.resolve("one.txt").toString();
    String keys =
        "inputView: texts, singleFile: true, separator: \"-\", outputURI: \"" + file + "\"";
    SqlJob job =
        SqlJob.run(
            view("texts", "select explode(array('a', null, 'b', null)) as x")
                + stage("TextLoad", keys));
    assertThat(job.runWarnings())
        .singleElement()
        .satisfies(
            warning -> {
              assertThat(warning.code()).isEqualTo(ErrorCode.LOST_IN_LOAD);
              assertThat(warning.message()).contains("2 rows of the view \"texts\" are NULL");
            });
    assertThat(Path.of(file)).hasContent("a-b");
    assertThat(SqlJob.run(view("texts", "select 'a' as x") + stage("TextLoad", keys)).runWarnings())
        .isEmpty();
  }

  @Test
  void whatAKilledRunLeftBesideASingleFileIsRemoved(@TempDir Path folder) throws Exception {
    RunOwner here = RunOwner.current();
    String killed = new RunOwner(here.host(), 4_000_000, 1_700_000_000_000L).token();
    Path dead = Files.createFile(folder.resolve(".one.txt." + killed + ".00aa00aa"));
    Path alive = Files.createFile(folder.resolve(".one.txt." + here.token() + ".00aa00aa"));
    Path other = Files.createFile(folder.resolve(".one.txt.backup"));
    SqlJob.run(
        view("texts", "select 'a' as x")
            + stage(
                "TextLoad",
                "inputView: texts, singleFile: true, outputURI: \"" + folder + "/one.txt\""));
    assertThat(dead).doesNotExist();
    assertThat(alive).exists();
    assertThat(other).exists();
  }
}
