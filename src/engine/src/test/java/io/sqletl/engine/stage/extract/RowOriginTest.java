package io.sqletl.engine.stage.extract;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.spark;
import static io.sqletl.engine.stage.SqlJob.stage;
import static org.assertj.core.api.Assertions.assertThat;

import io.sqletl.engine.stage.Folder;
import io.sqletl.engine.stage.SqlJob;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.classic.Dataset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Numbers of rows in their files, however Spark deals files out to tasks. */
class RowOriginTest {

  private static final String MAX_BYTES = "spark.sql.files.maxPartitionBytes";
  private static final String OPEN_COST = "spark.sql.files.openCostInBytes";
  private static final String MAX_PARTITIONS = "spark.sql.files.maxPartitionNum";
  private static final String CODEGEN = "spark.sql.codegen.wholeStage";
  private static final String FACTORY = "spark.sql.codegen.factoryMode";

  @TempDir Path directory;
  private Folder folder;

  @BeforeEach
  void makeFolder() {
    folder = new Folder(directory);
  }

  @AfterEach
  void resetSettings() {
    List.of(MAX_BYTES, OPEN_COST, MAX_PARTITIONS).forEach(spark().conf()::unset);
    spark().conf().set(CODEGEN, "false");
    spark().conf().set(FACTORY, "NO_CODEGEN");
  }

  private SqlJob extract(String keys) throws Exception {
    return SqlJob.run(
        stage("DelimitedExtract", "inputURI: \"" + folder.of("in") + "\", outputView: r\n" + keys));
  }

  /** Lines that hold their own number; every second one is long, some are followed by blanks. */
  private static String lines(int from, int to, String end) {
    StringBuilder text = new StringBuilder();
    for (int i = from; i <= to; i++) {
      text.append(i).append(i % 2 == 0 ? ",even" : ",o").append(end);
      text.append(i % 7 == 0 ? "  " + end + end : "");
    }
    return text.toString();
  }

  private static void assertNumbered(int expected) {
    assertThat(rows("select count(*) from r where _index <> int(_c0)")).containsExactly("[0]");
    assertThat(rows("select count(*) from r")).containsExactly("[" + expected + "]");
    assertThat(rows("select count(distinct _filename, _index) from r"))
        .containsExactly("[" + expected + "]");
  }

  private static void splitFinely() {
    spark().conf().set(MAX_BYTES, "97");
    spark().conf().set(OPEN_COST, "1");
  }

  @Test
  void linesOfSplitFiles() throws Exception {
    folder.with("in/a.csv", lines(1, 300, "\n")).with("in/b.csv", lines(1, 150, "\r\n"));
    splitFinely();
    SqlJob job = extract("");
    assertThat((Integer) job.detail().get("numPartitions")).isGreaterThan(30);
    assertNumbered(450);
  }

  @Test
  void linesOfManyFilesInFewPartitions() throws Exception {
    for (int i = 0; i < 30; i++) {
      folder.with("in/" + i + ".csv", lines(1, i, "\n"));
    }
    spark().conf().set(OPEN_COST, "1");
    spark().conf().set(MAX_BYTES, "500");
    extract("");
    assertNumbered(29 * 30 / 2);
  }

  @Test
  void splitsOfOneFileBetweenThoseOfAnotherInOnePartition() throws Exception {
    folder.with("in/a.csv", lines(1, 60, "\n")).with("in/b.csv", lines(1, 50, "\n"));
    splitFinely();
    spark().conf().set(MAX_PARTITIONS, "1");
    extract("");
    assertNumbered(110);
  }

  @Test
  void headersDoNotCount() throws Exception {
    String text = "\n_c0,x\n" + lines(1, 80, "\n");
    folder.with("in/a.csv", text).with("in/b.csv", text).with("in/empty.csv", "");
    splitFinely();
    extract("header: true");
    assertNumbered(160);
  }

  @Test
  void packedFilesAndRecordsOfManyLines() throws Exception {
    folder
        .with("in/a.csv.gz", Folder.gzip(lines(1, 90, "\n")))
        .with("in/b.csv", lines(1, 40, "\n"));
    splitFinely();
    extract("");
    assertNumbered(130);
    folder.with("in/a.csv.gz", Folder.gzip("1,\"a\nb\"\n2,x\n\n3,\"\n\"\n"));
    extract("multiLine: true");
    assertThat(rows("select _c0, _index from r where _filename like '%gz' order by 2"))
        .containsExactly("[1,1]", "[2,2]", "[3,3]");
  }

