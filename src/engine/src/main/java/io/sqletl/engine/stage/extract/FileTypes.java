package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.StageException;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.mapred.FsInput;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.orc.OrcFile;
import org.apache.orc.TypeDescription;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.avro.SchemaConverters;
import org.apache.spark.sql.execution.datasources.orc.OrcUtils;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/** Files that say themselves what their columns are, put together by what they say. */
final class FileTypes {

  /** Up to so many files are asked where the stage runs, which is sooner done than a Spark job. */
  private static final int MOST_ON_DRIVER = 4;

  private final Map<StructType, List<Path>> groups = new LinkedHashMap<>();
  private final MergedColumns merged = new MergedColumns();
  private final Set<String> notes = new LinkedHashSet<>();

  /** Finds the columns of one file. */
  private interface Reader extends Serializable {
    /**
     * @param looksAtRows whether more is asked than what a file says of itself
     */
    FileType read(Path file, Configuration configuration, boolean looksAtRows) throws IOException;
  }

  /**
   * What one file has.
   *
   * @param type as JSON, since it travels; null for a file that says nothing
   * @param notes what of it is read as something else, each in one phrase
   */
  private record FileType(String file, String type, List<String> notes) implements Serializable {}

  private FileTypes() {}

  /**
   * @throws StageException if a file cannot be read, or has a column that does not go with that of
   *     another file
   */
  static FileTypes ofAvro(SparkSession spark, List<Path> files) {
    return of(spark, files, "AvroExtract", FileTypes::avro);
  }

  /** The same of ORC. */
  static FileTypes ofOrc(SparkSession spark, List<Path> files) {
    return of(spark, files, "ORCExtract", FileTypes::orc);
  }

  private static FileTypes of(SparkSession spark, List<Path> files, String stage, Reader reader) {
    Configuration configuration = spark.sessionState().newHadoopConf();
    List<String> paths = files.stream().map(Path::toString).toList();
    List<FileType> found;
    if (paths.size() <= MOST_ON_DRIVER) {
      found = read(paths, configuration, stage, reader);
    } else {
      Broadcast<SerializableConfiguration> settings =
          SerializableConfiguration.broadcast(spark.sparkContext(), configuration);
      int tasks = Math.min(paths.size(), spark.sparkContext().defaultParallelism());
      found =
          JavaSparkContext.fromSparkContext(spark.sparkContext())
              .parallelize(paths, tasks)
              .mapPartitions(
                  some -> {
                    List<String> list = new ArrayList<>();
                    some.forEachRemaining(list::add);
                    return read(list, settings.value().value(), stage, reader).iterator();
                  })
              .collect();
    }
    FileTypes types = new FileTypes();
    found.stream().filter(file -> file.type() != null).forEach(types::add);
    return types;
  }

  private static List<FileType> read(
      List<String> files, Configuration configuration, String stage, Reader reader) {
    List<FileType> found = new ArrayList<>();
    for (String file : files) {
      try {
        found.add(reader.read(new Path(file), configuration, found.size() < MOST_ON_DRIVER));
      } catch (StageException e) {
        throw e;
      } catch (Exception e) {
        // Spark throws checked exceptions undeclared
        throw UnreadableFile.failure(stage, file, e);
      }
    }
    return found;
  }

  private void add(FileType file) {
    StructType type = (StructType) DataType.fromJson(file.type());
    merged.add(file.file(), type);
    groups.computeIfAbsent(type, key -> new ArrayList<>()).add(new Path(file.file()));
    notes.addAll(file.notes());
  }

  /** The files by their columns, in the order in which each kind was met. */
  Map<StructType, List<Path>> groups() {
    return groups;
  }

  /** The columns of all. */
  StructType columns() {
    return merged.columns();
  }

  /** What was put right, each in one phrase; empty when all files are alike. */
  List<String> notes() {
    List<String> all = new ArrayList<>(merged.notes());
    all.addAll(notes);
    return all;
  }

  private static FileType avro(Path file, Configuration configuration, boolean looksAtRows)
      throws IOException {
    try (DataFileReader<Object> reader =
        new DataFileReader<>(new FsInput(file, configuration), new GenericDatumReader<>())) {
      Schema schema = reader.getSchema();
      if (schema.getType() != Schema.Type.RECORD) {
        throw new StageException(
            "AvroExtract cannot read '"
                + file
                + "': its values are "
                + schema.getType().getName()
                + ", and only records have columns; have it written as records");
      }
      Optional<String> recursion = AvroSchema.recursion(schema);
      if (recursion.isPresent()) {
        throw new StageException(
            "AvroExtract cannot read '"
                + file
                + "': its records have themselves within, by the field '"
                + recursion.get()
                + "', and a table has no columns for that; give \"avroSchemaURI\" a schema without"
                + " that field, and the rest is read");
      }
      DataType type = SchemaConverters.toSqlType(schema).dataType();
      return new FileType(file.toString(), type.asNullable().json(), AvroNumbers.notes(schema));
    }
  }

  private static FileType orc(Path file, Configuration configuration, boolean looksAtRows)
      throws IOException {
    try (org.apache.orc.Reader reader =
        OrcFile.createReader(file, OrcFile.readerOptions(configuration))) {
      TypeDescription type = reader.getSchema();
      if (type.getChildren() == null || type.getChildren().isEmpty()) {
        return new FileType(file.toString(), null, List.of());
      }
      for (int i = 0; i < type.getChildren().size(); i++) {
        String column = type.getFieldNames().get(i);
        requireKnown(file, column, type.getChildren().get(i));
      }
      DataType columns = OrcUtils.toCatalystSchema(type);
      List<String> notes =
          new ArrayList<>(OrcNanoseconds.notes(reader, file.toString(), looksAtRows));
      notes.addAll(OrcCalendar.notes(reader));
      return new FileType(file.toString(), columns.asNullable().json(), notes);
    }
  }

  private static void requireKnown(Path file, String column, TypeDescription type) {
    try {
      OrcUtils.toCatalystSchema(TypeDescription.createStruct().addField("x", type.clone()));
    } catch (Exception e) {
      // Spark throws checked exceptions undeclared
      throw new StageException(
          "ORCExtract cannot read column '"
              + column
              + "' of '"
              + file
              + "': Spark has no type for "
              + type
              + "; have it written as a timestamp without a zone, as text or as a number, or leave"
              + " the file out",
          e);
    }
  }
}
