package io.sqletl.engine.stage.load;

import com.univocity.parsers.csv.CsvWriterSettings;
import java.util.Map;
import org.apache.hadoop.mapreduce.Job;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.csv.CSVOptions;
import org.apache.spark.sql.execution.datasources.OutputWriter;
import org.apache.spark.sql.execution.datasources.OutputWriterFactory;
import org.apache.spark.sql.execution.datasources.csv.CSVFileFormat;
import org.apache.spark.sql.execution.datasources.csv.CsvOutputWriter;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.StructType;

/**
 * Delimited text with an escape of its own. Spark's format doubles the escape in values that it
 * quotes for another reason, and leaves it alone in others. Readers differ in whether it counts
 * outside of quotes; within them all agree, so here a value that holds it is quoted. Public because
 * Spark makes it by its name.
 */
public final class EscapedDelimitedText extends CSVFileFormat {

  private static final long serialVersionUID = 1L;

  private static final String CSV = "csv";

  /** What Spark calls the format that writes with these options. */
  static String writer(String format, Map<String, String> options) {
    boolean isEscaped =
        format.equals(CSV)
            && !options.get("quote").equals("\u0000")
            && !options.get("quote").equals(options.get("escape"));
    return isEscaped ? EscapedDelimitedText.class.getName() : format;
  }

  @Override
  public OutputWriterFactory prepareWrite(
      SparkSession spark,
      Job job,
      scala.collection.immutable.Map<String, String> options,
      StructType schema) {
    SQLConf settings = spark.sessionState().conf();
    return new Writers(
        super.prepareWrite(spark, job, options, schema),
        new Quoting(options, settings.csvColumnPruning(), settings.sessionLocalTimeZone()));
  }

  /** Opens the files of a task. */
  private static final class Writers extends OutputWriterFactory {

    private static final long serialVersionUID = 1L;

    private final OutputWriterFactory spark;
    private final Quoting options;

    private Writers(OutputWriterFactory spark, Quoting options) {
      this.spark = spark;
      this.options = options;
    }

    @Override
    public String getFileExtension(TaskAttemptContext context) {
      return spark.getFileExtension(context);
    }

    @Override
    public OutputWriter newInstance(String path, StructType schema, TaskAttemptContext context) {
      return new CsvOutputWriter(path, schema, context, options);
    }
  }

  /** Spark's options, by which the escape needs quotes. */
  private static final class Quoting extends CSVOptions {

    private static final long serialVersionUID = 1L;

    private Quoting(
        scala.collection.immutable.Map<String, String> options, boolean pruning, String zone) {
      super(options, pruning, zone);
    }

    @Override
    public CsvWriterSettings asWriterSettings() {
      CsvWriterSettings settings = super.asWriterSettings();
      settings.setQuotationTriggers(escape());
      return settings;
    }
  }
}
