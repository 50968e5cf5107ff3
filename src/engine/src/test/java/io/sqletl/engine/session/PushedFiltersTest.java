package io.sqletl.engine.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.sqletl.engine.stage.SqlJob;
import io.sqletl.engine.stage.jdbc.Databases;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A filter finds the same rows whether files are asked for them or not. */
class PushedFiltersTest {

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

  @ParameterizedTest
  @EnumSource
  void textsOfADatabaseAreComparedAsSparkDoes(Databases database) throws Exception {
    String type = database == Databases.H2 ? "VARCHAR_IGNORECASE" : "VARCHAR COLLATE \"en-x-icu\"";
    database.execute(
        "CREATE TABLE texts (id INT, t " + type + ")",
        "INSERT INTO texts VALUES (1, 'a'), (2, 'A'), (3, 'b'), (4, 'C'), (5, 'C:\\x_y'), (6, NULL)");
    try {
      Dataset<Row> rows =
          SqlJob.spark()
              .read()
              .format("jdbc")
              .option("url", database.url())
              .option("dbtable", "texts")
              .load()
              .toDF("id", "t");
      Dataset<Row> inMemory = SqlJob.spark().createDataFrame(rows.collectAsList(), rows.schema());
      for (String filter :
          List.of(
              "t = 'a'",
              "t <> 'a'",
              "t >= 'b'",
              "t < 'b'",
              "t in ('a', 'c')",
              "t not in ('a')",
              "t in ('a', 'c', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10')",
              "contains(t, ':\\\\x')",
              "startswith(t, 'C:\\\\')",
              "t like '%x_y'",
              "t is null",
              "t = 'a' or id = 3",
              "id > 2 and t = 'C'")) {
        assertThat(rows.filter(filter).select("id").collectAsList())
            .as(filter)
            .containsExactlyInAnyOrderElementsOf(
                inMemory.filter(filter).select("id").collectAsList());
      }
      assertThat(rows.filter("t = 'a' and id > 0").queryExecution().executedPlan().toString())
          .contains("EqualTo(")
          .contains("GreaterThan(");
    } finally {
      database.execute("DROP TABLE texts");
    }
  }

  @ParameterizedTest
  @EnumSource
  void databasesAreNotAskedForNumbersWithoutALiteral(Databases database) throws Exception {
    database.execute(
        "CREATE TABLE numbers (id INT, f DOUBLE PRECISION, g REAL)",
        "INSERT INTO numbers VALUES (1, 0.5, 0.5), (2, 'NaN', 'NaN'),"
            + " (3, 'Infinity', 'Infinity'), (4, '-Infinity', '-Infinity'), (5, NULL, NULL)");
    try {
      Dataset<Row> rows =
          SqlJob.spark()
              .read()
              .format("jdbc")
              .option("url", database.url())
              .option("dbtable", "numbers")
              .load()
              .toDF("id", "f", "g");
      Dataset<Row> inMemory = SqlJob.spark().createDataFrame(rows.collectAsList(), rows.schema());
      for (String filter :
          List.of(
              "f = double('NaN')",
              "f <=> double('NaN')",
              "f < double('Infinity')",
              "g > float('-Infinity')",
              "f in (double('NaN'), 0.5d)",
              "f in (double('NaN'), 0.5d, 1d, 2d, 3d, 4d, 5d, 6d, 7d, 8d, 9d, 10d)",
              "not (f = double('Infinity')) and id > 1",
              "f > 0.1d or g = float('Infinity')")) {
        assertThat(rows.filter(filter).select("id").collectAsList())
            .as(filter)
            .containsExactlyInAnyOrderElementsOf(
                inMemory.filter(filter).select("id").collectAsList());
      }
      assertThat(rows.filter("f > 0.1d").queryExecution().executedPlan().toString())
          .contains("GreaterThan(");
    } finally {
      database.execute("DROP TABLE numbers");
    }
  }
}
