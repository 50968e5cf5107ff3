package io.sqletl.engine.stage.load;

import static io.sqletl.engine.stage.SqlJob.spark;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.stage.Folder;
import io.sqletl.engine.stage.SqlJob;
import io.sqletl.engine.stage.StageException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every load with its extract, every type, values that formats are known to lose: what comes back
 * is equal, or it is refused by name before a row is written. The values of a run are drawn with a
 * seed, which is printed and can be given as -Dsqletl.seed=N.
 */
class RoundTripTest {

  private static final int ROWS = 40;

  /** Literals of each type, as SQL writes them. */
  private static final Map<String, List<String>> VALUES = new LinkedHashMap<>();

  private static final List<String> TEXTS =
      List.of(
          "' x '",
          "''",
          "'a\\\\b'",
          "'line1\\nline2'",
          "'a\\rb'",
          "'a\\r\\nb'",
          "'a\"b'",
          "'\"'",
          "'\"\"'",
          "'a,b'",
          "'c\\\\'",
          "'a,\\\\'",
          "'\\t'",
          "'a;b|c'",
          "'\\u2028'",
          "'\\u0085'",
          "'#x'",
          "'=1+1'",
          "'NULL'",
          "'null'",
          "'😀'",
          "'ä\\u0301'",
          "'\\\\N'",
          "'1e3'",
          "'007'",
          "'x\\\"'",
          "'a\\\\\"b,'",
          "''''",
          "'<a>&amp;]]>'",
          "'2020-01-01'",
          "'-'",
          "'\\n'");

  static {
    VALUES.put("string", TEXTS);
    VALUES.put("boolean", List.of("true", "false"));
    VALUES.put("tinyint", List.of("-128Y", "127Y"));
    VALUES.put("smallint", List.of("-32768S", "32767S"));
    VALUES.put("int", List.of("-2147483648", "2147483647", "0"));
    VALUES.put(
        "bigint", List.of("-9223372036854775808L", "9223372036854775807L", "9007199254740993L"));
    VALUES.put(
        "float",
        List.of(
            "1.1F",
            "float('NaN')",
            "float('Infinity')",
            "-0.0F",
            "1.4E-45F",
            "3.4E38F",
            "2.0E-3F",
            "16777217F"));
    VALUES.put(
        "double",
        List.of(
            "1.1D",
            "double('NaN')",
            "double('-Infinity')",
            "-0.0D",
            "4.9E-324D",
            "1.7976931348623157E308D",
            "2.0E23D",
            "0.1D"));
    VALUES.put("decimal(38,0)", List.of("12345678901234567890123456789012345678BD", "-1BD"));
    VALUES.put(
        "decimal(38,18)",
        List.of("0.000000000000000001BD", "-12345678901234567890.123456789012345678BD", "1.10BD"));
    VALUES.put(
        "date",
        List.of(
            "date'0001-01-01'",
            "date'9999-12-31'",
            "date'1582-10-10'",
            "date'1970-01-01'",
            "date'1900-02-28'"));
    VALUES.put(
        "timestamp",
        List.of(
            "timestamp'0001-01-01 00:00:00.000001'", "timestamp'9999-12-31 23:59:59.999999'",
            "timestamp'1582-10-10 01:02:03.123456'", "timestamp'1969-12-31 23:59:59.999999'"));
    VALUES.put(
        "timestamp_ntz",
        List.of(
            "timestamp_ntz'0001-01-01 00:00:00.000001'",
            "timestamp_ntz'9999-12-31 23:59:59.999999'",
            "timestamp_ntz'1582-10-10 01:02:03.1'"));
    VALUES.put("binary", List.of("x''", "x'00FF80'", "x'0A0D22'"));
  }

  private static final Map<String, List<String>> NESTED =
      Map.of(
          "array<string>", List.of("array('a', null, '', ' b ')", "array()"),
          "array<timestamp>", List.of("array(timestamp'0001-01-01 00:00:00.000001', null)"),
          "map<string,decimal(38,18)>", List.of("map('a b', 1.10BD, '', null)", "map()"),
          "struct<a:int,b:struct<c:string>>",
              List.of(
                  "named_struct('a', 1, 'b', named_struct('c', ''))",
                  "named_struct('a', null, 'b', null)"),
          "array<struct<m:map<string,array<date>>>>",
              List.of("array(named_struct('m', map('k', array(date'1582-10-10', null))))"));

