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
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TimeZone;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What loads write is what other programs read; what they cannot write is refused by name. */
class WritersTest {

  @TempDir Path directory;
  private Folder folder;
  private int loads;

  @BeforeEach
  void makeFolder() {
    folder = new Folder(directory);
  }

  private SqlJob load(String type, String query, String keys) throws Exception {
    loads++;
    return SqlJob.run(
        view("rows", query)
            + stage(type, "inputView: rows\noutputURI: \"" + folder.of(out()) + "\"\n" + keys));
  }

  /** The folder of the last load, for a load does not write where one with other keys did. */
  private String out() {
    return "out" + loads;
  }

  /** The text of the only file that holds any. */
  private String text() throws IOException {
    StringBuilder text = new StringBuilder();
    for (String file : folder.files(out())) {
      text.append(Files.readString(Path.of(folder.of(out()), file)));
    }
    return text.toString();
  }

  private void refuses(String type, String query, String keys, String... message)
      throws IOException {
    assertThatThrownBy(() -> load(type, query, keys))
        .isInstanceOf(StageException.class)
        .message()
        .contains(message)
        .startsWith(type);
    assertThat(folder.files("")).isEmpty();
  }

  @Test
  void delimitedTextIsThatOfRfc4180() throws Exception {
    load(
        "DelimitedLoad",
        "select 'pipe 5\" blue, steel' as `a \"b\"`, ' lead ' as b, 'c\\\\' as c, '' as d,"
            + " string(null) as e, 'x\\ny' as f, '=1+1' as g",
        "header: true");
    assertThat(text())
        .isEqualTo(
            "\"a \"\"b\"\"\",b,c,d,e,f,g\n"
                + "\"pipe 5\"\" blue, steel\", lead ,c\\,\"\",,\"x\ny\",=1+1\n");
  }

  @Test
  void theEscapeOfTheOldFormatIsAKey() throws Exception {
    load("DelimitedLoad", "select 'q\"q' as a, 'b\\\\,' as b", "escape: \"\\\\\"");
    assertThat(text()).isEqualTo("\"q\\\"q\",\"b\\\\,\"\n");
  }

