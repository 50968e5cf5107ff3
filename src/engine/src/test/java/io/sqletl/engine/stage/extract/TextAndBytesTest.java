package io.sqletl.engine.stage.extract;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.spark;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.Folder;
import io.sqletl.engine.stage.Rejected;
import io.sqletl.engine.stage.SqlJob;
import io.sqletl.engine.typing.RejectedValue;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are read as they are: texts, bytes and images. */
class TextAndBytesTest {

  @TempDir Path directory;
  private Folder folder;

  @BeforeEach
  void makeFolder() {
    folder = new Folder(directory);
  }

  private SqlJob extract(String type, String input, String keys) throws Exception {
    return SqlJob.run(
        stage(type, "outputView: v\ninputURI: \"" + folder.of(input) + "\"\n" + keys));
  }

  @Test
  void linesOrWholeFilesAreRows() throws Exception {
    folder.with("in/a b.txt", "eins\nzwei\n\nü").with("in/c.txt.gz", Folder.gzip("vier"));
    extract("TextExtract", "in", "");
    assertThat(rows("select value, _index from v order by _filename, _index"))
        .containsExactly("[eins,1]", "[zwei,2]", "[,3]", "[ü,4]", "[vier,1]");
    extract("TextExtract", "in", "multiLine: true, basePath: \"" + folder + "\"");
    assertThat(rows("select value, _index from v order by _filename"))
        .containsExactly("[eins\nzwei\n\nü,1]", "[vier,1]");
  }

  @Test
  void pathsComeFromAView() throws Exception {
    folder.with("a.txt", "1").with("b.txt", "2").with("c.txt", "3");
    String paths =
        view(
            "paths",
            "select '"
                + folder.of("a.txt")
                + "' as value union all select '"
                + folder.of("b.txt")
                + "' union all select null");
    SqlJob.run(paths + stage("TextExtract", "inputView: paths, outputView: v"));
    assertThat(rows("select value from v order by 1")).containsExactly("[1]", "[2]");
    SqlJob.run(paths + stage("BytesExtract", "inputView: paths, outputView: v"));
    assertThat(rows("select cast(value as string) from v order by 1"))
        .containsExactly("[1]", "[2]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TextExtract", "BytesExtract"})
  void aViewOfPathsHasOneColumn(String type) {
    assertThatThrownBy(
            () ->
                SqlJob.run(
                    view("paths", "select 1 as value, 'x' as `a.b`")
                        + stage(type, "inputView: paths, outputView: v")))
        .hasMessage(
            type
                + " requires 'inputView' to be dataset with [value: string] signature. inputView"
                + " 'paths' has 2 columns of type [value: int, a.b: string].");
  }

  @Test
  void filesWithoutLinesHaveNoRowsAndPathsMustBeThere() throws Exception {
    folder.with("blank/a.txt", "").with("empty/_SUCCESS", "");
    for (String input : new String[] {"blank", "empty"}) {
      extract("TextExtract", input, "");
      assertThat(rows("select value, _filename, _index from v")).isEmpty();
    }
    assertThatThrownBy(() -> extract("TextExtract", "no", ""))
        .hasMessage(
            "Path '"
                + folder.of("no")
                + "' does not exist and no schema has been provided to create an empty"
                + " dataframe. Correct \"inputURI\".");
  }

  @Test
  void bytesAreRowsWithTheirFile() throws Exception {
    folder.with("in/ä.bin", new byte[] {0, -1}).with("in/blank", "");
    extract("BytesExtract", "in", "");
    assertThat(rows("select hex(value), _filename like 'file:/%' from v order by 1"))
        .containsExactly("[,true]", "[00FF,true]");
    assertThat(spark().table("v").columns()).containsExactly("value", "_filename");
  }

  @Test
  void noFilesAreAFailureUnlessTheJobSaysOtherwise() throws Exception {
    folder.with("empty/_SUCCESS", "");
    for (String input : new String[] {"no", "empty"}) {
      assertThatThrownBy(() -> extract("BytesExtract", input, ""))
          .hasMessage(
              "BytesExtract has found no files at '"
                  + folder.of(input)
                  + "' and failMode is set to 'failfast' so cannot continue.");
      extract("BytesExtract", input, "failMode: permissive");
      assertThat(rows("select value, _filename from v")).isEmpty();
    }
  }

