package io.sqletl.engine.stage.json;

import io.sqletl.engine.stage.InternalColumn;
import io.sqletl.engine.stage.RecordErrors;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.typing.Schema;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructType;

/** Files and texts of JSON as frames, a row for each record, with what is wrong with it. */
public final class JsonFiles {

  /** The column of what is wrong with a record: an array, as RecordErrors takes it. */
  public static final String PROBLEMS = JsonFileFormat.PROBLEMS;

  private static final String RECORDS = InternalColumn.PREFIX + "records";

  private JsonFiles() {}

  /**
   * What the records of files have in common; without columns when there are none. Runs a Spark
   * job.
   *
   * @param reading without a root
   * @param files what the paths stand for
   * @throws StageException if keys differ in case only
   */
  public static Columns columns(
      SparkSession spark, JsonReading reading, String[] paths, List<FileStatus> files) {
    Columns columns =
        merged(
            spark
                .read()
                .format(JsonFileFormat.class.getName())
                .options(JsonFileFormat.options(reading))
                .schema(JsonFileFormat.SHAPES)
                .load(paths)
                .select(JsonFileFormat.SHAPE)
                .as(Encoders.BINARY()));
    CaseConflict.in(columns.all())
        .ifPresent(
            conflict -> {
              throw conflict.failure(reading, files, spark.sessionState().newHadoopConf());
            });
    return columns;
  }

  /** The same of texts. */
  public static Columns columns(Dataset<String> texts) {
    Columns columns = merged(texts.mapPartitions(new Shapes(), Encoders.BINARY()));
    CaseConflict.in(columns.all())
        .ifPresent(
            conflict -> {
              throw conflict.failure();
            });
    return columns;
  }

  private static Columns merged(Dataset<byte[]> shapes) {
    JsonShape all = new JsonShape();
    for (byte[] shape : shapes.collectAsList()) {
      all.merge(shape(shape));
    }
    StructType columns = all.columns();
    return all.hasBroken() && !List.of(columns.fieldNames()).contains(JsonFileFormat.CORRUPT)
        ? new Columns(
            columns.add(JsonFileFormat.CORRUPT, DataTypes.StringType),
            columns,
            all.withoutColumns(),
            all.ofSeveralKinds())
        : new Columns(columns, columns, all.withoutColumns(), all.ofSeveralKinds());
  }

  private static JsonShape shape(byte[] bytes) {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      return (JsonShape) in.readObject();
    } catch (IOException | ClassNotFoundException e) {
      throw new IllegalStateException("A shape that cannot be read", e);
    }
  }

  /**
   * The fields that the first records have.
   *
   * @param most how many records are looked at
   * @return nothing when there are no records
   */
  public static Optional<SeenFields> seen(
      SparkSession spark, JsonReading reading, List<FileStatus> files, int most) {
    JsonShape shape = new JsonShape();
    int left = most;
    for (FileStatus file : files) {
      if (left > 0) {
        try (RecordSource source =
            RecordSource.open(reading, file, spark.sessionState().newHadoopConf())) {
          left = JsonRows.add(source, shape, left);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    return left < most ? Optional.of(new SeenFields(shape, shape.objects())) : Optional.empty();
  }

  /**
   * Columns of records.
   *
   * @param all what a view has, with broken records as they are written if there are some
   * @param ofRecords what stands in the records
   * @param missing the paths of fields that have none, as nothing stands in any of their objects
   * @param mixed the fields that are text since they have values of several kinds, each in a phrase
   */
  public record Columns(
      StructType all, StructType ofRecords, List<String> missing, List<String> mixed) {

    /** Those of a schema. */
    public static Columns declared(StructType columns) {
      return new Columns(columns, columns, List.of(), List.of());
    }
  }

  /** How records are read by a schema, or by the columns that were found. */
  public static JsonObjectValue root(Optional<Schema> schema, Columns found) {
    return schema.isPresent()
        ? JsonObjectValue.declared(schema.get())
        : JsonObjectValue.found(found.ofRecords());
  }

  /** The records of texts, with the columns that {@link #reader} adds. */
  public static Dataset<Row> rows(Dataset<String> texts, JsonReading reading, StructType columns) {
    StructType complete = complete(columns);
    Dataset<Row> records =
        texts.select(
            new JsonTexts(reading, complete)
                .of(org.apache.spark.sql.functions.col(texts.columns()[0]))
                .as(RECORDS));
    return records
        .select(
            org.apache
                .spark
                .sql
                .functions
                .explode(org.apache.spark.sql.functions.col(RECORDS))
                .as(RECORDS))
        .select(RECORDS + ".*");
  }

  /** The columns with {@link #PROBLEMS}. */
  public static StructType complete(StructType columns) {
    return columns.add(PROBLEMS, RecordErrors.PROBLEMS, false, Metadata.empty());
  }

  /** A reader of files; it wants to be told the {@link #complete} columns. */
  public static DataFrameReader reader(
      SparkSession spark, JsonReading reading, Map<String, String> options) {
    return spark
        .read()
        .format(JsonFileFormat.class.getName())
        .options(options)
        .options(JsonFileFormat.options(reading));
  }

  private static final class Shapes implements MapPartitionsFunction<String, byte[]> {

    private static final long serialVersionUID = 1L;

    @Override
    public Iterator<byte[]> call(Iterator<String> texts) {
      JsonShape shape = new JsonShape();
      while (texts.hasNext()) {
        String text = texts.next();
        if (text != null) {
          JsonRows.add(
              RecordSource.of(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)), shape);
        }
      }
      return List.of(JsonRows.bytes(shape)).iterator();
    }
  }
}
