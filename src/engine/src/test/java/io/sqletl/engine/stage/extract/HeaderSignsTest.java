package io.sqletl.engine.stage.extract;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.stage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.Folder;
import io.sqletl.engine.stage.Rejected;
import io.sqletl.engine.stage.SqlJob;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a first record is taken for, where the file says something else. */
class HeaderSignsTest {

  @TempDir Path directory;
  private Folder folder;

  @BeforeEach
  void makeFolder() {
    folder = new Folder(directory);
  }

  private String extract(String keys) {
    return stage("DelimitedExtract", "inputURI: \"" + folder + "/in\"\noutputView: raw\n" + keys);
  }

  private static List<String> warnings(SqlJob job) {
    return job.runWarnings().stream().map(Problem::message).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "FEFF FEFF, FEFF",
    "FEFF 200B, 200B",
    "00A0, 00A0",
    "001A, 001A",
    "FEFF,",
    "0020,",
  })
  void signsThatAreNotSeenInNamesAreTold(String before, String told) throws Exception {
    StringBuilder text = new StringBuilder();
    for (String sign : before.split(" ")) {
      text.appendCodePoint(Integer.parseInt(sign, 16));
    }
    folder.with("in/a.csv", text + "id,name\n1,x\n");
    for (String keys : List.of("header: true", "header: true, multiLine: true")) {
      List<String> warnings = warnings(SqlJob.run(extract(keys)));
      if (told == null) {
        assertThat(warnings).isEmpty();
      } else {
        assertThat(warnings).singleElement().asString().contains("name (U+" + told + ")id");
      }
    }
  }

  @Test
  void aSecondMarkInFrontOfRecordsIsAnErrorOfTheFirst() throws Exception {
    folder.with("in/a.csv", "\uFEFF\uFEFFx,1\ny,2\n");
    SqlJob.run(extract("header: false"));
    assertThat(rows("select _index, size(_errors) from raw order by 1"))
        .containsExactly("[1,1]", "[2,0]");
    folder.with("in/a.csv", "\uFEFFx,1\ny,2\n");
    SqlJob.run(extract("header: false"));
    assertThat(rows("select _c0, size(_errors) from raw order by 1"))
        .containsExactly("[x,0]", "[y,0]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1,a,2~3,b,4               | true  | looks like a record, by '1'
          2024-01-31,x~2024-02-01,y | true  | looks like a record, by '2024-01-31'
          a,9.50~b,1.25             | true  | looks like a record, by '9.50'
          id,name~1,a               | false | looks like a header (id, name), and is read as data
          Ann,Oslo~Bob,Rome~Eve,Oslo | true | looks like a record, by 'Oslo'
          name,city~Ann,Oslo~Bob,Rome | false | looks like a header (name, city), and is read as data
          id;name~1;a               | true  | are one column, and the first has ';' in it
          id;name~1;a               | false | are one column, and the first has ';' in it
          """)
  void itIsTold(String text, boolean header, String told) throws Exception {
    folder.with("in/a.csv", text.replace('~', '\n'));
    assertThat(warnings(SqlJob.run(extract("header: " + header))))
        .singleElement()
        .asString()
        .contains("a.csv")
        .contains(told);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          id,2023,2024~a,1,2  | true
          name,city~Ann,Oslo  | true
          Ann,Oslo~Bob,Rome   | false
          1,a~2,b             | false
          Ann,7~Bob,8         | false
          Ann,Ann~1,2         | false
          note~a              | true
          name,city~ann,oslo~bob,rome | false
          shop,01,02~a,01,0~b,2,02    | true
          id,x~1,x~2,                 | true
          ann,oslo~bob,Rome~eve,oslo  | false
          name,city~Ann,Oslo~name,city~Bob,Rome | true
          """)
  void ordinaryFilesAreNothingToSpeakOf(String text, boolean header) throws Exception {
    folder.with("in/a.csv", text.replace('~', '\n'));
    assertThat(warnings(SqlJob.run(extract("header: " + header)))).isEmpty();
  }

  @Test
  void aHeaderThatIsTypedAsDataIsTold() throws Exception {
    folder
        .with("in/a.csv", "Name,city\nAnn,Oslo\n")
        .with(
            "schema.conf",
            "[{name: name, type: string, nullable: true},"
                + " {name: city, type: string, nullable: true}]");
    String typing =
        stage(
            "TypingTransform",
            "inputView: raw, outputView: v, schemaURI: \"" + folder + "/schema.conf\"");
    assertThat(warnings(SqlJob.run(extract("header: false") + typing)))
        .singleElement()
        .asString()
        .contains("first record of the view has the names of the schema (Name, city)");
    folder.with("in/a.csv", "Ann,Oslo\nBob,Rome\n");
    assertThat(warnings(SqlJob.run(extract("header: false") + typing))).isEmpty();
    folder.with("in/a.csv", "Name,city\nAnn,Oslo\n");
    String described = "header: false, schemaURI: \"" + folder + "/schema.conf\"";
    assertThat(warnings(SqlJob.run(extract(described))))
        .singleElement()
        .asString()
        .contains("looks like a header (Name, city), and is read as data");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sep=,", "\"sep=,\"", "sep=;\r", "sep=\t"})
  void theLineThatTellsExcelTheDelimiterIsRefused(String line) throws Exception {
    folder.with("in/a.csv", line + "\nid,name\n1,a\n");
    for (String keys : List.of("header: true", "header: false", "header: true, multiLine: true")) {
      assertThatThrownBy(() -> SqlJob.run(extract(keys)))
          .hasMessageContaining("/in/a.csv' begins with the line " + line.strip())
          .hasMessageContaining("take that line out of the file");
    }
    folder.with("in/a.csv", "1,a\n").with("in/b.csv", line + "\n1,a\n");
    SqlJob.run(extract("header: false"));
    assertThatThrownBy(() -> rows("select * from raw"))
        .hasStackTraceContaining("b.csv")
        .hasStackTraceContaining("take that line out of the file");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          "a" ,z   | a blank follows the closing quote of value 1
          a,"b"    | OK
          a, "b"   | a blank stands before the quote of value 2
          a, b     | OK
          a,b "c"  | OK
          """)
  void blanksAroundQuotesAreErrorsOfTheirRow(String line, String told) throws Exception {
    folder.with("in/a.csv", "id,name\n" + line + "\n1,2\n");
    SqlJob job = SqlJob.run(extract("header: true"));
    assertThat(rows("select size(_errors) from raw order by _index"))
        .containsExactly(told.equals("OK") ? "[0]" : "[1]", "[0]");
    Rejected rejected = job.rejected().orElseThrow();
    List<String> all = rejected.values().value().first().stream().map(rejected::render).toList();
    if (told.equals("OK")) {
      assertThat(all).isEmpty();
    } else {
      assertThat(all).singleElement().asString().startsWith("a.csv:2: " + told);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"<!DOCTYPE html>", "<html><body>404</body></html>"})
  void aPageInPlaceOfDataIsRefused(String line) throws Exception {
    folder.with("in/a.csv", line + "\n");
    for (String keys : List.of("header: true", "header: false")) {
      assertThatThrownBy(() -> SqlJob.run(extract(keys)))
          .hasMessageContaining("/in/a.csv' begins with <")
          .hasMessageContaining("such as the message of a server");
    }
  }

  @Test
  void aNameThatSaysGzipAndIsNotIsNamed() throws Exception {
    String told = "its name ends in .gz, but it is not packed; take the .gz off its name";
    folder.with("in/a.csv.gz", "id,name\n1,a\n".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> SqlJob.run(extract("header: true")))
        .hasMessageContaining("a.csv.gz")
        .hasMessageContaining(told);
    folder.with("json/a.json.gz", "{\"a\":1}\n".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(
            () ->
                SqlJob.run(
                    stage("JSONExtract", "inputURI: \"" + folder + "/json\"\noutputView: v")))
        .hasMessageContaining("a.json.gz")
        .hasMessageContaining(told);
  }
}