  @Test
  void aValueWithTheEscapeIsQuotedAsReadersDifferOutsideOfQuotes() throws Exception {
    load(
        "DelimitedLoad",
        "select 'C:\\\\temp' as `a\\b`, 'x\\\\' as b, '' as c, string(null) as d, 'y' as e",
        "escape: \"\\\\\", header: true");
    assertThat(text()).isEqualTo("\"a\\\\b\",b,c,d,e\n\"C:\\\\temp\",\"x\\\\\",\"\",,y\n");
    SqlJob.run(
        stage(
            "DelimitedExtract",
            "header: true, escape: \"\\\\\", outputView: back, inputURI: \""
                + folder.of(out())
                + "\""));
    assertThat(SqlJob.rows("select `a\\b`, b, c, d, e from back"))
        .containsExactly("[C:\\temp,x\\,,null,y]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"DelimitedLoad", "JSONLoad", "XMLLoad"})
  void offsetsOfSecondsAreTold(String load) throws Exception {
    String query =
        "select id, timestamp(t) as t, array(named_struct('t', timestamp(t))) as l from values"
            + " (1, '1890-01-01T00:00:00Z'), (2, '2020-01-01T00:00:00Z'), (3, null) as v(id, t)";
    String zone = SqlJob.spark().conf().get("spark.sql.session.timeZone");
    try {
      SqlJob.spark().conf().set("spark.sql.session.timeZone", "Europe/Berlin");
      assertThat(load(load, query, "").runWarnings())
          .extracting(Problem::message)
          .filteredOn(message -> message.contains("such as +00:53:28"))
          .hasSize(load.equals("DelimitedLoad") ? 1 : 2)
          .allMatch(message -> message.startsWith(load + ": 1 row of column "));
      assertThat(load(load, query + " where id > 1", "").runWarnings())
          .extracting(Problem::message)
          .noneMatch(message -> message.contains("offset"));
      SqlJob.spark().conf().set("spark.sql.session.timeZone", "UTC");
      assertThat(load(load, query, "").runWarnings())
          .extracting(Problem::message)
          .noneMatch(message -> message.contains("offset"));
    } finally {
      SqlJob.spark().conf().set("spark.sql.session.timeZone", zone);
    }
  }

  @Test
  void numbersAreTheSameTextEverywhere() throws Exception {
    load(
        "DelimitedLoad",
        "select 2.0E-3F as a, 2.0E23D as b, cast(0.00001BD as decimal(18,10)) as c, x'00FF80' as d,"
            + " time'23:59:59.999999' as e, timestamp'9999-12-31 23:59:59.999999' as f",
        "");
    assertThat(text())
        .isEqualTo("0.002,2.0E23,0.0000100000,AP+A,23:59:59.999999,9999-12-31T23:59:59.999999Z\n");
  }

  @Test
  void withoutQuotesNothingIsQuoted() throws Exception {
    String none = "quote: None, delimiter: Custom, customDelimiter: \";\"";
    load("DelimitedLoad", "select 'a,b' as a, ' \"x\" ' as b, '' as c, string(null) as d", none);
    assertThat(text()).isEqualTo("a,b; \"x\" ;;\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "a;b~quote: None, delimiter: Custom, customDelimiter: \";\"~without quotes",
        "a\\nb~quote: None~without quotes",
        "\\u0000~quote: None~without quotes",
        "#a~quote: None~without quotes",
        "ł~encoding: ISO-8859-1~which lacks a character of it",
        "ä~encoding: US-ASCII~which lacks a character of it",
        "\\\\N~nullValue: \"\\\\N\"~stands for NULL",
      })
  void aValueThatCannotBeWrittenEndsTheLoad(String value, String keys, String message)
      throws Exception {
    refuses(
        "DelimitedLoad", "select 1 as id, '" + value + "' as v", keys, "the column 'v'", message);
  }

  @Test
  void aRowOfNullInAOneColumnFileIsARow() throws Exception {
    String query = "select explode(array('a', null, 'b')) as v";
    SqlJob job = load("DelimitedLoad", query, "header: true");
    assertThat(text()).isEqualTo("v\na\n\"\"\nb\n");
    assertThat(job.runWarnings())
        .singleElement()
        .satisfies(
            warning -> {
              assertThat(warning.code()).isEqualTo(ErrorCode.LOSSY_WRITE);
              assertThat(warning.message()).contains("1 row of NULL in the only column 'v'");
            });
    assertThat(load("DelimitedLoad", query, "nullValue: \"\\\\N\"").runWarnings()).isEmpty();
    assertThat(text()).isEqualTo("a\n\\N\nb\n");
    assertThat(load("DelimitedLoad", "select explode(array(1, null)) as v", "").runWarnings())
        .isEmpty();
    assertThat(text()).isEqualTo("1\n\"\"\n");
  }

  @Test
  void aOneColumnFileWithoutQuotesRefusesABlankLine() throws Exception {
    refuses("DelimitedLoad", "select '' as v", "quote: None", "the only column 'v'");
    refuses("DelimitedLoad", "select int(null) as v", "quote: None", "the only column 'v'");
  }

  @Test
  void timesAreMicrosecondsInTextFormats() throws Exception {
    String query =
        "select timestamp'0001-01-01 00:00:00.000001' as t, timestamp_ntz'1582-10-10"
            + " 01:02:03.5' as n, date'1582-10-10' as d";
    load("JSONLoad", query, "");
    assertThat(text())
        .isEqualTo(
            "{\"t\":\"0001-01-01T00:00:00.000001Z\",\"n\":\"1582-10-10T01:02:03.500000\",\"d\":\"1582-10-10\"}\n");
    load("XMLLoad", query, "");
    assertThat(text()).contains("<t>0001-01-01T00:00:00.000001Z</t>", "<d>1582-10-10</d>");
  }

  @ParameterizedTest
  @CsvSource({"ParquetLoad", "DeltaLakeLoad"})
  void timestampsAreMicrosecondsWithStatistics(String load) throws Exception {
    load(load, "select timestamp'9999-12-31 00:00:00' as t", "");
    String file =
        folder.files(out()).stream().filter(name -> name.endsWith(".parquet")).findFirst().get();
    HadoopInputFile input =
        HadoopInputFile.fromPath(
            new org.apache.hadoop.fs.Path(folder.of(out() + "/" + file)), new Configuration());
    try (ParquetFileReader reader = ParquetFileReader.open(input)) {
      var column = reader.getFooter().getBlocks().get(0).getColumns().get(0);
      assertThat(column.getPrimitiveType().getPrimitiveTypeName())
          .isEqualTo(PrimitiveTypeName.INT64);
      assertThat(column.getStatistics().hasNonNullValue()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '"',
      value = {
        "DelimitedLoad~map('a', 1)~'v'",
        "DelimitedLoad~named_struct('a', 1)~'v'",
        "DelimitedLoad~parse_json('1')~'v'",
        "DelimitedLoad~make_interval(1)~'v'",
        "JSONLoad~map(1, 'x')~'v'",
        "JSONLoad~named_struct('a', array(map(date'2020-01-01', 1)))~'v.a'",
        "JSONLoad~make_interval(1)~'v'",
        "JSONLoad~array(time'01:02:03')~'v'",
        "XMLLoad~interval 1 day~'v'",
        "XMLLoad~map(1, 'x')~'v'",
        "ParquetLoad~time'01:02:03'~'v'",
        "ParquetLoad~make_interval(1)~'v'",
        "ORCLoad~parse_json('1')~'v'",
        "ORCLoad~named_struct('n', null)~'v.n'",
        "AvroLoad~map(1, 'x')~'v'",
        "AvroLoad~'a' collate unicode_ci~'v'",
        "AvroLoad~parse_json('1')~'v'",
        "DeltaLakeLoad~interval '1-2' year to month~'v'",
        "DeltaLakeLoad~'a' collate unicode_ci~'v'",
        "DeltaLakeLoad~array()~'v'",
        "DeltaLakeLoad~time'01:02:03'~'v'",
      })
  void aTypeWithoutAPlaceIsRefusedByName(String load, String value, String column)
      throws Exception {
    refuses(load, "select 1 as id, " + value + " as v", "", "the column " + column, "no type for");
  }

  @ParameterizedTest
  @CsvSource({
    "DelimitedLoad",
    "JSONLoad",
    "XMLLoad",
    "ParquetLoad",
    "ORCLoad",
    "AvroLoad",
    "DeltaLakeLoad"
  })
  void namesThatDifferInCapitalsOnlyAreRefused(String load) throws Exception {
    refuses(load, "select 1 as a, 2 as A", "", "'A' twice");
    if (!load.equals("DelimitedLoad")) {
      refuses(load, "select named_struct('b', 1, 'B', 2) as a", "", "'a.B' twice");
    }
  }

  @Test
  void mapsWithAKeyTwiceAreRefusedWhereAKeyIsAName() throws Exception {
    String map = "from_json('{\"k\":1,\"k\":2}', 'map<string,int>')";
    for (String load : List.of("JSONLoad", "AvroLoad", "XMLLoad")) {
      refuses(load, "select 1 as id, " + map + " as v", "", "'v': a map has a key twice");
      refuses(load, "select map('a', array(" + map + ")) as v", "", "a map has a key twice");
    }
    load("ParquetLoad", "select " + map + " as v", "");
    assertThat(rows("select map_values(v) from parquet.`" + folder.of(out()) + "`"))
        .containsExactly("[ArraySeq(1, 2)]");
  }

  @Test
  void textsThatAreNeverNullStaySo() throws Exception {
    load("AvroLoad", "select 'grün' as v", "");
    StringBuilder text = new StringBuilder();
    for (String file : folder.files(out())) {
      text.append(Files.readString(Path.of(folder.of(out()), file), StandardCharsets.ISO_8859_1));
    }
    assertThat(text).contains("\"name\":\"v\",\"type\":\"string\"");
  }

  @Test
  void keysOfNullThatXmlLacksAreTold() throws Exception {
    SqlJob job =
        load(
            "XMLLoad",
            "select map('a', 1, 'b', cast(null as int)) as m,"
                + " named_struct('n', map('a', 2, 'b', null)) as s, map('a', 3) as whole",
            "");
    assertThat(job.runWarnings())
        .extracting(Problem::code)
        .containsExactly(ErrorCode.LOSSY_WRITE, ErrorCode.LOSSY_WRITE);
    assertThat(job.runWarnings())
        .extracting(Problem::message)
        .allMatch(message -> message.contains("have a map with NULL for a key"));
  }

  @Test
  void namesThatXmlLacksAreRefused() throws Exception {
    for (String name : List.of("a b", "1a", "a:b", "a,b", "é€")) {
      refuses("XMLLoad", "select 1 as `" + name + "`", "", "'" + name + "'", "names in XML");
    }
    load("XMLLoad", "select 1 as `größe.x-1`, 'y' as _id", "");
    assertThat(text()).contains("<ROW id=\"y\">", "<größe.x-1>1</größe.x-1>");
    load("XMLLoad", "select map('größe', 1, '_x', 2) as v", "");
  }

  @Test
  void whatIsNoTextIsRefused() throws Exception {
    for (String load :
        List.of(
            "DelimitedLoad",
            "JSONLoad",
            "XMLLoad",
            "ParquetLoad",
            "ORCLoad",
            "AvroLoad",
            "DeltaLakeLoad")) {
      refuses(load, "select 1 as id, cast(x'FF41' as string) as v", "", "'v'", "not valid UTF-8");
    }
    for (String load : List.of("ParquetLoad", "ORCLoad", "AvroLoad", "DeltaLakeLoad")) {
      for (String nested :
          List.of(
              "named_struct('a', array(cast(x'FF41' as string)))",
              "map('k', cast(x'FF41' as string))",
              "map(cast(x'FF41' as string), 1)")) {
        refuses(load, "select 1 as id, " + nested + " as v", "", "'v'", "not valid UTF-8");
      }
      refuses(
          load,
          "select 1 as id, cast(x'FF41' as string) as v",
          "partitionBy: [v]",
          "'v'",
          "not valid UTF-8");
    }
    refuses("XMLLoad", "select map('a b', 1) as v", "", "'v'", "a key of a map is no name of XML");
    refuses("XMLLoad", "select 'a\\u0001b' as v", "", "'v'", "control character");
    refuses(
        "XMLLoad",
        "select array(named_struct('x', 'a\\u0000b')) as v",
        "",
        "'v'",
        "control character");
  }

  @Test
  void whatXmlDoesNotKeepIsTold() throws Exception {
    SqlJob job =
        load("XMLLoad", "select ' x' as a, array(1, null) as b, 'y' as c, array(1) as d", "");
    assertThat(job.runWarnings())
        .extracting(Problem::code)
        .containsExactly(ErrorCode.LOSSY_WRITE, ErrorCode.LOSSY_WRITE);
    assertThat(job.runWarnings().get(0).message()).contains("1 row of column 'a'");
    assertThat(job.runWarnings().get(1).message()).contains("1 row of column 'b'");
  }

  @Test
  void linesThatHoldLinesAreTold() throws Exception {
    SqlJob job = load("TextLoad", "select explode(array('a\\nb', null, 'c')) as v", "");
    assertThat(job.runWarnings()).hasSize(2);
    assertThat(job.runWarnings().get(0).message()).contains("1 row hold");
    assertThat(load("TextLoad", "select 'a b' as v", "").runWarnings()).isEmpty();
  }

  @Test
  void columnsThatAreLeftOutAreTold() throws Exception {
    SqlJob job = load("DelimitedLoad", "select 1 as a, array(1) as d", "");
    assertThat(job.runWarnings())
        .singleElement()
        .satisfies(
            warning -> {
              assertThat(warning.code()).isEqualTo(ErrorCode.COLUMNS_LEFT_OUT);
              assertThat(warning.message()).contains("'d' (array<int>)");
            });
  }

  @Test
  void aBinaryPartitionIsRefused() throws Exception {
    refuses("ParquetLoad", "select 1 as id, x'FF' as p", "partitionBy: [p]", "'p'", "binary");
    refuses(
        "ParquetLoad", "select 1 as id, repeat('x', 300) as p", "partitionBy: [p]", "'p'", "255");
  }

  @Test
  void goodDataAreWrittenWithoutAWord() throws Exception {
    for (String load : List.of("DelimitedLoad", "JSONLoad", "XMLLoad", "ParquetLoad", "AvroLoad")) {
      SqlJob job =
          load(load, "select 1 as id, 'a' as v, date'2020-01-01' as p", "partitionBy: [p]");
      assertThat(job.runWarnings()).isEmpty();
    }
  }

  @Test
  void keysAreChecked() {
    List<Problem> problems =
        SqlJob.problems(
            view("rows", "select 1 as a")
                + stage(
                    "DelimitedLoad",
                    "inputView: rows, outputURI: \"/tmp/x\", escape: \"ab\", encoding: \"latin9\""));
    assertThat(problems)
        .extracting(Problem::code)
        .containsExactly(ErrorCode.INVALID_VALUE, ErrorCode.INVALID_VALUE);
  }

  @Test
  void aValueThatEndsAsTheDelimiterBeginsIsRefused() throws Exception {
    refuses(
        "DelimitedLoad",
        "select 'a|' as v, 'b' as w",
        "delimiter: Custom, customDelimiter: \"||\"",
        "'v'",
        "a value ends as the delimiter begins",
        "a|");
    load(
        "DelimitedLoad",
        "select 'a|b' as v, '|c||d' as w",
        "delimiter: Custom, customDelimiter: \"||\"");
    assertThat(text()).isEqualTo("a|b||\"|c||d\"\n");
  }

  @Test
  void momentsOfAClockAreToldWhereOrcKeepsThem() throws Exception {
    TimeZone before = TimeZone.getDefault();
    TimeZone.setDefault(TimeZone.getTimeZone("Europe/Berlin"));
    try {
      String out = "inputView: rows, saveMode: Overwrite, outputURI: \"" + directory + "/orc\"";
      SqlJob job =
          SqlJob.run(
              view("rows", "select timestamp'2024-07-01T10:00:00Z' as t, 1 as n")
                  + stage("ORCLoad", out));
      assertThat(job.runWarnings())
          .extracting(Problem::message)
          .singleElement()
          .asString()
          .contains("the moments of t as the clock of Europe/Berlin");
      assertThatThrownBy(
              () ->
                  SqlJob.run(
                      view("rows", "select timestamp'2024-10-27T01:30:00Z' as t")
                          + stage("ORCLoad", out)))
          .hasMessageContaining("comes twice");
    } finally {
      TimeZone.setDefault(before);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ParquetLoad", "DeltaLakeLoad", "DelimitedLoad"})
  void aFolderHasNoTimeThatComesTwice(String type) throws Exception {
    SqlJob.spark().conf().set("spark.sql.session.timeZone", "Europe/Berlin");
    try {
      String keys =
          "inputView: rows, saveMode: Overwrite, partitionBy: [t], outputURI: \""
              + directory.resolve(type)
              + "\"";
      SqlJob.run(
          view("rows", "select timestamp'2024-10-27T00:30:00Z' as t, 1 as n") + stage(type, keys));
      assertThatThrownBy(
              () ->
                  SqlJob.run(
                      view("rows", "select timestamp'2024-10-27T01:30:00Z' as t, 1 as n")
                          + stage(type, keys)))
          .hasMessageContaining("cannot partition by 't'")
          .hasMessageContaining("2024-10-27 02:30:00+01:00");
    } finally {
      SqlJob.spark().conf().set("spark.sql.session.timeZone", "UTC");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"DelimitedLoad", "JSONLoad", "XMLLoad"})
  void yearsAfter9999InTextAreTold(String type) throws Exception {
    assertThat(
            load(type, "select date'9999-12-31' as d, timestamp'9999-12-31 23:59:59' as t", "")
                .runWarnings())
        .isEmpty();
    assertThat(
            load(
                    type,
                    "select date'+20204-01-01' as d, timestamp_ntz'9999-01-01 00:00:00' as t"
                        + " union all select null, timestamp_ntz'+12024-01-01 00:00:00'",
                    "")
                .runWarnings())
        .allMatch(warning -> warning.code() == ErrorCode.LOSSY_WRITE)
        .extracting(problem -> problem.message().substring(type.length() + 2))
        .containsExactly(
            "1 row of column 'd' hold a year after 9999, which is written as +10000; most readers"
                + " take it for no date",
            "1 row of column 't' hold a year after 9999, which is written as +10000; most readers"
                + " take it for no date");
  }
}
