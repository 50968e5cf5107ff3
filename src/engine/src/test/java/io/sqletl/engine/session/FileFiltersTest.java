package io.sqletl.engine.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.sqletl.engine.stage.SqlJob;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A filter finds the same rows whether files are asked for them or not. */
class FileFiltersTest {

  private static final List<String> CONDITIONS =
      List.of(
          "%s = 0.0",
          "%s >= 0.0",
          "%s <= 0.0",
          "%s <=> 0.0",
          "%s in (0.0, 9.0)",
          "%s > 0.6",
          "%s = double('NaN')",
          "not (%s < 0.6)",
          "%s in (double('NaN'), 9.0)",
          "%s <> 0.5 and i >= 0");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "orc", "delta"})
  void zerosWithASignAreFound(String format) {
    for (String values : new String[] {"-0.0D, -0.0D, 7.0D", "-7.0D, -0.0D, -0.0D", "-0.0D"}) {
      String path = folder.resolve(format).toString();
      SqlJob.spark()
          .sql("select posexplode(array(" + values + ")) as (i, x)")
          .selectExpr("i", "x", "float(x) as f", "named_struct('y', x) as s")
          .coalesce(1)
          .write()
          .format(format)
          .mode("overwrite")
          .save(path);
      requireSame(SqlJob.spark().read().format(format).load(path));
    }
  }

  @Test
  void valuesThatAreNoNumbersAreFoundInFilesOfOthers() {
    requireSame(
        SqlJob.spark()
            .read()
            .parquet(getClass().getResource("/foreign/nan.pyarrow.parquet").toString()));
  }

  private static void requireSame(Dataset<Row> rows) {
    List<Row> all = rows.collectAsList();
    Dataset<Row> inMemory = SqlJob.spark().createDataFrame(all, rows.schema());
    for (String condition : CONDITIONS) {
      for (String column : List.of("x", "f", "s.y")) {
        String filter = String.format(condition, column);
        assertThat(rows.filter(filter).select("i").collectAsList())
            .as(filter)
            .containsExactlyInAnyOrderElementsOf(
                inMemory.filter(filter).select("i").collectAsList());
      }
    }
  }

  @Test
  void othersAreAskedAsEver() {
    String path = folder.resolve("t").toString();
    SqlJob.spark().range(10).selectExpr("id", "double(id) as x").write().parquet(path);
    String plan =
        SqlJob.spark()
            .read()
            .parquet(path)
            .filter("id = 3 and x = 3")
            .queryExecution()
            .executedPlan()
            .toString();
    assertThat(plan).contains("EqualTo(id,3)").contains("IsNotNull(x)").doesNotContain("EqualTo(x");
  }
}
