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
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is appended goes with the files that are there, or the load says how it does not. */
class AppendedFilesTest {

  private static final String APPEND = "saveMode: Append";

  @TempDir Path directory;

  private SqlJob load(String type, String sql, String keys) throws Exception {
    String out = directory.resolve("out").toString();
    return SqlJob.run(
        view("rows", sql) + stage(type, "inputView: rows, outputURI: \"" + out + "\"\n" + keys));
  }

  private void refused(String type, String sql, String keys, String message) throws Exception {
    long before = files();
    assertThatThrownBy(() -> load(type, sql, keys + "\n" + APPEND))
        .isInstanceOf(StageException.class)
        .hasMessageStartingWith(type + " cannot add to '")
        .hasMessageContaining(message);
    assertThat(files()).isEqualTo(before);
  }

  private long files() throws Exception {
    return new Folder(directory).files("out").size();
  }

  @Test
  void aTypeThatSparkDoesNotWriteIsNamedWithColumnAndFile() throws Exception {
    load("ParquetLoad", "select timestamp_ntz'2024-01-01 00:00:00' as day", "");
    Folder folder = new Folder(directory);
    Path own =
        directory
            .resolve("out")
            .resolve(
                folder.files("out").stream()
                    .filter(name -> name.endsWith(".parquet"))
                    .findFirst()
                    .orElseThrow());
    Files.delete(own);
    Path checksum = own.resolveSibling("." + own.getFileName() + ".crc");
    Files.deleteIfExists(checksum);
    try (var writer =
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(own.toUri()))
            .withType(
                MessageTypeParser.parseMessageType(
                    "message m { optional int64 day (TIMESTAMP(NANOS,false)); }"))
            .build()) {
      assertThat(writer).isNotNull();
    }
    refused(
        "ParquetLoad",
        "select timestamp_ntz'2024-01-01 00:00:00' as day",
        "",
        "the file '"
            + own.getFileName()
            + "' there has the column 'day' of type INT64 (TIMESTAMP(NANOS,false)), which Spark");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ParquetLoad", "ORCLoad", "AvroLoad"})
  void columnsAndTypesAreThoseOfTheFiles(String type) throws Exception {
    load(type, "select 1 as a, 'x' as b, cast(7 as tinyint) as t", "");
    load(type, "select cast(8 as tinyint) as t, 'y' as B, 2 as a", APPEND);
    refused(
        type, "select 1L as a, 'x' as b, cast(7 as tinyint) as t", "", "has the column 'a' as INT");
    refused(type, "select 1 as a, cast(7 as tinyint) as t", "", ", which inputView 'rows' lacks");
    refused(
        type,
        "select 1 as a, 'x' as b, cast(7 as tinyint) as t, 3 as c",
        "",
        "lacks the column 'c' of inputView 'rows'");
  }

  @Test
  void columnsOfFoldersAreNotThoseOfFiles() throws Exception {
    load("ParquetLoad", "select 1 as a, 'x' as p", "partitionBy: [p]");
    load("ParquetLoad", "select 'y' as p, 2 as a", "partitionBy: [p]\n" + APPEND);
    assertThat(rows("select p, a from parquet.`" + directory.resolve("out") + "` order by a"))
        .containsExactly("[x,1]", "[y,2]");
  }

  @Test
  void delimitedTextGetsTheOrderOfItsHeader() throws Exception {
    load("DelimitedLoad", "select 1 as a, 'x' as b", "header: true");
    load("DelimitedLoad", "select 'y' as b, 2 as a", "header: true\n" + APPEND);
    SqlJob.run(
        stage(
            "DelimitedExtract",
            "inputURI: \"" + directory.resolve("out") + "\", header: true, outputView: back"));
    assertThat(rows("select a, b from back order by a")).containsExactly("[1,x]", "[2,y]");
    refused(
        "DelimitedLoad", "select 1 as a, 'x' as b, 3 as c", "header: true", "lacks the column 'c'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "header: true|header: false|begins with a header",
        "header: false|header: true|which is no header",
        "header: true|header: true, encoding: \"UTF-16\"|which is no header",
        "header: true|header: true, delimiter: Pipe|which is no header",
        "header: false|header: false, delimiter: Pipe|1 value by these keys",
        "delimiter: Custom, customDelimiter: \";\"|delimiter: Comma|1 value by these keys",
      })
  void delimitedTextIsWrittenAsItIsThere(String before, String after, String message)
      throws Exception {
    String sql = "select 1 as a, 'x' as b";
    load("DelimitedLoad", sql, before);
    refused("DelimitedLoad", sql, after, message);
    load("DelimitedLoad", sql, before + "\n" + APPEND);
  }

