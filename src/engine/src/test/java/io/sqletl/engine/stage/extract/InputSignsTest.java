package io.sqletl.engine.stage.extract;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.SqlJob;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Inputs that can be read and are probably not what the job takes them for. */
class InputSignsTest {

  @TempDir Path directory;

  private void write(String name, byte[] bytes) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  private void write(String name, String text) throws IOException {
    write(name, text.getBytes(StandardCharsets.UTF_8));
  }

  private SqlJob extract(String type, String input, String keys) throws Exception {
    return SqlJob.run(
        stage(type, "outputView: v, inputURI: \"" + directory.resolve(input) + "\"\n" + keys));
  }

  private static List<String> told(SqlJob job) {
    return job.runWarnings().stream().map(Problem::message).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "UTF-8, windows-1252, Müller, those of UTF-8",
    "UTF-8, ISO-8859-1, Müller, those of UTF-8",
    "UTF-8, GBK, für, those of UTF-8",
    "UTF-8, GB18030, für, those of UTF-8",
    "UTF-8, Big5, 日本語で, those of UTF-8",
    "UTF-8, Shift_JIS, 日本語で, those of UTF-8",
    "UTF-8, EUC-JP, 日本語で, those of UTF-8",
    "UTF-8, EUC-KR, 日本語で, those of UTF-8",
    "GBK, GBK, 张伟在北京,",
    "GB18030, GB18030, 张伟在北京,",
    "Shift_JIS, Shift_JIS, 日本語で,",
    "windows-1252, ISO-8859-1, 5 €, windows-1252",
    "windows-1252, windows-1252, 5 € Müller,",
    "ISO-8859-1, ISO-8859-1, Müller,",
    "UTF-8, UTF-8, Müller,",
    "UTF-8, windows-1252, Miller,"
  })
  void anotherEncodingThanTheJobSaysIsTold(String own, String said, String text, String sign)
      throws Exception {
    write("a.csv", ("name\n" + text + "\n").getBytes(Charset.forName(own)));
    SqlJob job = extract("DelimitedExtract", "a.csv", "header: true, encoding: \"" + said + "\"");
    if (sign == null) {
      assertThat(told(job)).isEmpty();
      assertThat(rows("select name from v")).containsExactly("[" + text + "]");
    } else {
      assertThat(told(job)).singleElement().asString().contains("a.csv", sign);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "UTF-8, ISO-8859-1, Müller, 'ISO-8859-1, and its bytes are those of UTF-8'",
    "UTF-8, windows-1252, Müller, 'windows-1252, and its bytes are those of UTF-8'",
    "windows-1252, ISO-8859-1, 5 €, windows-1252",
    "ISO-8859-1, ISO-8859-1, Müller,",
    "windows-1252, windows-1252, 5 € Müller,",
    "UTF-8, UTF-8, Müller,",
    "UTF-8, US-ASCII, Miller,",
    "UTF-8, ISO-8859-1, Miller,"
  })
  void anotherEncodingThanADocumentDeclaresIsTold(String own, String said, String text, String sign)
      throws Exception {
    write(
        "a.xml",
        ("<?xml version=\"1.0\" encoding=\"" + said + "\"?><r><n>" + text + "</n></r>")
            .getBytes(Charset.forName(own)));
    SqlJob job = extract("XMLExtract", "a.xml", "");
    if (sign == null) {
      assertThat(told(job)).isEmpty();
      assertThat(rows("select n from v")).containsExactly("[" + text + "]");
    } else {
      assertThat(told(job)).singleElement().asString().contains("a.xml is read as ", sign);
    }
  }

  /** A text that ends with half of a character of UTF-8 is none, unless it was cut there. */
  @Test
  void aLetterAtTheEndOfAFileIsNoSignOfUtf8() throws Exception {
    write("a.csv", "name\ncafé".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(told(extract("DelimitedExtract", "a.csv", "header: true, encoding: \"ISO-8859-1\"")))
        .isEmpty();
    assertThat(rows("select name from v")).containsExactly("[café]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"windows-1252", "GBK"})
  void anotherEncodingOfJsonIsTold(String said) throws Exception {
    write("a.json", "{\"name\": \"für\"}\n");
    assertThat(told(extract("JSONExtract", "a.json", "encoding: \"" + said + "\"")))
        .anyMatch(message -> message.contains("those of UTF-8"));
  }

  @ParameterizedTest
  @CsvSource({
    "UTF-8, UTF-16, its bytes are those of UTF-8",
    "UTF-8, UTF-16LE, its bytes are those of UTF-8",
    "windows-1252, UTF-16LE, its bytes are those of an encoding of one byte",
    "UTF-16LE, UTF-16BE, it is UTF-16LE by the zeros",
    "UTF-16LE, UTF-16, it is UTF-16LE by the zeros",
    "UTF-16BE, UTF-16LE, it is UTF-16BE by the zeros",
    "x-UTF-16LE-BOM, UTF-16BE, it is UTF-16LE by its byte order mark",
    "UTF-16, UTF-16LE, it is UTF-16BE by its byte order mark",
    "UTF-16, UTF-16,",
    "UTF-16, UTF-16BE,",
    "UTF-16BE, UTF-16,",
    "UTF-16LE, UTF-16LE,",
    "x-UTF-16LE-BOM, UTF-16,"
  })
  void whatIsNoUtf16InTheOrderThatTheJobSaysIsRefused(String own, String said, String sign)
      throws Exception {
    String letters = own.startsWith("windows") ? "Müller" : "Müller一一";
    write(
        "in/a.csv",
        ("name\n" + letters + "\nMiller Wood and Smith\n").getBytes(Charset.forName(own)));
    write("a.json", ("{\"name\": \"" + letters + "\"}\n").getBytes(Charset.forName(own)));
    String encoding = "encoding: \"" + said + "\", ";
    for (String keys : List.of("header: true", "header: false", "header: true, multiLine: true")) {
      if (sign == null) {
        extract("DelimitedExtract", "in", encoding + keys);
        assertThat(rows("select * from v")).anyMatch(row -> row.startsWith("[" + letters + ","));
      } else {
        assertThatThrownBy(() -> extract("DelimitedExtract", "in", encoding + keys))
            .hasMessageContaining("in/a.csv")
            .hasMessageContaining("\"encoding\" says " + said + ", and " + sign);
      }
    }
    if (sign == null) {
      extract("JSONExtract", "a.json", encoding + "multiLine: true");
      assertThat(rows("select name from v")).containsExactly("[" + letters + "]");
    } else {
      assertThatThrownBy(() -> extract("JSONExtract", "a.json", encoding + "multiLine: true"))
          .hasMessageContaining(sign);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a.csv~",
        "a.csv.bak",
        "a (1).csv",
        "a - Copy.csv",
        "Copy of a.csv",
        "a.csv.gz",
        "a_copy.csv",
        "a - Kopie.csv",
        "a - Kopie (2).csv",
        "a copy 2.csv",
        "Kopie von a.csv"
      })
  void copiesAreToldByTheirNames(String copy) throws Exception {
    write("in/a.csv", "id\n1\n");
    write("in/b.csv", "id\n2\n");
    write("in/b 2.csv", "id\n3\n");
    write("in/" + copy, copy.endsWith(".gz") ? packed("id\n1\n") : "id\n1\n".getBytes());
    assertThat(told(extract("DelimitedExtract", "in", "header: true")))
        .singleElement()
        .asString()
        .contains(copy + " beside a.csv")
        .doesNotContain("b 2.csv");
  }

  private static byte[] packed(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream packing = new GZIPOutputStream(bytes)) {
      packing.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TextExtract", "JSONExtract"})
  void copiesAreToldByTheirBytes(String type) throws Exception {
    String lines = "{\"id\": 1}\n{\"id\": 2}\n{\"id\": 3}\n";
    write("in/monday", lines);
    write("in/tuesday", lines.replace('3', '4'));
    write("in/wednesday", lines);
    assertThat(told(extract(type, "in", "")))
        .singleElement()
        .asString()
        .contains("wednesday has the bytes of monday");
    write("short/a", "{\"id\": 1}\n");
    write("short/b", "{\"id\": 1}\n");
    assertThat(told(extract(type, "short", ""))).isEmpty();
    write("k/k=1/a", lines);
    write("k/k=2/a", lines);
    assertThat(told(extract("JSONExtract", "k", ""))).isEmpty();
  }

  @Test
  void whatIsNoDataIsNamed() throws Exception {
    write("p.csv", "version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 12\n");
    assertThatThrownBy(() -> extract("DelimitedExtract", "p.csv", "header: true"))
        .hasMessageContaining("git lfs pull");
    write("x.csv", "<?xml version=\"1.0\"?>\n<Error><Code>AccessDenied</Code></Error>\n");
    assertThatThrownBy(() -> extract("DelimitedExtract", "x.csv", "header: true"))
        .hasMessageContaining("document of XML");
  }

  @Test
  void oneOfSeveralFoldersThatIsNotThereIsTold() throws Exception {
    write("2023/a.csv", "id\n1\n");
    assertThat(told(extract("DelimitedExtract", "{2023,2024}/*.csv", "header: true")))
        .singleElement()
        .asString()
        .contains("/2024/*.csv");
    assertThat(told(extract("DelimitedExtract", "2023/*.{csv,CSV}", "header: true"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "DelimitedExtract, in/**/*.csv, '', true",
    "JSONExtract, in/**, '', true",
    "ParquetExtract, '**/a.parquet', '', true",
    "DelimitedExtract, in/**/*.csv, recursiveFileLookup: true, true",
    "DelimitedExtract, in/**, recursiveFileLookup: true, false",
    "DelimitedExtract, in/*/*.csv, '', false",
    "DelimitedExtract, in/a**.csv, '', false"
  })
  void twoStarsThatStandForOneLevelAreTold(String type, String glob, String keys, boolean told) {
    List<Problem> warnings =
        SqlJob.plan(stage(type, "outputView: v, inputURI: \"" + glob + "\"\n" + keys))
            .warnings()
            .stream()
            .filter(warning -> warning.code() == ErrorCode.FILES_NOT_READ)
            .toList();
    assertThat(warnings).hasSize(told ? 1 : 0);
    assertThat(warnings)
        .allMatch(warning -> warning.message().contains("one level of folders"))
        .allMatch(warning -> warning.remedy().contains("recursiveFileLookup"));
  }

  @Test
  void theRemedyOfTwoStarsReadsEveryDepth() throws Exception {
    write("in/a.csv", "id\n1\n");
    write("in/x/b.csv", "id\n2\n");
    write("in/x/y/c.csv", "id\n3\n");
    extract("DelimitedExtract", "in/{*.csv,*/*.csv,*/*/*.csv}", "header: true");
    assertThat(rows("select id from v order by id")).containsExactly("[1]", "[2]", "[3]");
  }

  @Test
  void filesWithOtherCapitalsThanThePatternAreTold() throws Exception {
    write("in/a.csv", "id\n1\n");
    write("in/B.CSV", "id\n2\n");
    assertThat(told(extract("DelimitedExtract", "in/*.csv", "header: true")))
        .singleElement()
        .asString()
        .contains("1 file is not read", "capitals", "B.CSV");
    assertThat(told(extract("DelimitedExtract", "in/*.{csv,CSV}", "header: true"))).isEmpty();
    assertThat(rows("select id from v order by id")).containsExactly("[1]", "[2]");
  }

  @Test
  void aFileThatHasAPatternForItsNameIsMeantByIt() throws Exception {
    write("r[1].csv", "id\n1\n");
    write("r1.csv", "id\n9\n");
    write("d{1}/a.csv", "id\n2\n");
    write("d1/a.csv", "id\n9\n");
    extract("DelimitedExtract", "r[1].csv", "header: true");
    assertThat(rows("select id from v")).containsExactly("[1]");
    extract("DelimitedExtract", "d{1}", "header: true");
    assertThat(rows("select id from v")).containsExactly("[2]");
  }

  @Test
  void theOneFileWhoseLastLineDoesNotEndIsTold() throws Exception {
    write("in/a.csv", "id\n1\n");
    write("in/b.csv", "id\n12");
    assertThat(told(extract("DelimitedExtract", "in", "header: true"))).isEmpty();
    write("in/c.csv", "id\n3\n");
    write("in/empty.csv", "");
    assertThat(told(extract("DelimitedExtract", "in", "header: true")))
        .singleElement()
        .asString()
        .contains("in/b.csv has no line end");
    write("in/a.csv", "id\n1");
    assertThat(told(extract("DelimitedExtract", "in", "header: true"))).isEmpty();
  }

  @Test
  void filesBelowAFolderOfAPartitionAreRead() throws Exception {
    write("k=2/sub/a.json", "{\"id\": 1}\n");
    write("k=2/b.json", "{\"id\": 22}\n");
    assertThat(told(extract("JSONExtract", "", ""))).isEmpty();
    assertThat(rows("select id from v order by id")).containsExactly("[1]", "[22]");
  }

  @Test
  void whatProgramsPrintAroundRecordsIsAnErrorOfItsRow() throws Exception {
    write("a.csv", "id,name\n--,------\n1,x\n-,-\n--,----\n");
    extract("DelimitedExtract", "a.csv", "header: true");
    assertThat(rows("select _index, _errors[0].message from v where size(_errors) > 0"))
        .containsExactly("[1,a line of dashes, as programs print below a header, and no record]");
    write("b.csv", "name\nx\n\\.\n");
    extract("DelimitedExtract", "b.csv", "header: true");
    assertThat(rows("select name from v where size(_errors) > 0")).containsExactly("[\\.]");
  }

  @Test
  void theSignWithWhichDosEndsAFileIsNoRecord() throws Exception {
    write("a.txt", "0001Ann\r\n0002Bob\u001A\r\n\u001A");
    extract("TextExtract", "a.txt", "");
    assertThat(rows("select _index from v where size(_errors) > 0")).containsExactly("[3]");
    write("a.csv", "code\nA1\n\u001A");
    extract("DelimitedExtract", "a.csv", "header: true");
    assertThat(rows("select code, size(_errors) from v")).containsExactly("[A1,0]");
    for (String end : List.of("", "\u001A", "\u001A\r\n")) {
      write("a.csv", "code,fruit\r\nA\u001A1,fig\r\nA2,pear" + end);
      for (String keys : List.of("", ", multiLine: true", ", encoding: \"windows-1252\"")) {
        extract("DelimitedExtract", "a.csv", "header: true" + keys);
        assertThat(rows("select code, fruit, size(_errors) from v order by 1 desc"))
            .containsExactly("[A2,pear,0]", "[A\u001A1,fig,0]");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"(2 rows affected)", "(1 row)", "(2 Zeilen)", "12 rows selected.", "\n(0 rows)"})
  void theNumberOfRowsBelowThemIsNoRecord(String line) throws Exception {
    write("a.csv", "code\nx\n" + line + "\n");
    extract("DelimitedExtract", "a.csv", "header: true");
    assertThat(rows("select _errors[0].message from v where size(_errors) > 0"))
        .containsExactly("[the number of rows, as programs print below them, and no record]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Total,,30       | true
          ,Summe:,"30,5"  | true
          GRAND TOTAL,,30 | true
          3,Total,30      | false
          Total,x,30      | false
          3,,30           | false
          Total,,         | false
          """)
  void aLineOfSumsBelowTheRecordsIsTold(String line, boolean told) throws Exception {
    write("a.csv", "id,name,n\n1,a,10\n2,b,20\n" + line + "\n\n");
    assertThat(told(extract("DelimitedExtract", "a.csv", "header: true")))
        .hasSize(told ? 1 : 0)
        .allMatch(message -> message.contains("looks like sums"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          id,name,n~1,a,10~2,b,20~Total 2024,,30                | Total 2024
          id,name,n~1,a,10~2,b,20~Summe EUR,,30                 | Summe EUR
          id,name,n~1,a,10~2,b,20~Total (2 records):,,30        | Total (2 records):
          name,n~a,10~b,20~Gesamt,30                            | Gesamt
          name,n~a,10~b,20~Gesamtergebnis,30                    | Gesamtergebnis
          name,n~a,"10,5"~b,"1.020,5"~Summe,"1.031,0"           | Summe
          r,n,m~a,1,$10.50~b,2,$20.25~Total,3,$30.75            | Total
          id,name,n~1,a,10~2,b,20~Average,,15                   | Average
          name,n~a,10~b,21~c,22~Durchschnitt,17.67              | Durchschnitt
          id,name,n~1,a,10~2,b,20~Total,,30~Source: ONS,,       | Total
          id,name,n~1,a,10~2,b,20~Total,,30~~Source: ONS~(p) provisional | Total
          id,name,n~1,a,10~2,b,20~Total,,30~,,                  | Total
          name,n~a,10~b,20~Total Wine Ltd,30                    | Total Wine Ltd
          name,n~a,10~b,20~Total Wine Ltd,7                     |
          name,city,n~a,x,10~b,y,20~Total Wine Ltd,z,30         |
          name,phone,n~a,5,10~b,6,20~Total Wine Ltd,,7          |
          name,n~a,10~b,20~Total,7                              |
          name,n~a,10~Total,10                                  |
          name,n~a,10~b,20~Count Basie,30                       |
          name,n~a,10~Total,10~b,20~c,30                        |
          """)
  void linesOfSumsAreToldByTheirNumbers(String text, String label) throws Exception {
    write("a.csv", text.replace("~", "\n") + "\n");
    List<String> told =
        extract("DelimitedExtract", "a.csv", "header: true").runWarnings().stream()
            .map(problem -> problem.message() + "; " + problem.remedy())
            .toList();
    String column = text.startsWith("r") ? "r" : text.startsWith("id") ? "id" : "name";
    if (label == null) {
      assertThat(told).isEmpty();
    } else {
      assertThat(told)
          .singleElement()
          .asString()
          .contains("by '" + label + "'", "WHERE " + column + " IS DISTINCT FROM '" + label + "'");
      assertThat(rows("select n from v where " + column + " IS DISTINCT FROM '" + label + "'"))
          .hasSizeGreaterThanOrEqualTo(2);
    }
  }

  @Test
  void inLargeFilesTheWordOfSumsDecides() throws Exception {
    String records = "a,1\n".repeat(2000);
    write("a.csv", "name,n\n" + records + "Total,7\n");
    assertThat(told(extract("DelimitedExtract", "a.csv", "header: true"))).hasSize(1);
    write("a.csv", "name,n\n" + records + "Total Wine Ltd,2000\n");
    assertThat(told(extract("DelimitedExtract", "a.csv", "header: true"))).isEmpty();
    write("a.csv", "name,n\n" + records + "Total Wine Ltd,\n");
    assertThat(told(extract("DelimitedExtract", "a.csv", "header: true"))).isEmpty();
  }

  @Test
  void aLogOfDeltaThatIsCutOffIsNamed() throws Exception {
    String table = directory.resolve("t").toString();
    for (String mode : new String[] {"Overwrite", "Append"}) {
      SqlJob.run(
          view("rows", "select 1 as id")
              + stage(
                  "DeltaLakeLoad",
                  "inputView: rows, saveMode: " + mode + ", outputURI: \"" + table + "\""));
    }
    Path copy = directory.resolve("copy");
    org.apache.commons.io.FileUtils.copyDirectory(new java.io.File(table), copy.toFile());
    Path log = copy.resolve("_delta_log");
    for (String name :
        new String[] {"00000000000000000001.crc", ".00000000000000000001.json.crc"}) {
      Files.deleteIfExists(log.resolve(name));
    }
    byte[] commit = Files.readAllBytes(log.resolve("00000000000000000001.json"));
    Files.write(
        log.resolve("00000000000000000001.json"),
        java.util.Arrays.copyOf(commit, commit.length / 2));
    assertThatThrownBy(
            () ->
                SqlJob.run(
                    stage("DeltaLakeExtract", "outputView: v, inputURI: \"" + copy + "\"")
                        + view("seen", "select * from v")
                        + stage(
                            "ParquetLoad",
                            "inputView: seen, outputURI: \"" + directory + "/out\"")))
        .hasMessageContaining("00000000000000000001.json")
        .hasMessageContaining("cut off");
    Path other = directory.resolve("other");
    org.apache.commons.io.FileUtils.copyDirectory(copy.toFile(), other.toFile());
    Files.write(other.resolve("_delta_log/00000000000000000001.json"), new byte[0]);
    assertThatThrownBy(
            () ->
                SqlJob.run(stage("DeltaLakeExtract", "outputView: v, inputURI: \"" + other + "\"")))
        .hasMessageContaining("00000000000000000001.json has no byte");
    // And of a table that the session has looked at before
    Path known = directory.resolve("known");
    org.apache.commons.io.FileUtils.copyDirectory(other.toFile(), known.toFile());
    Files.write(known.resolve("_delta_log/00000000000000000001.json"), commit);
    String extract = stage("DeltaLakeExtract", "outputView: v, inputURI: \"" + known + "\"");
    SqlJob.run(extract);
    Files.write(known.resolve("_delta_log/00000000000000000001.json"), new byte[0]);
    assertThatThrownBy(() -> SqlJob.run(extract))
        .hasMessageContaining("00000000000000000001.json has no byte");
  }

  @Test
  void aMessageInPlaceOfTheDataIsTold() throws Exception {
    write("a.csv", "Access denied\n");
    assertThat(told(extract("DelimitedExtract", "a.csv", "header: true")))
        .singleElement()
        .asString()
        .contains("The only line of a.csv, 'Access denied'");
    write("b.csv", "-----BEGIN PGP MESSAGE-----\nabc\n");
    assertThatThrownBy(() -> extract("DelimitedExtract", "b.csv", "header: true"))
        .hasMessageContaining("encrypted or signed");
    write("c.csv", "INSERT INTO t VALUES (1);\nINSERT INTO t VALUES (2);\n");
    assertThatThrownBy(() -> extract("DelimitedExtract", "c.csv", ""))
        .hasMessageContaining("dump of statements");
    write("d.csv", "id\n");
    assertThat(told(extract("DelimitedExtract", "d.csv", "header: true"))).isEmpty();
  }

  @Test
  void aMarkInsideATextIsAnErrorOfItsLine() throws Exception {
    write("a.txt", "\uFEFFone\n\uFEFFtwo\nthree\n");
    extract("TextExtract", "a.txt", "");
    assertThat(rows("select _index, size(_errors) from v order by 1"))
        .containsExactly("[1,0]", "[2,1]", "[3,0]");
  }

  @Test
  void theMarkOfATextIsNoPartOfIt() throws Exception {
    write("a.txt", "\uFEFFone\ntwo");
    extract("TextExtract", "a.txt", "multiLine: true");
    assertThat(rows("select length(value) from v")).containsExactly("[7]");
  }

  @Test
  void textsThatAQueryHasInItselfAreNumbered() throws Exception {
    SqlJob.run(
        view("texts", "select * from values ('1,a'), ('2,b'), ('3'), ('4,d,e') as t(value)")
            + stage("DelimitedExtract", "inputView: texts, outputView: v"));
    assertThat(rows("select _c0, _index, size(_errors) from v order by 1"))
        .containsExactly("[1,1,0]", "[2,2,0]", "[3,3,1]", "[4,4,1]");
  }
}
