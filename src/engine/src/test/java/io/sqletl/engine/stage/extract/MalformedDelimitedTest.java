package io.sqletl.engine.stage.extract;

import static io.sqletl.engine.stage.SqlJob.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.stage.Folder;
import io.sqletl.engine.stage.Rejected;
import io.sqletl.engine.stage.SqlJob;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told of delimited text that is not as it should be, and that what is right is read. */
class MalformedDelimitedTest {

  @TempDir Path directory;
  private Folder folder;

  @BeforeEach
  void makeFolder() {
    folder = new Folder(directory);
  }

  private SqlJob extract(String input, String keys) throws Exception {
    return SqlJob.run(
        SqlJob.stage(
            "DelimitedExtract",
            "inputURI: \"" + input + "\", outputView: v, header: true\n" + keys));
  }

  private SqlJob extractText(String text, String keys) throws Exception {
    return extract(folder.with("a.csv", text).of("a.csv"), keys);
  }

  private static List<String> values(String columns) {
    return rows("select " + columns + " from v order by _filename, _index");
  }

  private static List<String> errors() {
    return rows("select _errors[0].field, _errors[0].message from v where size(_errors) > 0");
  }

  /** As the closing lines name them. */
  private static List<String> told(SqlJob job) {
    Rejected rejected = job.rejected().orElseThrow();
    return rejected.values().value().first().stream().map(rejected::render).toList();
  }