  @Test
  void partitionedDirectories() throws Exception {
    for (int i = 0; i < 6; i++) {
      folder.with("in/p=" + i + "/part.csv", lines(1, 20 + i, "\n"));
    }
    splitFinely();
    extract("");
    assertNumbered(135);
    assertThat(rows("select max(_index), count(*) from r where p = 3")).containsExactly("[23,23]");
    assertThat(rows("select _index from r where p = 5 and _c0 = '25'")).containsExactly("[25]");
  }

  @Test
  void filtersAndPrunedColumnsDoNotShiftNumbers() throws Exception {
    folder.with("in/a.csv", lines(1, 200, "\n"));
    splitFinely();
    extract("");
    assertThat(
            rows("select _index from r where _c1 = 'even' and _c0 in ('4', '7', '198') order by 1"))
        .containsExactly("[4]", "[198]");
    assertThat(rows("select sum(_index) from r")).containsExactly("[20100]");
    assertThat(
            rows("select a._index, b._index from r a join r b on a._c0 = b._c0 and a._c0 = '33'"))
        .containsExactly("[33,33]");
  }

  @Test
  void aViewUsedWithoutThemIsAPlainScan() throws Exception {
    folder.with("in/a.csv", lines(1, 200, "\n"));
    splitFinely();
    extract("");
    String plan = rows("explain select _c0 from r where _c1 = 'o'").get(0);
    assertThat(plan)
        .doesNotContainIgnoringCase("subquery")
        .doesNotContain("input_file_name", "monotonically");
  }

  @Test
  void oneBlockNeedsNoCount() throws Exception {
    folder.with("in/a.csv", lines(1, 50, "\n"));
    JobCount jobs = JobCount.on(spark());
    extract("");
    rows("select _c0, _index from r");
    assertThat(jobs.soFar()).isEqualTo(1);
    assertNumbered(50);
  }

  @Test
  void generatedCodeComputesThem() throws Exception {
    folder.with("in/a.csv", lines(1, 300, "\n")).with("in/b.csv", lines(1, 150, "\n"));
    splitFinely();
    spark().conf().set(CODEGEN, "true");
    spark().conf().set(FACTORY, "CODEGEN_ONLY");
    extract("");
    Dataset<Row> used = (Dataset<Row>) spark().sql("select _filename, _index from r");
    assertThat(used.collectAsList()).hasSize(450);
    assertThat(used.queryExecution().executedPlan().toString())
        .contains("*(1) Project [input_file_name() AS _filename");
    assertNumbered(450);
  }

  @Test
  void jsonOfAllShapes() throws Exception {
    folder
        .with("json/a.json", "{\"n\": 1}\n\n{\"n\": 2}\nbroken\n{\"n\": 4}\n")
        .with("json/b.json", "{\"n\": 1}");
    splitFinely();
    String keys = "inputURI: \"" + folder.of("json") + "\", outputView: j, multiLine: ";
    SqlJob.run(stage("JSONExtract", keys + "false"));
    assertThat(rows("select n, _index from j order by _filename, _index"))
        .containsExactly("[1,1]", "[2,2]", "[null,3]", "[4,4]", "[1,1]");
    folder.with("json/a.json", "[{\"n\": 1}, {\"n\": 2}]");
    SqlJob.run(stage("JSONExtract", keys + "true"));
    assertThat(rows("select n, _index from j order by _filename, _index"))
        .containsExactly("[1,1]", "[2,2]", "[1,1]");
  }

  @Test
  void parquetKnowsThem() throws Exception {
    spark()
        .range(0, 5000, 1, 2)
        .selectExpr("id", "uuid() as text")
        .write()
        .option("parquet.block.size", "20000")
        .parquet(folder.of("p é"));
    spark().conf().set(MAX_BYTES, "30000");
    SqlJob.run(stage("ParquetExtract", "inputURI: \"" + folder.of("p é") + "\", outputView: p"));
    assertThat(rows("select count(*) from p where _index <> id % 2500 + 1")).containsExactly("[0]");
    assertThat(rows("select distinct _filename, input_file_name() from p"))
        .hasSize(2)
        .allSatisfy(row -> assertThat(row).matches("\\[(.*),\\1\\]"));
    assertThat(rows("explain select * from p where id = 2600").get(0))
        .contains("PushedFilters: [IsNotNull(id), EqualTo(id,2600)]");
    assertThat(rows("select _index from p where id = 2600")).containsExactly("[101]");
  }
}
