package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Columns whose values are names of directories, {@code key=value}. A schema says their types;
 * without one they are whole numbers or dates where the number or date gives back each name, and
 * text otherwise: {@code zip=0123} and {@code code=1e3} are texts.
 */
final class PartitionColumns {

  /** The name of the directory of null. */
  private static final String NULL = "__HIVE_DEFAULT_PARTITION__";

  private PartitionColumns() {}

  /**
   * Plans a scan of files.
   *
   * @param columns what stands in the files
   * @param given the schema of the stage
   */
  static Dataset<Row> load(
      DataFrameReader reader, StructType columns, InputFiles files, Optional<StructType> given) {
    return load(reader, columns, files.globs(), files, given);
  }

  /**
   * The same of some of the files; their folders have the types that those of all have.
   *
   * @param paths of the files that are read
   */
  static Dataset<Row> load(
      DataFrameReader reader,
      StructType columns,
      String[] paths,
      InputFiles files,
      Optional<StructType> given) {
    return exact(reader.schema(columns).load(paths), reader, paths, files, given);
  }

  /**
   * The same for a scan that is planned.
   *
   * @param rows with the types that Spark takes the columns for
   * @param reader of the same files
   */
  static Dataset<Row> exact(
      Dataset<Row> rows, DataFrameReader reader, InputFiles files, Optional<StructType> given) {
    return exact(rows, reader, files.globs(), files, given);
  }

  private static Dataset<Row> exact(
      Dataset<Row> rows,
      DataFrameReader reader,
      String[] paths,
      InputFiles files,
      Optional<StructType> given) {
    StructType partitions = hasKeys(files) ? partitions(rows) : new StructType();
    if (partitions.isEmpty()) {
      return rows;
    }
    refuseLoose(files, partitions.fieldNames()[0]);
    Map<String, Set<String>> values = values(files);
    StructType columns = rows.schema();
    for (StructField field : partitions.fields()) {
      DataType type =
          declared(field.name(), given).orElse(type(values.getOrDefault(field.name(), Set.of())));
      columns = retyped(columns, field.name(), type);
    }
    return columns.equals(rows.schema()) ? rows : reader.schema(columns).load(paths);
  }

  /**
   * Tells of columns of files that are not read, since the names of their folders say their values.
   *
   * @param rows a scan as it was planned
   * @param columns what stands in the files
   */
  static void tellHidden(Dataset<Row> rows, List<String> columns, StageContext context) {
    tellHidden(names(rows), columns, context);
  }

  /** The columns of a planned scan that are names of folders. */
  static List<String> names(Dataset<Row> rows) {
    return List.of(partitions(rows).fieldNames());
  }

  /**
   * The same before the files are read as they have to be; where no folder is named as a column, it
   * costs nothing.
   *
   * @param reader of the same files
   */
  static void tellHidden(
      DataFrameReader reader, StructType columns, InputFiles files, StageContext context) {
    if (hasKeys(files)) {
      tellHidden(
          reader.schema(columns).load(files.globs()), List.of(columns.fieldNames()), context);
    }
  }

  /**
   * The same.
   *
   * @param folders the columns that are names of folders
   */
  static void tellHidden(List<String> folders, List<String> columns, StageContext context) {
    for (String folder : folders) {
      if (columns.stream().anyMatch(folder::equalsIgnoreCase)) {
        context.warnOfColumns(
            "'"
                + folder
                + "' is a column of the files and a name of their folders; the values of the folders"
                + " are read, and not those of the files",
            "see that they are the same, or read the files by a pattern such as FOLDER/*/*");
      }
    }
  }

  /** Spark reads no file that lies outside the folders whose names are columns. */
  private static void refuseLoose(InputFiles files, String column) {
    List<Path> loose = files.all().stream().filter(file -> !isBelow(file, column)).toList();
    if (!loose.isEmpty()) {
      throw new StageException(
          "'"
              + loose.get(0)
              + "'"
              + (loose.size() == 1 ? " lies" : " and " + (loose.size() - 1) + " more lie")
              + " beside the folders "
              + column
              + "=…, whose names are a column, and would not be read. Move what is loose into such"
              + " a folder ("
              + column
              + "="
              + NULL
              + " for NULL) or elsewhere, or read it by an extract of its own.");
    }
  }

  private static boolean isBelow(Path file, String column) {
    return FolderNames.above(file).stream()
        .anyMatch(folder -> FolderNames.bySpark(folder.key()).equalsIgnoreCase(column));
  }

  private static StructType retyped(StructType columns, String name, DataType type) {
    return new StructType(
        Arrays.stream(columns.fields())
            .map(
                field ->
                    field.name().equals(name)
                        ? new StructField(name, type, true, field.metadata())
                        : field)
            .toArray(StructField[]::new));
  }

  /** The columns that are names of directories; which these are is for Spark to say. */
  private static StructType partitions(Dataset<Row> rows) {
    LogicalPlan plan =
        ((org.apache.spark.sql.classic.Dataset<Row>) rows).queryExecution().analyzed();
    return plan instanceof LogicalRelation scan && scan.relation() instanceof HadoopFsRelation files
        ? files.partitionSchema()
        : new StructType();
  }

  private static boolean hasKeys(InputFiles files) {
    return files.all().stream().anyMatch(file -> file.getParent().toString().contains("="));
  }

  private static Map<String, Set<String>> values(InputFiles files) {
    Map<String, Set<String>> values = new HashMap<>();
    for (Path file : files.all()) {
      for (FolderNames.Named folder : FolderNames.above(file)) {
        values
            .computeIfAbsent(FolderNames.unescaped(folder.key()), key -> new LinkedHashSet<>())
            .add(FolderNames.unescaped(folder.value()));
      }
    }
    return values;
  }

  private static Optional<DataType> declared(String name, Optional<StructType> given) {
    return given.flatMap(
        schema ->
            Arrays.stream(schema.fields())
                .filter(field -> field.name().equalsIgnoreCase(name))
                .map(StructField::dataType)
                .filter(
                    type ->
                        !(type instanceof StructType
                            || type instanceof ArrayType
                            || type instanceof MapType))
                .findFirst());
  }

  /** The type that gives back each text. */
  static DataType type(Set<String> texts) {
    List<String> some = texts.stream().filter(text -> !text.equals(NULL)).toList();
    if (some.isEmpty()) {
      return DataTypes.StringType;
    }
    if (all(some, text -> text.equals(whole(text))) && all(some, PartitionColumns::isInt)) {
      return DataTypes.IntegerType;
    }
    if (all(some, text -> text.equals(whole(text)))) {
      return DataTypes.LongType;
    }
    return all(some, PartitionColumns::isDate) ? DataTypes.DateType : DataTypes.StringType;
  }

  private static boolean all(List<String> texts, Predicate<String> is) {
    return texts.stream().allMatch(is);
  }

  private static String whole(String text) {
    try {
      return Long.toString(Long.parseLong(text));
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static boolean isInt(String text) {
    long value = Long.parseLong(text);
    return value == (int) value;
  }

  private static boolean isDate(String text) {
    try {
      return LocalDate.parse(text).toString().equals(text);
    } catch (DateTimeParseException e) {
      return false;
    }
  }
}