  @Test
  void tooFewAndTooManyValuesAreErrorsWithBothNumbersAndTheLine() throws Exception {
    SqlJob job = extractText("a,b,c\n1,2,3\n\n4,5\n6,7,8,9\n", "");
    assertThat(values("a, b, c, _index")).containsExactly("[1,2,3,1]", "[4,5,null,2]", "[6,7,8,3]");
    assertThat(errors())
        .containsExactly("[,3 values expected, 2 found]", "[,3 values expected, 4 found]");
    assertThat(told(job))
        .containsExactly(
            "a.csv:4: 3 values expected, 2 found", "a.csv:5: 3 values expected, 4 found");
    assertThat(job.rejected().orElseThrow().values().value().count()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "bolt 3"" long, steel",5  | bolt 3" long, steel
          "say ""hi""\",5            | say "hi"
          "say \\"hi\\", ok",5      | say "hi", ok
          "C:\\tmp\\",5             | C:\\tmp\\
          "a ""b"" \\"c\\"",5       | a "b" "c"
          5" disc,5                 | 5" disc
          C:\\tmp\\,5               | C:\\tmp\\
          ""\"",5                   | "
          "",5                      | ``
          """)
  void quotesWithinValuesMayBeDoubledOrEscaped(String record, String value) throws Exception {
    for (String keys : List.of("", "multiLine: true")) {
      SqlJob job = extractText("v,n\n" + record + "\n2,6\n", keys);
      assertThat(rows("select v, n from v where n = 5").get(0)).isEqualTo("[" + value + ",5]");
      assertThat(rows("select v from v where n = 6")).containsExactly("[2]");
      assertThat(errors()).isEmpty();
      assertThat(told(job)).isEmpty();
    }
  }

  @Test
  void nothingIsNullAndAPairOfQuotesIsEmpty() throws Exception {
    extractText("a,b\n,\"\"\n", "");
    assertThat(values("a is null, b = ''")).containsExactly("[true,true]");
  }

  @Test
  void aQuoteThatMayBeBothIsAnErrorAndNotAGuess() throws Exception {
    extractText("a,b,c\n\"a\\\",b\",\"c\\\"\",d\"\n", "");
    assertThat(errors()).hasSize(1);
  }

  @Test
  void escapesOfEscapesAreNoGuess() throws Exception {
    String text = "id,path\n1,\"\\\\srv\\s\"\n2,x\n";
    SqlJob job = extractText(text, "");
    rows("select count(*) from v");
    assertThat(told(job)).singleElement().asString().startsWith("a.csv:2: ").contains("escape");
    extractText(text, "escape: \"\\\"\"");
    assertThat(values("path")).containsExactly("[\\\\srv\\s]", "[x]");
    extractText(text, "escape: \"\\\\\"");
    assertThat(values("path")).containsExactly("[\\srv\\s]", "[x]");
  }

  @Test
  void aByteOrderMarkWithinAFileIsAnErrorOfItsRow() throws Exception {
    SqlJob job = extractText("\uFEFFid,n\n1,a\n\uFEFFid,n\n2,b\n", "");
    assertThat(rows("select id from v where size(_errors) = 0")).containsExactly("[1]", "[2]");
    assertThat(told(job)).singleElement().asString().startsWith("a.csv:3: a byte order mark");
  }

  @Test
  void aQuotedValueMayHoldLineEnds() throws Exception {
    for (String keys : List.of("", "multiLine: true")) {
      SqlJob job = extractText("id,note,qty\n1,\"first\nsecond\",5\n2,plain,6\n", keys);
      assertThat(values("id, note, qty, _index"))
          .containsExactly("[1,first\nsecond,5,1]", "[2,plain,6,2]");
      assertThat(told(job)).isEmpty();
    }
  }

  @Test
  void aQuotedLineEndBehindWhatIsLookedAtIsAnErrorThatNamesTheKey() throws Exception {
    String plain = ("0," + "x".repeat(1000) + ",0\n").repeat(8400);
    SqlJob job = extractText("id,note,qty\n" + plain + "1,\"first\nsecond\",5\n", "");
    assertThat(rows("select count(*) from v where size(_errors) = 0")).containsExactly("[8400]");
    assertThat(told(job))
        .hasSize(2)
        .first()
        .asString()
        .startsWith("a.csv:8402: the quoted value 2 does not end on its line")
        .contains("multiLine");
  }

  @Test
  void aQuoteThatDoesNotEndSwallowsNoRecord() throws Exception {
    for (String keys : List.of("", "multiLine: true")) {
      SqlJob job = extractText("id,a,b\n1,\"open,y\n2,x,y\n3,5\" disc,z\n", keys);
      assertThat(rows("select id, a, b from v where size(_errors) = 0"))
          .containsExactlyInAnyOrder("[2,x,y]", "[3,5\" disc,z]");
      assertThat(told(job))
          .singleElement()
          .asString()
          .startsWith("a.csv:2: the quoted value 2 does not end");
    }
  }

  @Test
  void linesOfMultiLineFilesAreToldToo() throws Exception {
    SqlJob job = extractText("a,b\n1,\"x\r\ny\"\n\n2\n", "multiLine: true");
    assertThat(values("a, b")).containsExactly("[1,x\r\ny]", "[2,null]");
    assertThat(told(job)).containsExactly("a.csv:5: 2 values expected, 1 found");
  }

  @Test
  void aHeaderThatStandsAgainIsAnError() throws Exception {
    SqlJob job = extractText("a,b\n1,2\na,b\n3,4\n", "");
    rows("select count(*) from v");
    assertThat(told(job)).containsExactly("a.csv:3: the header stands here again");
  }

  @Test
  void nulCharactersAreAnError() throws Exception {
    assertThat(told(extractTextAndUse("a,b\n1,x\0y\n")))
        .containsExactly("a.csv:2: a NUL character stands in the record, at byte 4");
  }

  private SqlJob extractTextAndUse(String text) throws Exception {
    SqlJob job = extractText(text, "");
    rows("select count(*) from v");
    return job;
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void lineEndsOfAllSystemsAreRead(String end) throws Exception {
    SqlJob job = extractText(String.join(end, "\uFEFFa,b", "1,2", "", "3,4", ""), "");
    assertThat(values("a, b, _index")).containsExactly("[1,2,1]", "[3,4,2]");
    assertThat(told(job)).isEmpty();
  }

  @Test
  void aRecordOfNothingButDelimitersIsARecord() throws Exception {
    extractText("a\tb\n\t\nx\ty\n", "delimiter: Custom, customDelimiter: \"\\t\"");
    assertThat(values("a, b")).containsExactly("[null,null]", "[x,y]");
  }

  @Test
  void valuesAndRecordsMayBeLong() throws Exception {
    String value = "x".repeat(3_000_000);
    String columns = "c,".repeat(25_000);
    SqlJob job = extractText("a,b\n1,\"" + value + "\"\n", "");
    assertThat(values("length(b)")).containsExactly("[3000000]");
    assertThat(told(job)).isEmpty();
    assertThat(told(extractTextAndUse("a,b\n" + columns + "\n")))
        .containsExactly("a.csv:2: 2 values expected, 25001 found");
  }

  @Test
  void bytesThatAreNoTextAreAnErrorThatNamesTheKey() throws Exception {
    byte[] latin = "id,town\n1,Zürich\n2,Bern\n".getBytes(StandardCharsets.ISO_8859_1);
    folder.with("a.csv", latin);
    SqlJob job = extract(folder.of("a.csv"), "");
    assertThat(rows("select count(*) from v")).containsExactly("[2]");
    assertThat(told(job))
        .singleElement()
        .asString()
        .startsWith("a.csv:2: bytes that are no UTF-8; set \"encoding\"");
    for (String keys : List.of("", ", multiLine: true")) {
      job = extract(folder.of("a.csv"), "encoding: \"ISO-8859-1\"" + keys);
      assertThat(values("id, town")).containsExactly("[1,Zürich]", "[2,Bern]");
      assertThat(told(job)).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32"})
  void wideEncodingsAreReadByTheirNameAndRefusedWithoutIt(String encoding) throws Exception {
    String text = "id,town\n1,Zürich\n2,Oslo\n";
    folder.with("a.csv", text.getBytes(Charset.forName(encoding)));
    extract(folder.of("a.csv"), "encoding: \"" + encoding + "\"");
    assertThat(values("id, town, _index")).containsExactly("[1,Zürich,1]", "[2,Oslo,2]");
    assertThatThrownBy(() -> extract(folder.of("a.csv"), ""))
        .hasMessageContaining("a.csv")
        .hasMessageContaining("encoding");
  }

  @Test
  void filesThatAreNoTextAreRefusedByWhatTheyAre() throws Exception {
    folder
        .with("gz/a.csv", Folder.gzip("a,b\n1,2\n"))
        .with("zip/a.csv", new byte[] {'P', 'K', 3, 4, 20, 0, 0})
        .with("lzma/a.csv", new byte[] {0x5D, 0, 0, (byte) 0x80, 0, -1})
        .with("deflate/a.csv", new byte[] {'x', (byte) 0x9C, (byte) 0xCB})
        .with("tar/a.csv", tar("a.csv", "a,b\n"))
        .with("parquet/a.csv", "PAR1 and so on\n");
    for (String kind : List.of("gz", "zip", "parquet", "lzma", "deflate", "tar")) {
      assertThatThrownBy(() -> extract(folder.of(kind), ""))
          .hasMessageContaining("a.csv")
          .hasMessageContaining("looks like a")
          .hasMessageNotContaining("UTF-16");
    }
    folder.with("two/a.csv", "1,2\n").with("two/b.csv", Folder.gzip("1,2\n"));
    SqlJob.run(
        SqlJob.stage("DelimitedExtract", "inputURI: \"" + folder.of("two") + "\", outputView: v"));
    assertThatThrownBy(() -> rows("select count(*) from v"))
        .hasStackTraceContaining("b.csv")
        .hasStackTraceContaining("looks like a gzip file");
  }

  @Test
  void aFileThatIsCutIsNamed() throws Exception {
    byte[] packed = Folder.gzip("a,b\n" + "1,2\n".repeat(200_000));
    folder.with("cut.csv.gz", Arrays.copyOf(packed, packed.length / 2));
    for (String keys : List.of("", "multiLine: true")) {
      assertThatThrownBy(
              () -> {
                extract(folder.of("cut.csv.gz"), keys);
                rows("select count(*) from v");
              })
          .hasStackTraceContaining("cut.csv.gz");
    }
  }

  @Test
  void failEndsTheRunAtTheLine() throws Exception {
    extractText("a,b\n1,2\n3\n", "malformedRecords: fail");
    assertThat(rows("describe v")).noneMatch(column -> column.contains("_errors"));
    assertThatThrownBy(() -> rows("select count(*) from v"))
        .hasStackTraceContaining("a.csv:3: 2 values expected, 1 found");
  }

  @Test
  void ignoreReadsAsTheFormatAlwaysDid() throws Exception {
    SqlJob job = extractText("a,b\n1\n2,3,4\n", "malformedRecords: ignore");
    assertThat(rows("select * except (_filename) from v")).containsExactly("[1,null,1]", "[2,3,2]");
    assertThat(job.rejected()).isEmpty();
  }

  @Test
  void textsOfAViewAreReadByTheSameRules() throws Exception {
    SqlJob job =
        SqlJob.run(
            SqlJob.view("s", "select explode(array('a,b', '1,2\\n', '3', '4,5\\n6,7')) as t")
                + SqlJob.stage("DelimitedExtract", "inputView: s, outputView: v, header: true"));
    assertThat(rows("select a, b, size(_errors) from v order by a"))
        .containsExactly("[1,2,0]", "[3,null,1]", "[4,5,1]");
    assertThat(job.rejected().orElseThrow().values().value().count()).isEqualTo(2);
  }

  /** The header of an archive and its first file. */
  private static byte[] tar(String name, String content) {
    byte[] archive = new byte[1024];
    System.arraycopy(name.getBytes(StandardCharsets.UTF_8), 0, archive, 0, name.length());
    System.arraycopy("ustar".getBytes(StandardCharsets.UTF_8), 0, archive, 257, 5);
    System.arraycopy(content.getBytes(StandardCharsets.UTF_8), 0, archive, 512, content.length());
    return archive;
  }
}
