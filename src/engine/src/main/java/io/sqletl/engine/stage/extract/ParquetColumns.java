package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.FaultText;
import io.sqletl.engine.stage.StageException;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.hadoop.Footer;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;
import org.apache.spark.sql.execution.datasources.parquet.ParquetToSparkSchemaConverter;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimeType;
import org.apache.spark.util.SerializableConfiguration;

/** The columns of Parquet files, out of their footers. */
final class ParquetColumns {

  /** Up to so many footers are read where the stage runs, which is sooner done than a Spark job. */
  private static final int MOST_ON_DRIVER = 4;

  private final MergedColumns merged = new MergedColumns();
  private final Map<StructType, List<Path>> groups = new LinkedHashMap<>();
  private final Map<String, Nanoseconds> nanoseconds = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  /** The first file with nanoseconds in a column, and the first with something else. */
  private final Map<String, String> withNanoseconds = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  private final Map<String, String> withOthers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final Set<String> cut = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
  private final Map<String, String> stored = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final List<String> notSeen = new ArrayList<>();
  private boolean isSplitByBytes;

  /** What the nanoseconds of a column count from. */
  enum Nanoseconds {
    INSTANT,
    LOCAL
  }

  /**
   * The columns of one file; the type as JSON, since it travels.
   *
   * @param stored what is read as it is stored and meant otherwise, by column
   * @param notSeen why its first rows could not be looked at; null when they were
   */
  private record FileColumns(
      String file,
      String type,
      Map<String, Nanoseconds> nanoseconds,
      Set<String> cut,
      Map<String, String> stored,
      String notSeen,
      boolean isSplitByBytes)
      implements Serializable {}

  private ParquetColumns() {}

  /**
   * @throws StageException if a file has a column that cannot be read, or that does not go with
   *     that of another file
   */
  static ParquetColumns of(SparkSession spark, List<Path> files) {
    Configuration configuration = spark.sessionState().newHadoopConf();
    Map.of(
            "spark.sql.parquet.binaryAsString", "false",
            "spark.sql.parquet.int96AsTimestamp", "true",
            "spark.sql.caseSensitive", "false",
            "spark.sql.parquet.inferTimestampNTZ.enabled", "true",
            "spark.sql.parquet.ignoreVariantAnnotation", "false")
        .forEach((name, value) -> configuration.set(name, spark.conf().get(name, value)));
    configuration.set("spark.sql.legacy.parquet.nanosAsLong", "true");
    List<String> paths = files.stream().map(Path::toString).toList();
    List<FileColumns> found;
    if (paths.size() <= MOST_ON_DRIVER) {
      found = read(paths, configuration);
    } else {
      JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
      Broadcast<SerializableConfiguration> settings =
          SerializableConfiguration.broadcast(spark.sparkContext(), configuration);
      int tasks = Math.min(paths.size(), spark.sparkContext().defaultParallelism());
      found =
          context
              .parallelize(paths, tasks)
              .mapPartitions(
                  some -> {
                    List<String> list = new ArrayList<>();
                    some.forEachRemaining(list::add);
                    return read(list, settings.value().value()).iterator();
                  })
              .collect();
    }
    ParquetColumns columns = new ParquetColumns();
    for (FileColumns file : found) {
      columns.add(file);
    }
    return columns;
  }

  private void add(FileColumns file) {
    StructType type = (StructType) DataType.fromJson(file.type);
    for (String name : type.fieldNames()) {
      boolean isNanos = file.nanoseconds.containsKey(name);
      (isNanos ? withNanoseconds : withOthers).putIfAbsent(name, file.file);
      if (withNanoseconds.containsKey(name) && withOthers.containsKey(name)) {
        throw new StageException(
            "ParquetExtract cannot read column '"
                + name
                + "': it has timestamps of nanoseconds in "
                + withNanoseconds.get(name)
                + " and none in "
                + withOthers.get(name)
                + "; read these files by an extract each, and bring them together with UNION ALL in"
                + " a SQLTransform");
      }
    }
    merged.add(file.file, type);
    CaseTwins.refuseWithin(file.file, type);
    isSplitByBytes |= file.isSplitByBytes;
    groups.computeIfAbsent(type.asNullable(), key -> new ArrayList<>()).add(new Path(file.file));
    nanoseconds.putAll(file.nanoseconds);
    cut.addAll(file.cut);
    file.stored.forEach(stored::putIfAbsent);
    if (file.notSeen != null) {
      notSeen.add(file.notSeen);
    }
  }

  /** Nanoseconds as whole numbers, everything else as Spark reads it. */
  StructType columns() {
    return merged.columns();
  }

  /** The files by their columns, where one scan cannot read them all; else empty. */
  Map<StructType, List<Path>> groups() {
    return merged.hasVoids() ? groups : Map.of();
  }

  /** The columns of nanoseconds. */
  Map<String, Nanoseconds> nanoseconds() {
    return nanoseconds;
  }

  /** Whether a file has the encoding BYTE_STREAM_SPLIT, which Spark's reader of batches lacks. */
  boolean isSplitByBytes() {
    return isSplitByBytes;
  }

  /** What was put right, each in one phrase. */
  List<String> notes() {
    List<String> notes = new ArrayList<>(merged.notes());
    cut.forEach(name -> notes.add(OrcNanoseconds.cut(name)));
    notes.addAll(stored.values());
    notes.addAll(notSeen);
    return notes;
  }

