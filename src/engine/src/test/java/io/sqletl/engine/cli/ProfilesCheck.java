package io.sqletl.engine.cli;

import static io.sqletl.engine.cli.CommandLineFixture.etl;
import static org.assertj.core.api.Assertions.assertThat;

import io.sqletl.engine.session.SparkSettings;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The settings for small data change how long a job takes and nothing else. */
class ProfilesCheck {

  private static final Path REPOSITORY = Path.of("../..").toAbsolutePath().normalize();
  private static final String HOME = "sqletl.home";

  @TempDir private Path folder;

  @BeforeEach
  void setHome() {
    System.setProperty(HOME, REPOSITORY.toString());
  }

  @AfterEach
  void clearHome() {
    System.clearProperty(HOME);
  }

  @Test
  void theContactsAreTheSame() {
    run("scd2-job.ipynb", "small");
    run("scd2-job.ipynb", "large");

    List<String> small = rows("small", "contact_snapshot", "delta");

    assertThat(small).hasSize(1192).isEqualTo(rows("large", "contact_snapshot", "delta"));
    assertThat(small).filteredOn(row -> row.contains("\"iscurrent\":0")).hasSize(92);
  }

  @Test
  void theTripsAreTheSame() {
    run("nyctaxi-job.ipynb", "small");
    run("nyctaxi-job.ipynb", "large");

    assertThat(rows("small", "nyctaxi/trips", "parquet"))
        .hasSize(5988)
        .isEqualTo(rows("large", "nyctaxi/trips", "parquet"));
    assertThat(rows("small", "nyctaxi/quarantine", "delta"))
        .hasSize(14)
        .isEqualTo(rows("large", "nyctaxi/quarantine", "delta"));
  }

  private void run(String notebook, String profile) {
    CommandLineFixture etl =
        etl(
            "run",
            "--log",
            "text",
            "--profile",
            profile,
            "--lake",
            folder.resolve(profile).toString(),
            REPOSITORY.resolve("example/notebook").resolve(notebook).toString());
    assertThat(etl.status()).as(etl.err()).isZero();
    assertThat(etl.out()).contains(" profile=" + profile + " (as asked)");
  }

  private List<String> rows(String profile, String table, String format) {
    SparkSession spark = SparkSettings.of("compare", "local[2]").start();
    try {
      String path = folder.resolve(profile + "/datalake/app_code/output/" + table).toString();
      Dataset<Row> rows = spark.read().format(format).load(path);
      Column[] columns = Arrays.stream(rows.columns()).map(functions::col).toArray(Column[]::new);
      return rows.select(functions.to_json(functions.struct(columns))).collectAsList().stream()
          .map(row -> row.getString(0))
          .sorted()
          .toList();
    } finally {
      SparkSettings.stop(spark);
    }
  }
}
