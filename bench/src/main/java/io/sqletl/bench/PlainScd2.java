package io.sqletl.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** B2: the statements of the SCD2 notebook: {@code NOTEBOOK APP_CODE OUTPUT}. */
public final class PlainScd2 {
  private final SparkSession spark;
  private final Path appCode;

  private PlainScd2(SparkSession spark, Path appCode) {
    this.spark = spark;
    this.appCode = appCode;
  }

  /** Loads, merges, checks and shows. */
  public static void main(String[] args) throws IOException {
    try (SparkSession spark = PlainSession.openWithDelta()) {
      new PlainScd2(spark, Path.of(args[1])).run(NotebookCells.read(args[0]), args[2]);
    }
  }

  private void run(NotebookCells notebook, String table) throws IOException {
    versions("initial_contacts.csv", "2026-01-01")
        .write()
        .format("delta")
        .mode("overwrite")
        .option("overwriteSchema", "true")
        .save(table);
    versions("update_contacts.csv", "2026-02-01").createOrReplaceTempView("contacts_update");
    spark.read().format("delta").load(table).createOrReplaceTempView("contacts");
    spark.sql(notebook.sql("stage changes")).createOrReplaceTempView("staged_contacts");
    spark.sql(notebook.sql("merge changes"));
    spark.read().format("delta").load(table).createOrReplaceTempView("contact_history");
    check(notebook.sql("check versions"));
    spark.sql(notebook.sql("versions of contact 12")).show(false);
  }

  private Dataset<Row> versions(String file, String validFrom) throws IOException {
    spark
        .read()
        .schema("id INT, name STRING, email STRING, state STRING")
        .csv(appCode.resolve("data").resolve(file).toString())
        .selectExpr(
            "id",
            text("name"),
            text("email"),
            text("state"),
            // Spark's reader has no list of errors; an empty one lets it run the same validation
            "CAST(array() AS ARRAY<STRING>) AS _errors")
        .createOrReplaceTempView("typed");
    check(sqlFile("sqlvalidate_errors.sql"));
    return spark.sql(sqlFile("add_calc_field_for_scd2.sql").replace("${valid_from}", validFrom));
  }

  /** What the schema file says of a text: trimmed, and missing if that leaves nothing or "null". */
  private static String text(String column) {
    return "nullif(nullif(trim(%1$s), ''), 'null') AS %1$s".formatted(column);
  }

  private String sqlFile(String name) throws IOException {
    return Files.readString(appCode.resolve("sql").resolve(name)).replace("${input_view}", "typed");
  }

  private void check(String query) {
    Row outcome = spark.sql(query).head();
    if (!outcome.getBoolean(0)) {
      throw new IllegalStateException(outcome.getString(1));
    }
  }
}