  private static String told(SqlJob job) {
    Rejected rejected = job.rejected().orElseThrow();
    List<RejectedValue> first = rejected.values().value().first();
    assertThat(first).hasSize(1);
    return rejected.render(first.get(0));
  }

  @Test
  void imagesAreDecodedAndOthersDropped() throws Exception {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB), "png", png);
    folder.with("in/a.png", png.toByteArray()).with("in/b.png", "no image");
    SqlJob dropped = extract("ImageExtract", "in", "");
    assertThat(rows("select image.height, image.width, image.nChannels from v"))
        .containsExactly("[2,3,3]");
    assertThat(spark().table("v").columns()).containsExactly("image");
    assertThat(told(dropped)).contains("/in/b.png is no image").endsWith("and is left out");
    SqlJob kept = extract("ImageExtract", "in", "dropInvalid: false");
    assertThat(rows("select image.height from v order by 1")).containsExactly("[-1]", "[2]");
    assertThat(told(kept)).endsWith("and is a row without data");
    SqlJob job = extract("ImageExtract", "no", "");
    assertThat(rows("select image.origin from v")).isEmpty();
    assertThat(job.detail()).containsEntry("records", 0);
  }

  @Test
  void aFileWithoutAByteIsAnEmptyText() throws Exception {
    folder.with("in/a b.txt", "").with("in/ü.txt", "").with("in/c.txt", "x");
    SqlJob job = extract("TextExtract", "in", "multiLine: true");
    assertThat(
            rows(
                "select value, regexp_extract(_filename, '[^/]+$', 0), _index, size(_errors) from v"
                    + " order by value, _filename"))
        .containsExactly("[,a%20b.txt,1,0]", "[,ü.txt,1,0]", "[x,c.txt,1,0]");
    assertThat(rows("select distinct replace(_filename, 'c.txt', 'a%20b.txt') from v"))
        .containsAll(rows("select _filename from v where _filename like '%a\\%20b.txt'"));
    assertThat(spark().table("v").columns())
        .containsExactly("value", "_filename", "_index", "_errors");
    assertThat(job.runWarnings()).isEmpty();
    extract("TextExtract", "in", "multiLine: true, contiguousIndex: false");
    assertThat(rows("select value, _filename like 'file:///%' from v order by 1"))
        .containsExactly("[,true]", "[,true]", "[x,true]");
    assertThat(rows("select count(distinct _monotonically_increasing_id) from v"))
        .containsExactly("[3]");
    folder.with("alone/a.txt", "");
    extract("TextExtract", "alone", "multiLine: true");
    assertThat(rows("select value, _index from v")).containsExactly("[,1]");
  }

  @Test
  void aFileWithoutAByteInAFolderOfAColumnIsTold() throws Exception {
    folder.with("in/k=1/a.txt", "").with("in/k=2/c.txt", "x");
    SqlJob job = extract("TextExtract", "in", "multiLine: true");
    assertThat(rows("select value, k from v")).containsExactly("[x,2]");
    assertThat(notRead(job)).containsExactly("1 file is not read, having no byte: 'a.txt'");
  }

  @Test
  void filesThatBytesAndImagesLeaveOutAreTold() throws Exception {
    folder
        .with("in/a.png", new byte[] {1})
        .with("in/_b.png", new byte[] {1})
        .with("in/sub/c.png", new byte[] {1})
        .with("in/_SUCCESS", "")
        .with("in/d.png", "");
    assertThat(notRead(extract("BytesExtract", "in", "")))
        .containsExactly(
            "1 file is not read, by a name that begins with _ or . or ends with ._COPYING_: _b.png",
            "1 file is not read, being in folders below: sub/c.png");
    assertThat(notRead(extract("ImageExtract", "in", "")))
        .containsExactly(
            "1 file is not read, by a name that begins with _ or . or ends with ._COPYING_: _b.png",
            "1 file is not read, being in folders below: sub/c.png",
            "1 file is not read, having no byte: 'd.png'");
  }

  private static List<String> notRead(SqlJob job) {
    return job.runWarnings().stream()
        .filter(warning -> warning.code() == ErrorCode.FILES_NOT_READ)
        .map(Problem::message)
        .toList();
  }
}
