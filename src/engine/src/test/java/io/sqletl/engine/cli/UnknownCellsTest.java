package io.sqletl.engine.cli;

import static io.sqletl.engine.cli.CommandLineFixture.etl;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A check in a cell runs, or the job does not: no cell that nobody knows just warns. */
class UnknownCellsTest {

  private static final String RIGHT = "%sql name=a outputView=a environments=test\nSELECT 1 AS x";
  private static final String CHECK = " name=must environments=test\nSELECT false, 'not good'";

  @TempDir private Path folder;

  private CommandLineFixture check(String... cells) {
    return etl("check", NotebookFile.write(folder.resolve("n.ipynb"), cells).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%sqlvalidate",
        "%%sqlvalidate",
        "% sqlvalidate",
        "%SQLValidate",
        "%sqlvalidat",
        "%sqlvalidation",
        "%sql_validate",
        "%sql-validate",
        "\n \n%sqlvalidate",
        "\uFEFF%sqlvalidate",
        "# what must hold\n%sqlvalidate",
        "// what must hold\n\n%sqlvalidate",
        "-- what must hold\n%sqlvalidate"
      })
  void whatCanOnlyBeAValidationRuns(String magic) {
    CommandLineFixture right = check(RIGHT, magic + CHECK);

    assertThat(right.err()).doesNotContain("is no magic");
    assertThat(right.out()).contains("is right: 2 stages run");
    assertThat(right.status()).isZero();
  }

  @Test
  void aValidationWithADoubledSignFailsItsRun() {
    CommandLineFixture run =
        etl(
            "run",
            "--log",
            "text",
            NotebookFile.write(folder.resolve("n.ipynb"), RIGHT, "%%sqlvalidate" + CHECK)
                .toString());

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("not good");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "%validate|did you mean \"%sqlvalidate\"?",
        "%sqlcheck|did you mean \"%sql\" or \"%sqlvalidate\"?",
        "!sqlvalidate|did you mean \"%sqlvalidate\"?",
        "@sqlvalidate|did you mean \"%sqlvalidate\"?",
        "\uFF05sqlvalidate|did you mean \"%sqlvalidate\"?",
        "sqlvalidate|did you mean \"%sqlvalidate\"?",
        "%assert|make it a Markdown cell",
        "%%time|make it a Markdown cell"
      })
  void whatMayBeAnythingIsRefusedWithWhatItMayBe(String word, String remedy) {
    CommandLineFixture wrong = check(RIGHT, word + CHECK);

    assertThat(wrong.status()).isEqualTo(ExitStatus.WRONG);
    assertThat(wrong.err()).contains("n.ipynb cell 2 line 1: ", remedy, "[UNKNOWN_MAGIC]");
  }

  @Test
  void aMagicBeginsItsCell() {
    CommandLineFixture wrong =
        check(
            "SELECT 1\n%sqlvalidate" + CHECK,
            RIGHT + "\n\n%sqlvalidate" + CHECK,
            "%printschema a\n%sqlvalidate" + CHECK,
            "%env\nA=1\n%sqlvalidate" + CHECK);

    assertThat(wrong.status()).isEqualTo(ExitStatus.WRONG);
    assertThat(wrong.err())
        .contains("cell 1 line 1: This cell is SQL without a magic", "%sqlvalidate name=")
        .contains("cell 2 line 4: %sqlvalidate stands below something else")
        .contains("cell 3 line 2: %sqlvalidate stands below something else")
        .contains("cell 4 line 3: %sqlvalidate stands below something else");
  }

  @Test
  void aRemainderIsNoMagic() {
    CommandLineFixture right =
        check("%sql name=a outputView=a environments=test\nSELECT 17\n%log(10, 100) AS x");

    assertThat(right.err()).doesNotContain("stands below");
    assertThat(right.status()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"markdown", "raw", "Code"})
  void aStageInACellThatDoesNotRunIsRefusedWithItsLine(String type) throws IOException {
    Path file = NotebookFile.write(folder.resolve("n.ipynb"), RIGHT, "%sqlvalidate" + CHECK);
    String text = Files.readString(file);
    int last = text.lastIndexOf("\"code\"");
    Files.writeString(
        file, text.substring(0, last) + "\n\"" + type + "\"" + text.substring(last + 6));

    CommandLineFixture wrong = etl("check", file.toString());

    assertThat(wrong.status()).isEqualTo(ExitStatus.WRONG);
    assertThat(wrong.err()).contains("n.ipynb line 2: ").containsIgnoringCase(type);
  }

  @Test
  void wordsOnAMagicsLineThatAreNoArgumentAreNotLost() {
    CommandLineFixture wrong =
        check(
            "%sqlvalidate name=a environments=test SELECT true, ''\nFROM t",
            "%sql name=a environments=test outputView = a\nSELECT 1",
            "%sql name=a name=b environments=test outputView=b\nSELECT 1");

    assertThat(wrong.status()).isEqualTo(ExitStatus.WRONG);
    assertThat(wrong.err())
        .contains("cell 1 line 1: \"SELECT\" on the line of %sqlvalidate is no argument")
        .contains("cell 2 line 1: \"outputView\" on the line of %sql is no argument")
        .contains("cell 3 line 1: \"name\" stands on the line of %sql more than once");
  }
}
