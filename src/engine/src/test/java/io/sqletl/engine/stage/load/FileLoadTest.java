package io.sqletl.engine.stage.load;

import static io.sqletl.engine.stage.SqlJob.options;
import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.spark;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.JobOptions;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.Folder;
import io.sqletl.engine.stage.SqlJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileLoadTest {

  /** What a task that had committed leaves when its job is killed. */
  private static final String KILLED =
      "out/_temporary/0/task_202601010000000000000000000_0000_m_000000/part-00000-killed.parquet";

  private static final String PROTOCOL = "spark.sql.sources.commitProtocolClass";

  @TempDir Path directory;
  private Folder folder;

  @BeforeEach
  void makeFolder() {
    folder = new Folder(directory);
  }

  private SqlJob load(String type, String query, String keys) throws Exception {
    return SqlJob.run(view("rows", query) + write(type, keys));
  }

  private String write(String type, String keys) {
    return stage(type, "inputView: rows\noutputURI: \"" + folder.of("out") + "\"\n" + keys);
  }

  private List<String> parquet() {
    return rows("select * from parquet.`" + folder.of("out") + "` order by 1");
  }

  @Test
  void foldersThatReadersPassOverAreToldBeforeTheRun() {
    for (String type :
        List.of("ParquetLoad", "ORCLoad", "AvroLoad", "JSONLoad", "XMLLoad", "DelimitedLoad")) {
      assertThat(
              SqlJob.plan(
                      view("rows", "select 1 as a, 'z' as _p") + write(type, "partitionBy: [_p]"))
                  .warnings())
          .singleElement()
          .satisfies(
              warning -> {
                assertThat(warning.code()).isEqualTo(ErrorCode.LOSSY_WRITE);
                assertThat(warning.message()).contains("'_p'", "pass over folders");
              });
      assertThat(
              SqlJob.problems(
                  view("rows", "select 1 as a, 'z' as `.p`")
                      + write(type, "partitionBy: [\".p\"]")))
          .extracting(Problem::message)
          .singleElement()
          .asString()
          .contains("'.p'", "no reader would find its rows");
    }
    assertThat(
            SqlJob.plan(
                    view("rows", "select 1 as a, 'z' as p_")
                        + write("ParquetLoad", "partitionBy: [p_]"))
                .warnings())
        .isEmpty();
  }

  /** The lines of all files, in the order of the files' names. */
  private List<String> text() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String file : folder.files("out")) {
      lines.addAll(Files.readAllLines(Path.of(folder.of("out"), file)));
    }
    return lines;
  }

  @Test
  void filesAreReplacedAndNothingElseIsLeft() throws Exception {
    load("ParquetLoad", "select id, id % 2 as p from range(4)", "partitionBy: [p]");
    folder.with(KILLED, "x").with("out/notes.txt", "x");
    SqlJob job =
        load("ParquetLoad", "select id from range(2)", "numPartitions: 1, replaceAll: true");
    assertThat(parquet()).containsExactly("[0]", "[1]");
    assertThat(folder.files("out"))
        .hasSize(2)
        .contains("_SUCCESS")
        .anyMatch(name -> name.startsWith("part-00000-"));
    assertThat(Files.exists(Path.of(folder.of("out/p=0")))).isFalse();
    assertThat(Files.exists(Path.of(folder.of("out/_temporary")))).isFalse();
    assertThat(job.outputs()).containsExactly(folder.of("out"));
  }

  @Test
  void allPartitionsAreReplacedWhateverTheSessionSays() throws Exception {
    spark().conf().set("spark.sql.sources.partitionOverwriteMode", "dynamic");
    try {
      load("ParquetLoad", "select id, id as p from range(3)", "partitionBy: [p]");
      load("ParquetLoad", "select 7L as id, 1 as p", "partitionBy: [p]");
    } finally {
      spark().conf().unset("spark.sql.sources.partitionOverwriteMode");
    }
    assertThat(parquet()).containsExactly("[7,1]");
  }

  @Test
  void aTaskThatFailsLeavesTheFilesThatWereThere() throws Exception {
    load("ParquetLoad", "select id, id % 2 as p from range(4)", "partitionBy: [p]");
    List<String> before = folder.files("out");
    String protocol = spark().conf().get(PROTOCOL);
    String failing =
        "select if(id = 900, raise_error('broken'), id) as id, id % 2 as p from range(0, 1000, 1, 4)";
    assertThatThrownBy(() -> load("ParquetLoad", failing, "partitionBy: [p]"))
        .hasStackTraceContaining("broken");
    assertThat(folder.files("out")).isEqualTo(before);
    assertThat(parquet()).hasSize(4);
    assertThat(Files.exists(Path.of(folder.of("out/_temporary")))).isFalse();
    assertThat(spark().conf().get(PROTOCOL)).isEqualTo(protocol);
  }

  @Test
  void aViewCanReplaceTheFilesThatItIsReadFrom() throws Exception {
    load("ParquetLoad", "select id from range(3)", "");
    load(
        "ParquetLoad",
        "select id + 1 as id from parquet.`" + folder.of("out") + "`",
        "replaceAll: true");
    assertThat(parquet()).containsExactly("[1]", "[2]", "[3]");
  }

  @Test
  void saveModesAddRefuseAndDoNothing() throws Exception {
    load("ParquetLoad", "select 1 as a", "saveMode: ErrorIfExists");
    folder.with(KILLED, "x");
    load("ParquetLoad", "select 2 as a", "saveMode: Append");
    load("ParquetLoad", "select 3 as a", "saveMode: Ignore");
    assertThat(parquet()).containsExactly("[1]", "[2]");
    assertThatThrownBy(() -> load("ParquetLoad", "select 4 as a", "saveMode: ErrorIfExists"))
        .hasMessageContaining("already exists");
    assertThat(parquet()).containsExactly("[1]", "[2]");
  }

  @Test
  void anEmptyViewReplacesTooAndKeepsItsColumns() throws Exception {
    load("ParquetLoad", "select 1 as a", "");
    load("ParquetLoad", "select 1 as a where false", "");
    assertThat(parquet()).isEmpty();
  }

  @Test
  void columnsOfOddNamesCanPartition() throws Exception {
    load(
        "ParquetLoad",
        "select id as `größe`, id % 2 as `a.b c` from range(4)",
        "partitionBy: [\"a.b c\"], numPartitions: 1");
    assertThat(rows("select `größe`, `a.b c` from parquet.`" + folder.of("out") + "` order by 1"))
        .containsExactly("[0,0]", "[1,1]", "[2,0]", "[3,1]");
  }

  @Test
  void delimitedTextIsAsOtherProgramsReadIt() throws Exception {
    String row =
        "select 'a,b' as a, 'q\"q' as b, string(null) as c, '' as d, timestamp '2020-01-01"
            + " 10:00:00' as e, 1.50 as f";
    SqlJob job = load("DelimitedLoad", row, "header: true");
    assertThat(text())
        .containsExactly(
            "a,b,c,d,e,f", "\"a,b\",\"q\"\"q\",,\"\",2020-01-01T10:00:00.000000Z,1.50");
    assertThat(job.detail().get("options"))
        .asInstanceOf(MAP)
        .contains(entry("sep", ","), entry("quote", "\""), entry("header", "true"))
        .contains(entry("escape", "\""), entry("encoding", "UTF-8"));
    load(
        "DelimitedLoad",
        "select 'a;b', 'c'",
        "delimiter: Custom, customDelimiter: \";\", quote: SingleQuote");
    assertThat(text()).containsExactly("'a;b';c");
  }

  @Test
  void jsonLinesLeaveNullsOut() throws Exception {
    load("JSONLoad", "select 1 as a, string(null) as b, array(named_struct('x', 2)) as c", "");
    assertThat(text()).containsExactly("{\"a\":1,\"c\":[{\"x\":2}]}");
  }

  @Test
  void columnsThatAFormatHasNoPlaceForAreDroppedAndTold() throws Exception {
    String query = "select 1 as a, null as `b.c`, array(1) as d";
    assertThat(load("ParquetLoad", query, "").detail())
        .containsEntry("drop", Map.of("NullType", List.of("b.c")));
    assertThat(load("DelimitedLoad", query, "replaceAll: true").detail())
        .containsEntry("drop", Map.of("NullType", List.of("b.c"), "ArrayType", List.of("d")));
    assertThat(text()).containsExactly("1");
    assertThat(load("JSONLoad", "select 1 as a", "replaceAll: true").detail())
        .doesNotContainKey("drop");
  }

  @Test
  void aPolicyCanRefuseThem() {
    JobOptions allowed = options();
    JobOptions options =
        new JobOptions(
            "test", false, false, false, allowed.storageLevel(), true, true, true, false);
    String job = "stages = [" + view("rows", "select null as c, array(1) as d");
    assertThatThrownBy(
            () -> SqlJob.plan("a.conf", job + write("ParquetLoad", "") + "]", options).run())
        .hasMessage(
            "inputView 'rows' contains types {\"NullType\":[\"c\"]} which are unsupported by"
                + " ParquetLoad and 'dropUnsupported' is set to false.");
    assertThatThrownBy(
            () -> SqlJob.plan("a.conf", job + write("DelimitedLoad", "") + "]", options).run())
        .hasMessage(
            "inputView 'rows' contains types {\"NullType\":[\"c\"],\"ArrayType\":[\"d\"]} which are"
                + " unsupported by DelimitedLoad and 'dropUnsupported' is set to false.");
    assertThat(Files.exists(Path.of(folder.of("out")))).isFalse();
  }

  @Test
  void configurationErrorsAreSaidTogether() {
    List<Problem> problems =
        SqlJob.problems(
            view("rows", "select 1 as a")
                + write("ParquetLoad", "saveMode: overwrite")
                + write("JSONLoad", "numPartitions: 0")
                + stage("DelimitedLoad", "inputView: rows, outputURI: \"s3n://b/x\"")
                + write("DelimitedLoad", "delimiter: Custom"));
    assertThat(problems)
        .extracting(Problem::code)
        .containsExactly(
            ErrorCode.INVALID_VALUE,
            ErrorCode.INVALID_VALUE,
            ErrorCode.UNSUPPORTED,
            ErrorCode.MISSING_KEY);
  }
}