  @ParameterizedTest
  @CsvSource({
    "header: true, quote: SingleQuote, header: true, quotes '",
    "header: true, '', 'header: true, quote: SingleQuote', double quotes",
    "header: true, '', 'header: true, quote: None', double quotes",
    "header: false, quote: SingleQuote, header: false, quotes '",
  })
  void valuesInOtherQuotesAreRefused(String header, String quote, String after, String quotes)
      throws Exception {
    String before = header + "\n" + quote;
    load(
        "DelimitedLoad",
        "select /*+ coalesce(1) */ * from values (2, 'z'), (1, 'x,y') as t(a, b)",
        before);
    refused("DelimitedLoad", "select 3 as a, 'w' as b", after, "has values in " + quotes);
    load("DelimitedLoad", "select 3 as a, 'u,v' as b", before + "\n" + APPEND);
  }

  @ParameterizedTest
  @ValueSource(strings = {"header: true", "header: false"})
  void otherQuotesThatNothingShowsAreLeft(String header) throws Exception {
    String sql = "select 1 as a, 'it''s' as b";
    load("DelimitedLoad", sql, header + "\nquote: SingleQuote");
    assertThat(load("DelimitedLoad", sql, header + "\n" + APPEND).runWarnings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "nullValue: \"\\\\N\"||1 row with NULL, written as nothing between delimiters, join|'\\N' for",
        "|nullValue: \"\\\\N\"|1 row with NULL, written as '\\N', join|nothing between delimiters",
        "nullValue: \"\\\\N\"|nullValue: \"NULL\"|written as 'NULL'|'\\N' for",
        "nullValue: \"\\\\N\"|nullValue: \"\\\\N\"||",
        "|||",
      })
  void anotherSignOfNullIsTold(String before, String after, String written, String there)
      throws Exception {
    for (String header : List.of("header: true\n", "header: false\n")) {
      String sql = "select 'a' as a, cast(null as string) as b union all select 'c', 'd'";
      load("DelimitedLoad", sql, header + (before == null ? "" : before) + "\nsaveMode: Overwrite");
      List<Problem> told =
          load("DelimitedLoad", sql, header + (after == null ? "" : after) + "\n" + APPEND)
              .runWarnings();
      if (written == null) {
        assertThat(told).isEmpty();
      } else {
        assertThat(told)
            .singleElement()
            .matches(warning -> warning.code() == ErrorCode.LOSSY_WRITE)
            .extracting(Problem::message)
            .asString()
            .contains(written, there);
      }
      clear();
    }
  }

  @Test
  void delimitedTextGetsTheNamesOfItsHeader() throws Exception {
    load("DelimitedLoad", "select 1 as id, 'x' as name", "header: true");
    load("DelimitedLoad", "select 'y' as NAME, 2 as ID", "header: true\n" + APPEND);
    assertThat(texts()).allMatch(text -> text.startsWith("id,name\n"));
  }

