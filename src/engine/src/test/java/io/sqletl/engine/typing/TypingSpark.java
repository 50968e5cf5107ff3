package io.sqletl.engine.typing;

import com.typesafe.config.ConfigFactory;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.job.SourceText;
import io.sqletl.engine.session.SparkSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The Spark session that the tests of this package share, and the frames they type. */
final class TypingSpark {

  private static SparkSession session;

  private TypingSpark() {}

  /** The ways in which Spark evaluates an expression. */
  enum Mode {
    /** One generated loop for a stage; what does not compile fails. */
    WHOLE_STAGE(Map.of("wholeStage", "true", "factoryMode", "CODEGEN_ONLY")),
    /** A generated projection for each step. */
    PROJECTIONS(Map.of("wholeStage", "false", "factoryMode", "CODEGEN_ONLY")),
    /** No generated code. */
    INTERPRETED(Map.of("wholeStage", "false", "factoryMode", "NO_CODEGEN"));

    private final Map<String, String> settings;

    Mode(Map<String, String> settings) {
      this.settings = settings;
    }

    <T> T run(Supplier<T> body) {
      settings.forEach((key, value) -> session().conf().set("spark.sql.codegen." + key, value));
      try {
        return body.get();
      } finally {
        settings.keySet().forEach(key -> session().conf().unset("spark.sql.codegen." + key));
      }
    }
  }

  static synchronized SparkSession session() {
    // A test of the command or of the kernel may have stopped the one session of this process
    if (session == null || session.sparkContext().isStopped()) {
      SparkSession.Builder builder = SparkSession.builder();
      // Tests of stages may go on with this session
      SparkSettings.fileFormats().forEach(builder::config);
      session =
          builder
              .master("local[2]")
              .appName("typing")
              .config("spark.ui.enabled", "false")
              .config("spark.sql.shuffle.partitions", "2")
              .config("spark.sql.codegen.fallback", "false")
              .config("spark.driver.host", "localhost")
              .config(
                  "spark.sql.catalog.spark_catalog",
                  "org.apache.spark.sql.delta.catalog.DeltaCatalog")
              // Spark would otherwise evaluate test data while it plans, without generated code
              .config(
                  "spark.sql.optimizer.excludedRules",
                  "org.apache.spark.sql.catalyst.optimizer.ConvertToLocalRelation")
              .getOrCreate();
      session.sparkContext().setLogLevel("OFF");
    }
    return session;
  }

  /** Reads a schema that must be right. */
  static Schema schema(String hocon) {
    List<Problem> problems = new ArrayList<>();
    return Schema.parse(
            SourceText.ofFile("test.conf", hocon),
            ConfigFactory.empty(),
            problems::add,
            warning -> {})
        .orElseThrow(() -> new AssertionError(problems.toString()));
  }

  /** A frame of columns {@code _c0}, {@code _c1}, … that hold text. */
  static Dataset<Row> texts(int columns, List<String[]> rows) {
    StructField[] fields = new StructField[columns];
    Arrays.setAll(fields, i -> DataTypes.createStructField("_c" + i, DataTypes.StringType, true));
    return session()
        .createDataFrame(
            rows.stream().map(row -> RowFactory.create((Object[]) row)).toList(),
            new StructType(fields));
  }

  static Dataset<Row> texts(String... row) {
    return texts(row.length, List.<String[]>of(row));
  }
}
