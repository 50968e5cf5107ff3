package io.sqletl.engine.stage.extract;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.spark;
import static io.sqletl.engine.stage.SqlJob.stage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.Folder;
import io.sqletl.engine.stage.SqlJob;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parquet of other writers: read without loss and told, or refused by column, file and remedy. */
class ForeignParquetTest {

  @TempDir Path directory;
  private Folder folder;

  @BeforeEach
  void makeFolder() {
    folder = new Folder(directory);
  }

  @SafeVarargs
  private void write(String name, String columns, Consumer<Group>... records) throws Exception {
    MessageType type = MessageTypeParser.parseMessageType("message m { " + columns + " }");
    Path file = directory.resolve("in").resolve(name);
    Files.createDirectories(file.getParent());
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toUri()))
            .withType(type)
            .build()) {
      for (Consumer<Group> record : records) {
        Group group = new SimpleGroupFactory(type).newGroup();
        record.accept(group);
        writer.write(group);
      }
    }
  }

  private List<String> extract() throws Exception {
    SqlJob job =
        SqlJob.run(stage("ParquetExtract", "outputView: v, inputURI: \"" + folder + "/in\""));
    return job.runWarnings().stream().map(Problem::message).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          int32                  | int64                   | bigint
          int32 x (INT_8)        | int64                   | bigint
          int32                  | double                  | double
          float                  | double                  | double
          int32 x (DECIMAL(5,2)) | int64 x (DECIMAL(12,4)) | decimal(12,4)
          int32 x (DECIMAL(9,0)) | int32 x (DECIMAL(5,4))  | decimal(13,4)
          int32                  | int64 x (DECIMAL(12,2)) | decimal(12,2)
          """)
  void aColumnOfTwoTypesHasTheOneThatHoldsBoth(String one, String other, String both)
      throws Exception {
    write("a.parquet", column(one), set(one, 7));
    write("b.parquet", column(other), set(other, 8));
    List<String> warnings = extract();
    assertThat(spark().table("v").schema().apply("x").dataType().simpleString()).isEqualTo(both);
    assertThat(rows("select count(x), count(distinct x) from v")).containsExactly("[2,2]");
    assertThat(warnings)
        .singleElement()
        .asString()
        .contains("column 'x' is ", " in different files, and read as " + both);
  }

  private static String column(String type) {
    String[] parts = type.split(" x ");
    return "required " + parts[0] + " x" + (parts.length == 1 ? "" : " " + parts[1]) + ";";
  }

  private static Consumer<Group> set(String type, int value) {
    return switch (type.split(" ")[0]) {
      case "int32" -> group -> group.add("x", value);
      case "int64" -> group -> group.add("x", (long) value);
      case "float" -> group -> group.add("x", value + 0.5f);
      default -> group -> group.add("x", value + 0.25);
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          int64  | double            | bigint | double
          int32  | binary x (STRING) | int    | string
          double | binary x (STRING) | double | string
          """)
  void typesThatNoneHoldsAreRefusedByColumnFilesAndTypes(
      String one, String other, String oneType, String otherType) throws Exception {
    write("a.parquet", column(one), set(one, 7));
    write(
        "b.parquet",
        column(other),
        other.startsWith("binary") ? group -> group.add("x", "t") : set(other, 8));
    assertThatThrownBy(this::extract)
        .hasMessageContaining("column 'x' is " + oneType + " in ")
        .hasMessageContaining("a.parquet' and " + otherType + " in ")
        .hasMessageContaining("b.parquet'")
        .hasMessageContaining("; read the files with two extracts");
  }

  @Test
  void nanosecondsAreCutToMicrosecondsAndTold() throws Exception {
    write(
        "a.parquet",
        "required int64 i (TIMESTAMP(NANOS,true)); required int64 l (TIMESTAMP(NANOS,false));",
        group -> group.append("i", 1711852200123456789L).append("l", 1711852200123456789L),
        group -> group.append("i", -1L).append("l", -1L));
    List<String> warnings = extract();
    assertThat(rows("select cast(i as string), cast(l as string), _index from v order by _index"))
        .containsExactly(
            "[2024-03-31 02:30:00.123456,2024-03-31 02:30:00.123456,1]",
            "[1969-12-31 23:59:59.999999,1969-12-31 23:59:59.999999,2]");
    assertThat(spark().table("v").schema().apply("l").dataType().simpleString())
        .isEqualTo("timestamp_ntz");
    assertThat(warnings).hasSize(2).allMatch(text -> text.contains("has nanoseconds"));
  }

  @Test
  void int96IsToldOnlyWhereItsValuesHaveNanoseconds() throws Exception {
    write(
        "a.parquet",
        "required int96 whole; required int96 t; required group s { required int96 u; }",
        group -> {
          group.append("whole", int96(123_456_000L)).append("t", int96(123_456_789L));
          group.addGroup("s").append("u", int96(1L));
        });
    assertThat(extract())
        .hasSize(2)
        .anyMatch(text -> text.contains("column 't' has nanoseconds, and is cut"))
        .anyMatch(text -> text.contains("column 's' has nanoseconds, and is cut"));
  }

  @Test
  void int96ThatCannotBeLookedAtIsTold() throws Exception {
    write(
        "a.parquet",
        "required int32 x; required int96 t;",
        group -> group.append("x", 1).append("t", int96(123_456_789L)));
    Path file = directory.resolve("in/a.parquet");
    try (ParquetFileReader reader =
        ParquetFileReader.open(
            HadoopInputFile.fromPath(
                new org.apache.hadoop.fs.Path(file.toUri()), new Configuration()))) {
      ColumnChunkMetaData times = reader.getFooter().getBlocks().get(0).getColumns().get(1);
      byte[] bytes = Files.readAllBytes(file);
      int begin = (int) times.getStartingPos();
      Arrays.fill(bytes, begin, begin + (int) times.getTotalSize(), (byte) 0xff);
      Files.write(file, bytes);
      Files.deleteIfExists(directory.resolve("in/.a.parquet.crc"));
    }
    assertThat(extract())
        .singleElement()
        .asString()
        .contains("a.parquet' have nanoseconds, which are cut, is not known: its first rows");
    assertThat(rows("select x from v")).containsExactly("[1]");
  }

  private static Binary int96(long nanosOfDay) {
    return Binary.fromConstantByteArray(
        ByteBuffer.allocate(12)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(nanosOfDay)
            .putInt(2_460_493)
            .array());
  }

  @Test
  void columnsGoByNameInAnyOrderAndCaseAndAMissingOneIsTold() throws Exception {
    write("a.parquet", "required int32 x; required int32 y;", g -> g.append("x", 1).append("y", 2));
    write("b.parquet", "required int32 Y; required int32 X;", g -> g.append("Y", 4).append("X", 3));
    write("c.parquet", "required int32 x;", g -> g.append("x", 5));
    List<String> warnings = extract();
    assertThat(rows("select x, y from v order by x")).containsExactly("[1,2]", "[3,4]", "[5,null]");
    assertThat(warnings)
        .singleElement()
        .asString()
        .contains("column 'y' is not in 1 of 3 files, such as ", "c.parquet'");
  }

  @Test
  void filesThatAreAlikeAreNothingToSpeakOf() throws Exception {
    for (String name : List.of("a", "b", "c", "d", "e", "f")) {
      write(
          name + ".parquet",
          "required int32 x; optional group l (LIST) { repeated group list {"
              + " optional int32 element; } } optional group o (LIST) { repeated int32 array; }"
              + " optional fixed_len_byte_array(2) f; optional int96 t; optional int64 u (UINT_64);",
          g ->
              g.append("x", 1)
                  .append("u", -1L)
                  .append("f", Binary.fromConstantByteArray(new byte[] {1, 2})));
    }
    assertThat(extract()).isEmpty();
    assertThat(rows("select sum(x), max(u), max(hex(f)) from v"))
        .containsExactly("[6,18446744073709551615,0102]");
  }

  @Test
  void aColumnOfNullsAloneHasTheTypeThatOtherFilesGiveIt() throws Exception {
    write("d=1/a.parquet", "required int32 x; optional int32 n (UNKNOWN);", g -> g.append("x", 1));
    write(
        "d=2/b.parquet",
        "required int32 x; optional binary n (STRING); optional int64 m;",
        g -> g.append("x", 2).append("n", "text").append("m", 7L));
    assertThat(extract()).singleElement().asString().contains("column 'm' is not in 1 of 2 files");
    assertThat(rows("select x, n, m, d, _index from v order by x"))
        .containsExactly("[1,null,null,1,1]", "[2,text,7,2,1]");
  }

  @Test
  void timesOfDayAreNamedWithTheirColumnAndFile() throws Exception {
    write("a.parquet", "required int64 t (TIME(MICROS,false));", g -> g.append("t", 5L));
    assertThatThrownBy(this::extract)
        .hasMessageContaining("cannot read column 't' of '")
        .hasMessageContaining("a.parquet': it has times of day");
  }

  @Test
  void aTypeThatSparkDoesNotHaveIsNamedWithItsColumnAndFile() throws Exception {
    write(
        "a.parquet",
        "required int32 x; required int32 t (TIME(MILLIS,true));",
        g -> g.append("x", 1).append("t", 5));
    assertThatThrownBy(this::extract)
        .hasMessageContaining("cannot read column 't' of '")
        .hasMessageContaining("a.parquet'")
        .hasMessageContaining("TIME(MILLIS,true)");
  }

  @Test
  void aFileThatIsCutOffOrNoneIsNamed() throws Exception {
    write("a.parquet", "required int32 x;", g -> g.append("x", 1));
    byte[] whole = Files.readAllBytes(directory.resolve("in/a.parquet"));
    Files.write(directory.resolve("in/b.parquet"), java.util.Arrays.copyOf(whole, 40));
    assertThatThrownBy(this::extract)
        .hasMessageStartingWith("ParquetExtract cannot read the file ")
        .hasMessageContaining("b.parquet");
  }

  /** As pyarrow writes it where it is asked for; its files say so in their footers. */
  @Test
  void numbersWhoseBytesAreSplitAreRead() throws Exception {
    String setting = "spark.sql.parquet.enableVectorizedReader";
    spark().conf().unset(setting);
    MessageType type =
        MessageTypeParser.parseMessageType(
            "message m { required float x; required double y; required group s { required float z; }"
                + " required int32 w; }");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(
                new org.apache.hadoop.fs.Path(directory.resolve("in/b.parquet").toUri()))
            .withType(type)
            .withDictionaryEncoding(false)
            .withByteStreamSplitEncoding(true)
            .build()) {
      for (int i = 1; i <= 3; i++) {
        Group group = new SimpleGroupFactory(type).newGroup();
        group.append("x", i + 0.5f).append("y", i + 0.25).append("w", i);
        group.addGroup("s").append("z", i + 0.125f);
        writer.write(group);
      }
    }
    write(
        "a.parquet",
        "required double x; required double y; required int64 w;",
        g -> g.append("x", 0.5).append("y", 0.25).append("w", 1L << 40));
    try {
      extract();
      assertThat(rows("select x, y, s.z, w, _index from v order by x"))
          .containsExactly(
              "[0.5,0.25,null,1099511627776,1]",
              "[1.5,1.25,1.125,1,1]",
              "[2.5,2.25,2.125,2,2]",
              "[3.5,3.25,3.125,3,3]");
    } finally {
      spark().conf().unset(setting);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          required int32 a; required int32 A;                            | 'a' and 'A'
          required group s { required int32 Ä; required int32 ä; }       | 's.Ä' and 's.ä'
          optional group l (LIST) { repeated group list { optional group element {\
           required int32 b; required int32 B; } } }                     | 'l[].b' and 'l[].B'
          """)
  void columnsThatDifferInCaseOnlyAreRefused(String columns, String names) throws Exception {
    write("a.parquet", columns.replace("\\\n", ""));
    assertThatThrownBy(this::extract)
        .hasMessageContaining("the columns " + names + " of 'file:")
        .hasMessageContaining("in/a.parquet' differ in case only, which SQL does not tell apart; ");
  }

  private static final String LIST =
      "optional group l (LIST) { repeated group list { optional %s element%s; } }";

  private static Consumer<Group> list(java.util.function.Consumer<Group> element) {
    return group -> element.accept(group.addGroup("l").addGroup("list"));
  }

  @Test
  void listsOfWholeNumbersOfTwoSizesHaveTheOneThatHoldsBoth() throws Exception {
    write("a.parquet", LIST.formatted("int32", ""), list(item -> item.append("element", 7)));
    write("b.parquet", LIST.formatted("int64", ""), list(item -> item.append("element", 8L << 40)));
    assertThat(extract())
        .singleElement()
        .asString()
        .contains("column 'l[]' is int and bigint in different files, and read as bigint");
    assertThat(rows("select l[0] from v order by 1")).containsExactly("[7]", "[8796093022208]");
  }

  @Test
  void aListOfNothingHasTheTypeThatOtherFilesGiveIt() throws Exception {
    write("a.parquet", LIST.formatted("int32", " (UNKNOWN)"), group -> group.addGroup("l"));
    write(
        "b.parquet",
        LIST.formatted("binary", " (STRING)"),
        list(item -> item.append("element", "t")));
    assertThat(extract()).isEmpty();
    assertThat(rows("select size(l), l[0] from v where size(l) = 1")).containsExactly("[1,t]");
    assertThat(rows("select size(l) from v order by 1")).containsExactly("[0]", "[1]");
  }

  @Test
  void fieldsWithinStructsAndListsThatSomeFilesLackAreNullAndTold() throws Exception {
    String columns =
        "optional group s { optional int32 a;%s } optional group l (LIST) { repeated group list {"
            + " optional group element { optional int32 a;%s } } }";
    write(
        "a.parquet",
        columns.formatted("", ""),
        group -> {
          group.addGroup("s").append("a", 1);
          group.addGroup("l").addGroup("list").addGroup("element").append("a", 1);
        });
    write(
        "b.parquet",
        columns.formatted(" optional int32 b;", " optional int64 c;"),
        group -> {
          group.addGroup("s").append("a", 2).append("b", 3);
          group.addGroup("l").addGroup("list").addGroup("element").append("a", 2).append("c", 4L);
        });
    write("c.parquet", "optional int32 x;", group -> group.append("x", 1));
    assertThat(extract())
        .anyMatch(
            text -> text.matches(".*column 's.b' is not in 1 of 2 files, such as .*a.parquet'.*"))
        .anyMatch(
            text ->
                text.matches(".*column 'l\\[\\].c' is not in 1 of 2 files, such as .*a.parquet'.*"))
        .noneMatch(text -> text.contains("'s.a'"));
    assertThat(rows("select s, l from v where s is not null order by s.a"))
        .containsExactly("[[1,null],ArraySeq([1,null])]", "[[2,3],ArraySeq([2,4])]");
  }

  @Test
  void nanosecondsThatAreWholeMicrosecondsAreNothingToSpeakOf() throws Exception {
    write(
        "a.parquet",
        "optional int64 i (TIMESTAMP(NANOS,true)); optional int64 n (TIMESTAMP(NANOS,false));",
        group -> group.append("i", 1711852200123456000L),
        group -> group.append("i", -1000L));
    for (String name : List.of("b", "c", "d", "e", "f")) {
      write(
          name + ".parquet",
          "optional int64 i (TIMESTAMP(NANOS,true)); optional int64 n (TIMESTAMP(NANOS,false));",
          group -> group.append("i", 0L));
    }
    assertThat(extract()).isEmpty();
    assertThat(rows("select cast(max(i) as string), count(n) from v"))
        .containsExactly("[2024-03-31 02:30:00.123456,0]");
    write(
        "g.parquet",
        "optional int64 i (TIMESTAMP(NANOS,true)); optional int64 n (TIMESTAMP(NANOS,false));",
        group -> group.append("i", 1L));
    assertThat(extract())
        .singleElement()
        .asString()
        .endsWith("column 'i' has nanoseconds, and is cut to microseconds");
  }
}