  private List<String> texts() throws Exception {
    List<String> texts = new ArrayList<>();
    for (String file : new Folder(directory).files("out")) {
      String text = Files.readString(directory.resolve("out").resolve(file));
      if (!text.isEmpty()) {
        texts.add(text);
      }
    }
    return texts;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'c' as n, 3 as d, 1 as t|2 rows have another kind of value in column 'n'|numbers",
        "1 as n, 3 as d, 'x' as t|2 rows have another kind of value in column 'd'|dates or times",
        "1 as n, '3' as d, 'x' as t|2 rows have another kind of value in column 'd'|dates",
        "1 as n, date(null) as d, 7 as t|2 rows have another kind of value in column 't'|texts",
        "date'2024-01-01' as n, null as d, 'x' as t|2 rows have another kind of value in column"
            + " 'n'|numbers",
      })
  void valuesWithoutAHeaderKeepTheirKinds(String columns, String message, String there)
      throws Exception {
    load("DelimitedLoad", "select 1, date'2024-01-01', 'a' union all select 2.5, null, ''", "");
    String kept = columns.replace("null as d", "date(null) as d");
    assertThat(load("DelimitedLoad", "select " + kept + " from range(2)", APPEND).runWarnings())
        .isNotEmpty()
        .extracting(Problem::message)
        .anySatisfy(text -> assertThat(text).contains(message, "which has " + there));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1, date'2024-01-02', 'b'",
        "1.5D, timestamp'2024-01-02 00:00:00Z', 'b'",
        "'-7.5', '2024-01-02', 'b'",
        "string(null), '', '1'",
      })
  void valuesOfTheSameKindsJoinWithoutAWord(String columns) throws Exception {
    load("DelimitedLoad", "select 1, date'2024-01-01', 'a'", "");
    assertThat(load("DelimitedLoad", "select " + columns, APPEND).runWarnings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'01'|1|the folder 'p=01' is there|'p=1' (INT)|lpad(p, 2, '0')",
        "'20240106'|date'2024-01-06'|the folder 'p=20240106' is|'p=2024-01-06' (DATE)|'yyyyMMdd'",
        "'2024-01-06'|20240106|the folder 'p=2024-01-06' is there|'p=1' (INT)|as text",
      })
  void foldersOfPartitionsHaveOneForm(
      String before, String after, String there, String written, String remedy) throws Exception {
    for (String type : List.of("ParquetLoad", "DelimitedLoad")) {
      load(type, "select 1 as id, " + before + " as p", "partitionBy: [p], saveMode: Overwrite");
      long files = files();
      assertThatThrownBy(
              () -> load(type, "select 2 as id, " + after + " as p", "partitionBy: [p]\n" + APPEND))
          .isInstanceOf(StageException.class)
          .hasMessageStartingWith(type + " cannot add to '")
          .hasMessageContaining(there)
          .hasMessageContaining(written)
          .hasMessageContaining(remedy);
      assertThat(files()).isEqualTo(files);
      clear();
    }
  }

  private void clear() throws Exception {
    for (String file : new Folder(directory).files("out")) {
      Files.delete(directory.resolve("out").resolve(file));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "1|'01'|true",
        "'01'|'1'|true",
        "20240106|'2024-01-06'|true",
        "date'2024-01-06'|'20240106'|true",
        "'01'|'12'|false",
        "123|'007'|false",
        "'a'|'01'|false",
        "10|5|false",
        "1|2L|false",
        "date'2024-01-06'|date'2024-01-07'|false",
        "string(null)|'01'|false",
      })
  void textsInFoldersOfAnotherFormAreTold(String before, String after, boolean told)
      throws Exception {
    load("ParquetLoad", "select 1 as id, " + before + " as p", "partitionBy: [p]");
    SqlJob job =
        load("ParquetLoad", "select 2 as id, " + after + " as p", "partitionBy: [p]\n" + APPEND);
    assertThat(job.runWarnings())
        .hasSize(told ? 1 : 0)
        .allMatch(warning -> warning.message().contains("1 row lie in folders of"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ErrorIfExists", "Ignore"})
  void filesThatAreNoDataAreNothing(String mode) throws Exception {
    new Folder(directory).with("out/.keep", "").with("out/README.md", "of ours");
    load("ParquetLoad", "select 1 as id", "saveMode: " + mode);
    assertThat(rows("select * from parquet.`" + directory.resolve("out") + "/*.parquet`"))
        .containsExactly("[1]");
    assertThat(directory.resolve("out/.keep")).exists();
    assertThat(directory.resolve("out/README.md")).exists();
  }

  @Test
  void fieldsOfJsonKeepTheirKinds() throws Exception {
    load("JSONLoad", "select 1 as a, double('NaN') as d", "");
    load("JSONLoad", "select 2.5 as a, 1.5d as d, 'more' as c", APPEND);
    refused(
        "JSONLoad",
        "select '1' as a",
        "",
        "has numbers in the field 'a', and inputView 'rows' would write texts (STRING)");
  }

  @ParameterizedTest
  @CsvSource({"JSONLoad", "XMLLoad", "DelimitedLoad"})
  void textWithoutRowsSaysThatItHasNoColumns(String type) throws Exception {
    assertThat(load(type, "select 1 as a where false", "").runWarnings())
        .extracting(Problem::code)
        .containsExactly(ErrorCode.LOSSY_WRITE);
    assertThat(load(type, "select 1 as a", "").runWarnings()).isEmpty();
  }

  @Test
  void aHeaderSaysTheColumnsOfNoRows() throws Exception {
    assertThat(load("DelimitedLoad", "select 1 as a where false", "header: true").runWarnings())
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ParquetLoad", "DeltaLakeLoad", "JSONLoad"})
  void filesHaveColumnsOfTheirOwn(String type) {
    assertThatThrownBy(() -> load(type, "select 1 as a, 2 as b", "partitionBy: [b, a]"))
        .isInstanceOf(StageException.class)
        .hasMessageContaining("cannot partition by all columns of inputView 'rows' (a, b)");
  }

  @Test
  void rowsOfASingleFileDoNotRunIntoEachOther() throws Exception {
    Path file = directory.resolve("out");
    Files.writeString(file, "a");
    load("TextLoad", "select 'b' as value", "singleFile: true, separator: \"\\n\"\n" + APPEND);
    assertThat(Files.readString(file)).isEqualTo("a\nb");
    load("TextLoad", "select 'c' as value", "singleFile: true, suffix: \"\\n\"\n" + APPEND);
    load("TextLoad", "select 'd' as value", "singleFile: true, separator: \"\\n\"\n" + APPEND);
    assertThat(Files.readString(file)).isEqualTo("a\nbc\nd");
    String out =
        "inputView: rows, singleFile: true, prefix: \"head\", outputURI: \"" + file + "\"\n";
    assertThat(
            SqlJob.plan(view("rows", "select 'e' as value") + stage("TextLoad", out + APPEND))
                .warnings())
        .extracting(Problem::message)
        .containsExactly(
            "With \"saveMode\": \"Append\" the \"prefix\" stands among the rows of a file that is"
                + " there");
    assertThatThrownBy(
            () -> load("XMLLoad", "select struct(1 as a) as value", "singleFile: true\n" + APPEND))
        .hasMessageContaining("an XML file is one document");
    assertThat(Files.readString(file)).isEqualTo("a\nbc\nd");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\n", "\\\"", "a\\r"})
  void aDelimiterIsNoLineEndAndNoQuote(String delimiter) {
    assertThat(
            SqlJob.problems(
                view("rows", "select 1 as a")
                    + stage(
                        "DelimitedLoad",
                        "inputView: rows, outputURI: \"/tmp/x\", delimiter: Custom,"
                            + " customDelimiter: \""
                            + delimiter
                            + "\"")))
        .extracting(Problem::message)
        .containsExactly("\"customDelimiter\" cannot be a line end or the quote");
  }

  @Test
  void aLoadThatFailsLeavesNoFolder() {
    assertThatThrownBy(() -> load("DelimitedLoad", "select concat('a', chr(0)), 1", "quote: None"))
        .isInstanceOf(StageException.class);
    assertThat(Files.exists(directory.resolve("out"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ParquetLoad", "ORCLoad", "AvroLoad", "JSONLoad"})
  void namesAreSpeltAsTheFilesHaveThem(String type) throws Exception {
    load(type, "select 1 as id, 'x' as Name", "");
    load(type, "select 'y' as NAME, 2 as ID", APPEND);
    SqlJob.run(
        stage(
            type.replace("Load", "Extract"),
            "outputView: v, inputURI: \"" + directory.resolve("out") + "\""));
    assertThat(SqlJob.spark().table("v").columns()).contains("id", "Name").doesNotContain("ID");
    assertThat(SqlJob.rows("select id, Name from v order by id")).containsExactly("[1,x]", "[2,y]");
  }

  @Test
  void structsAreMadeByTheNamesOfTheirFields() throws Exception {
    load("ParquetLoad", "select named_struct('a', 1, 'b', 2) as s", "");
    refused(
        "ParquetLoad",
        "select named_struct('b', 2, 'a', 1) as s",
        "",
        "named_struct('a', s.a, 'b', s.b)");
  }

  @Test
  void aHeaderWithANameTwiceIsNotAddedTo() throws Exception {
    Files.createDirectories(directory.resolve("out"));
    Files.writeString(directory.resolve("out/a.csv"), "id,name,name\n1,x,y\n");
    refused("DelimitedLoad", "select 'z' as name, 2 as id", "header: true", "'name' twice");
  }
}