  private static final Map<String, String> WRITTEN =
      Map.of(
          "ParquetLoad",
          "ParquetExtract",
          "ORCLoad",
          "ORCExtract",
          "AvroLoad",
          "AvroExtract",
          "DeltaLakeLoad",
          "DeltaLakeExtract",
          "JSONLoad",
          "JSONExtract",
          "DelimitedLoad",
          "DelimitedExtract");

  private static long seed;

  @TempDir Path directory;
  private Folder folder;
  private Random random;

  @BeforeAll
  static void printSeed() {
    seed = Long.getLong("sqletl.seed", System.nanoTime());
    System.out.println("RoundTripTest: -Dsqletl.seed=" + seed);
  }

  @BeforeEach
  void makeFolder() {
    folder = new Folder(directory);
    random = new Random(seed);
  }

  /**
   * Rows of the types' values in random order, NULL among them; each value is there at least once.
   */
  private String query(Map<String, List<String>> types) {
    List<String> names = new ArrayList<>(types.keySet());
    List<String> rows = new ArrayList<>();
    for (int row = 0; row < ROWS; row++) {
      List<String> values = new ArrayList<>(List.of(String.valueOf(row)));
      for (String type : names) {
        List<String> pool = types.get(type);
        String value =
            row < pool.size()
                ? pool.get(row)
                : random.nextInt(5) == 0 ? "null" : pool.get(random.nextInt(pool.size()));
        values.add("cast(" + value + " as " + type + ")");
      }
      rows.add("(" + String.join(", ", values) + ")");
    }
    return "select * from values "
        + String.join(", ", rows)
        + " as t("
        + columns(names.size())
        + ")";
  }

  private String load(String type, String keys) {
    return stage(type, "inputView: written\noutputURI: \"" + folder.of("out") + "\"\n" + keys);
  }

  private String extract(String type, String keys) {
    String uri = folder.of("out") + (type.equals("DeltaLakeExtract") ? "" : "/*.*");
    return stage(type, "inputURI: \"" + uri + "\"\noutputView: back\n" + keys);
  }

  /** Rows by their first column, each value in a form that tells all apart. */
  private static List<String> values(String query) {
    Map<Long, String> rows = new TreeMap<>();
    for (Row row : spark().sql(query).collectAsList()) {
      StringBuilder text = new StringBuilder();
      for (int i = 1; i < row.size(); i++) {
        text.append(" c").append(i).append('=').append(shown(row.get(i)));
      }
      rows.put(Long.parseLong(row.get(0).toString()), row.get(0) + text.toString());
    }
    return List.copyOf(rows.values());
  }

  private static String shown(Object value) {
    if (value instanceof byte[] bytes) {
      return "x" + HexFormat.of().formatHex(bytes);
    }
    if (value instanceof scala.collection.Seq<?> list) {
      StringBuilder text = new StringBuilder("[");
      list.foreach(
          each -> {
            text.append(shown(each)).append(';');
            return null;
          });
      return text + "]";
    }
    if (value instanceof scala.collection.Map<?, ?> map) {
      TreeMap<String, String> sorted = new TreeMap<>();
      map.foreach(
          entry -> {
            sorted.put(shown(entry._1()), shown(entry._2()));
            return null;
          });
      return sorted.toString();
    }
    if (value instanceof Row row) {
      StringBuilder text = new StringBuilder("{");
      for (int i = 0; i < row.size(); i++) {
        text.append(shown(row.get(i))).append(';');
      }
      return text + "}";
    }
    if (value instanceof String text) {
      return "'" + text.replace("\r", "<CR>").replace("\n", "<LF>") + "'";
    }
    return value instanceof java.math.BigDecimal number
        ? number.stripTrailingZeros().toPlainString()
        : String.valueOf(value);
  }