  private static List<FileColumns> read(List<String> files, Configuration configuration) {
    ParquetToSparkSchemaConverter converter = new ParquetToSparkSchemaConverter(configuration);
    List<FileColumns> found = new ArrayList<>();
    for (String file : files) {
      Path path = new Path(file);
      ParquetMetadata footer = footer(path, configuration);
      MessageType type = footer.getFileMetaData().getSchema();
      Map<String, Nanoseconds> nanoseconds = nanoseconds(file, type);
      String columns = columns(file, footer, converter).json();
      boolean looksAtRows = found.size() < MOST_ON_DRIVER;
      Set<String> cut = new TreeSet<>();
      for (String column : nanoseconds.keySet()) {
        if (CutNanoseconds.isToldByFooter(footer, column, /* unknown */ !looksAtRows)) {
          cut.add(column);
        }
      }
      String notSeen = null;
      if (looksAtRows) {
        try {
          cut.addAll(CutNanoseconds.columns(path, footer.getFileMetaData(), configuration));
        } catch (IOException | RuntimeException e) {
          // Where the column is read, the extract meets the same fault; else this is all
          notSeen = OrcNanoseconds.notSeen(file, e);
        }
      }
      Map<String, String> stored =
          ArrowTypes.notes(footer.getFileMetaData().getKeyValueMetaData(), type);
      found.add(
          new FileColumns(
              file, columns, nanoseconds, cut, stored, notSeen, isSplitByBytes(footer)));
    }
    return found;
  }

  private static boolean isSplitByBytes(ParquetMetadata footer) {
    return footer.getBlocks().stream()
        .flatMap(block -> block.getColumns().stream())
        .anyMatch(column -> column.getEncodings().contains(Encoding.BYTE_STREAM_SPLIT));
  }

  private static ParquetMetadata footer(Path path, Configuration configuration) {
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(path, configuration))) {
      return reader.getFooter();
    } catch (IOException | RuntimeException e) {
      throw new StageException(
          "ParquetExtract cannot read the file "
              + path
              + ": "
              + FaultText.of(e)
              + "; repair the file or take it out of 'inputURI', and see that the run may read it",
          e);
    }
  }

  private static StructType columns(
      String file, ParquetMetadata footer, ParquetToSparkSchemaConverter converter) {
    try {
      StructType type =
          ParquetFileFormat.readSchemaFromFooter(new Footer(new Path(file), footer), converter);
      for (StructField field : type.fields()) {
        if (field.dataType().existsRecursively(part -> part instanceof TimeType)) {
          throw new StageException(
              "ParquetExtract cannot read column '"
                  + field.name()
                  + "' of '"
                  + file
                  + "': it has times of day, for which Spark has no type; have them written as"
                  + " text or as numbers, or leave the file out");
        }
      }
      return type;
    } catch (StageException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new StageException(
          unreadable(file, footer.getFileMetaData().getSchema(), converter), e);
    } catch (Exception e) {
      // Spark throws checked exceptions undeclared
      throw new StageException(
          unreadable(file, footer.getFileMetaData().getSchema(), converter), e);
    }
  }

  /** Which column it is: the converter names the type only. */
  private static String unreadable(
      String file, MessageType type, ParquetToSparkSchemaConverter converter) {
    for (Type field : type.getFields()) {
      try {
        converter.convert(new MessageType("one", field));
      } catch (Exception e) {
        return "ParquetExtract cannot read column '"
            + field.getName()
            + "' of '"
            + file
            + "': Spark has no type for "
            + field.toString().strip().replaceAll("\\s+", " ")
            + "; have it written as text or as a number, or leave the file out";
      }
    }
    return "ParquetExtract cannot read the columns of '" + file + "'";
  }

  private static Map<String, Nanoseconds> nanoseconds(String file, MessageType type) {
    Map<String, Nanoseconds> found = new LinkedHashMap<>();
    for (Type field : type.getFields()) {
      if (isNanoseconds(field)) {
        boolean isInstant =
            ((TimestampLogicalTypeAnnotation) field.getLogicalTypeAnnotation()).isAdjustedToUTC();
        found.put(field.getName(), isInstant ? Nanoseconds.INSTANT : Nanoseconds.LOCAL);
      } else if (!field.isPrimitive() && hasNanoseconds(field.asGroupType())) {
        throw new StageException(
            "ParquetExtract cannot read column '"
                + field.getName()
                + "' of '"
                + file
                + "': it has timestamps of nanoseconds within; have them written as microseconds");
      }
    }
    return found;
  }

  private static boolean hasNanoseconds(GroupType group) {
    return group.getFields().stream()
        .anyMatch(
            field ->
                field.isPrimitive() ? isNanoseconds(field) : hasNanoseconds(field.asGroupType()));
  }

  /** Whether it is a timestamp of nanoseconds in 64 bits. */
  static boolean isNanoseconds(Type field) {
    LogicalTypeAnnotation annotation = field.getLogicalTypeAnnotation();
    return field.isPrimitive()
        && annotation instanceof TimestampLogicalTypeAnnotation timestamp
        && timestamp.getUnit() == TimeUnit.NANOS;
  }
}
