package io.sqletl.engine.stage.json;

import io.sqletl.engine.stage.InternalColumn;
import io.sqletl.engine.stage.StageException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.Job;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.datasources.OutputWriterFactory;
import org.apache.spark.sql.execution.datasources.PartitionedFile;
import org.apache.spark.sql.execution.datasources.TextBasedFileFormat;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import scala.Function1;
import scala.Option;
import scala.collection.Iterator;
import scala.collection.immutable.Seq;
import scala.runtime.AbstractFunction1;

/**
 * Files of JSON as Spark's scans read files: in blocks, unpacked, with the columns of their
 * folders. Unlike Spark's own format it reads every record of a file, and says of each what is
 * wrong. Public because Spark makes it by its name; {@link JsonFiles} is what stages use.
 */
public final class JsonFileFormat extends TextBasedFileFormat {

  /** The column of what is wrong with a record. */
  static final String PROBLEMS = InternalColumn.PREFIX + "problems";

  /** The column of broken records as they are written. */
  static final String CORRUPT = "_corrupt_record";

  /** The one column of a scan that finds out what the records have in common. */
  static final String SHAPE = InternalColumn.PREFIX + "shape";

  static final StructType SHAPES = new StructType().add(SHAPE, DataTypes.BinaryType);

  @Override
  public Option<StructType> inferSchema(
      SparkSession spark,
      scala.collection.immutable.Map<String, String> options,
      Seq<FileStatus> files) {
    return Option.empty();
  }

  @Override
  public OutputWriterFactory prepareWrite(
      SparkSession spark,
      Job job,
      scala.collection.immutable.Map<String, String> options,
      StructType schema) {
    throw new StageException("This format is for reading");
  }

  @Override
  public boolean isSplitable(
      SparkSession spark, scala.collection.immutable.Map<String, String> options, Path path) {
    return reading(options).splitsFiles() && super.isSplitable(spark, options, path);
  }

  @Override
  public Function1<PartitionedFile, Iterator<InternalRow>> buildReader(
      SparkSession spark,
      StructType dataSchema,
      StructType partitionSchema,
      StructType requiredSchema,
      Seq<Filter> filters,
      scala.collection.immutable.Map<String, String> options,
      Configuration configuration) {
    return new Open(
        reading(options),
        requiredSchema,
        SerializableConfiguration.broadcast(spark.sparkContext(), configuration));
  }

  private static JsonReading reading(scala.collection.immutable.Map<String, String> options) {
    return JsonReading.ofText(options.apply(JsonReading.OPTION));
  }

  /** The options of Spark's reader. */
  static Map<String, String> options(JsonReading reading) {
    Map<String, String> options = new LinkedHashMap<>();
    options.put(JsonReading.OPTION, reading.toText());
    return options;
  }

  @Override
  public String toString() {
    return "JSON";
  }

  /** Opens the blocks of a task. */
  private static final class Open extends AbstractFunction1<PartitionedFile, Iterator<InternalRow>>
      implements java.io.Serializable {

    private static final long serialVersionUID = 1L;

    private final JsonReading reading;
    private final StructType columns;
    private final Broadcast<SerializableConfiguration> configuration;

    private Open(
        JsonReading reading, StructType columns, Broadcast<SerializableConfiguration> conf) {
      this.reading = reading;
      this.columns = columns;
      this.configuration = conf;
    }

    @Override
    public Iterator<InternalRow> apply(PartitionedFile file) {
      RecordSource source = RecordSource.open(reading, file, configuration.value().value());
      return columns.length() == 1 && columns.fieldNames()[0].equals(SHAPE)
          ? JsonRows.shape(source)
          : new JsonRows(source, reading, columns);
    }
  }
}