  private static String columns(int count) {
    StringBuilder text = new StringBuilder("id");
    for (int i = 1; i <= count; i++) {
      text.append(", c").append(i);
    }
    return text.toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ParquetLoad", "ORCLoad", "AvroLoad", "DeltaLakeLoad"})
  void whatHasTypesComesBackAsItWas(String load) throws Exception {
    Map<String, List<String>> types = new LinkedHashMap<>(VALUES);
    if (load.equals("ORCLoad")) {
      // Its last second before 1970 is refused, which has a test of its own
      types.put("timestamp", VALUES.get("timestamp").subList(0, 3));
    }
    types.putAll(new TreeMap<>(NESTED));
    types.put("string", with(TEXTS, "'\\u0000'", "'\\u0001'"));
    // ORC has no such day, which has a test of its own
    String query =
        load.equals("ORCLoad") ? query(types).replace("1582-10-10", "1582-10-15") : query(types);
    SqlJob.run(view("written", query) + load(load, "") + extract(WRITTEN.get(load), ""));
    assertThat(values("select " + columns(types.size()) + " from back"))
        .containsExactlyElementsOf(values("select * from written"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "header:true,numPartitions:1 multiLine:true,escape:\"\\\"\"",
        "delimiter:Pipe,quote:SingleQuote multiLine:true,escape:\"'\"",
        "header:true,escape:\"\\\\\" multiLine:true,escape:\"\\\\\"",
        "encoding:UTF-16LE,header:true,delimiter:Custom,customDelimiter:\"||\" UTF-16LE"
      })
  void delimitedTextComesBackAsItWas(String writing, String reading) throws Exception {
    Map<String, List<String>> types = new LinkedHashMap<>(VALUES);
    types.remove("binary");
    String job = view("written", query(types)) + load("DelimitedLoad", writing);
    List<String> names = new ArrayList<>(types.keySet());
    if (reading.startsWith("UTF-16")) {
      SqlJob.run(job);
      spark()
          .read()
          .option("encoding", reading)
          .option("sep", "||")
          .option("header", "true")
          .option("multiLine", "true")
          .option("escape", "\"")
          .option("nullValue", "\u0000")
          .csv(folder.of("out"))
          .createOrReplaceTempView("back");
    } else {
      String format = writing.replaceAll("escape:\"[^\"]*\"|numPartitions:1", "");
      SqlJob.run(job + extract("DelimitedExtract", format.replace(",,", ",") + "\n" + reading));
    }
    List<String> back =
        spark().table("back").columns().length == 0
            ? List.of()
            : List.of(spark().table("back").columns());
    StringBuilder typed = new StringBuilder("cast(`" + back.get(0) + "` as int) as id");
    for (int i = 0; i < names.size(); i++) {
      typed.append(", cast(`" + back.get(i + 1) + "` as " + names.get(i) + ") as c" + (i + 1));
    }
    assertThat(values("select " + typed + " from back"))
        .containsExactlyElementsOf(values("select * from written"));
  }

  /** Names that no format of the test refuses; others have a test of their own. */
  private static String name(String load) {
    return load.equals("AvroLoad") || load.equals("DeltaLakeLoad") ? "p_q" : "p q";
  }

  @Test
  void jsonComesBackAsItWas() throws Exception {
    Map<String, List<String>> types = new LinkedHashMap<>(VALUES);
    types.remove("binary");
    types.put("string", with(TEXTS, "'\\u0000'", "'\\u0001'"));
    SqlJob.run(
        view("written", query(types))
            + load("JSONLoad", "")
            + extract("JSONExtract", "multiLine: false"));
    List<String> names = new ArrayList<>(types.keySet());
    StringBuilder typed = new StringBuilder("cast(id as int) as id");
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).equals("decimal(38,18)")) {
        continue; // Without a schema it is a double
      }
      typed.append(", cast(c" + (i + 1) + " as " + names.get(i) + ") as c" + (i + 1));
    }
    String written = typed.toString().replaceAll("cast\\((\\w+) as [^,]+\\) as", "$1 as");
    assertThat(values("select " + typed + " from back"))
        .containsExactlyElementsOf(
            values(
                "select "
                    + written.replaceAll("cast\\((\\w+) as decimal\\(38,0\\)\\)", "$1")
                    + " from written"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ParquetLoad",
        "ORCLoad",
        "AvroLoad",
        "DeltaLakeLoad",
        "JSONLoad",
        "DelimitedLoad"
      })
  void partitionsComeBackAsTheyWere(String load) throws Exception {
    String values =
        "select * from values (0, 'a/b', 1, date'1582-10-10', true), (1, 'a=b', -1, date'0001-01-01', false), (2, 'a%b:c', null,"
            + " null, null), (3, ' x ', 0, date'9999-12-31', true), (4, null, 7, date'2020-01-01', false), (5, 'ä.\"\\'\\\\{}', 8, date'2020-01-01', true)"
            + ", (6, 'NULL', 9, null, true) t(id, `"
            + name(load)
            + "`, n, d, b)";
    SqlJob.run(
        view("written", values)
            + load(
                load,
                "partitionBy: [\""
                    + name(load)
                    + "\", n, d, b]\n"
                    + (load.equals("DelimitedLoad") ? "header: true" : ""))
            + stage(
                WRITTEN.get(load),
                "inputURI: \""
                    + folder.of("out")
                    + "\"\noutputView: back\n"
                    + (load.equals("DelimitedLoad")
                        ? "header: true"
                        : load.equals("JSONLoad") ? "multiLine: false" : "")));
    assertThat(
            values(
                "select cast(id as int), `"
                    + name(load)
                    + "`, cast(n as int), cast(d as date), cast(b as boolean) from back"))
        .containsExactlyElementsOf(values("select * from written"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ParquetLoad",
        "ORCLoad",
        "AvroLoad",
        "DeltaLakeLoad",
        "JSONLoad",
        "DelimitedLoad"
      })
  void aPartitionOfAnEmptyTextIsRefused(String load) throws Exception {
    for (String text : List.of("''", "'__HIVE_DEFAULT_PARTITION__'")) {
      String query = "select 1 as id, 'a' as p union all select 2, " + text;
      assertThatThrownBy(() -> SqlJob.run(view("written", query) + load(load, "partitionBy: [p]")))
          .isInstanceOf(StageException.class)
          .hasMessageStartingWith(load + " cannot partition by 'p': it holds ")
          .hasMessageContaining("nullif(p, '')");
      assertThat(folder.files("")).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ParquetLoad", "ORCLoad", "AvroLoad", "DeltaLakeLoad", "DelimitedLoad"})
  void aTableWithoutRowsHasItsColumns(String load) throws Exception {
    for (String partitions : List.of("", "partitionBy: [p, q]")) {
      folder = new Folder(directory.resolve(partitions.isEmpty() ? "whole" : "parts"));
      String header = load.equals("DelimitedLoad") ? "\nheader: true" : "";
      SqlJob.run(
          view("written", "select 1 as id, 'a' as p, 2 as q where false")
              + load(load, partitions + header)
              + stage(
                  WRITTEN.get(load),
                  "inputURI: \"" + folder.of("out") + "\"\noutputView: back" + header));
      assertThat(spark().table("back").columns()).contains("id", "p", "q");
      assertThat(spark().table("back").count()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "timestamp'1969-12-31 23:59:59.999999Z'",
        "timestamp_ntz'1969-12-31 23:59:59.001'",
        "array(null, timestamp'1969-12-31 23:59:59.5Z')",
        "map('k', named_struct('t', timestamp_ntz'1969-12-31 23:59:59.999'))"
      })
  void theLastSecondBefore1970IsRefusedByOrc(String value) {
    String query = "select 1 as id, " + value + " as v";
    assertThatThrownBy(() -> SqlJob.run(view("written", query) + load("ORCLoad", "")))
        .isInstanceOf(StageException.class)
        .hasMessageStartingWith("ORCLoad cannot write the column 'v': it holds a time in the last");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "date'1582-10-05'",
        "timestamp'1582-10-14 23:59:59Z'",
        "array(timestamp_ntz'1582-10-10 00:00:00')"
      })
  void daysThatTheCalendarOfOrcLacksAreRefused(String value) {
    String query = "select 1 as id, " + value + " as v";
    assertThatThrownBy(() -> SqlJob.run(view("written", query) + load("ORCLoad", "")))
        .isInstanceOf(StageException.class)
        .hasMessageStartingWith("ORCLoad cannot write the column 'v': it holds a day from 1582");
  }

  @Test
  void timesAroundTheLastSecondBefore1970ComeBackFromOrc() throws Exception {
    String query =
        "select * from values (0, timestamp'1969-12-31 23:59:59.000999Z',"
            + " timestamp_ntz'1969-12-31 23:59:59.000999'), (1, timestamp'1970-01-01 00:00:00Z',"
            + " timestamp_ntz'1970-01-01 00:00:00'), (2, timestamp'1969-12-31 23:59:58.999999Z',"
            + " timestamp_ntz'1969-12-31 23:59:58.999999') t(id, a, b)";
    SqlJob.run(view("written", query) + load("ORCLoad", "") + extract("ORCExtract", ""));
    assertThat(values("select id, a, b from back"))
        .containsExactlyElementsOf(values("select * from written"));
  }

  private static List<String> with(List<String> values, String... more) {
    List<String> all = new ArrayList<>(values);
    all.addAll(List.of(more));
    return all;
  }
}
