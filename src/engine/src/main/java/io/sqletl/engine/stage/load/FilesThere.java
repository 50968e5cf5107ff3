package io.sqletl.engine.stage.load;

import static org.apache.spark.sql.functions.col;

import io.sqletl.engine.stage.ColumnName;
import io.sqletl.engine.stage.InternalColumn;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.files.PathPattern;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Compares what is appended to a folder with a file that is there, before a row is written. Files
 * of other columns, types or ways of writing in one folder are read by the first of them, or not at
 * all; readers differ in which, and few of them say so.
 *
 * @param format Spark's name of the format
 * @param options of Spark's writer
 * @param target what is written, and where
 * @param context of the load
 */
record FilesThere(
    String format, Map<String, String> options, FileTarget target, StageContext context) {

  /** Formats whose files say their columns and types. */
  private static final Set<String> SELF_DESCRIBING = Set.of("parquet", "orc", "avro");

  /** So many lines say what the columns of JSON hold. */
  private static final int SAMPLED_LINES = 200;

  private static final Set<String> NUMBERS_IN_QUOTES = Set.of("NaN", "Infinity", "-Infinity");

  /**
   * The rows as they go with the file.
   *
   * @param given what is written, with the columns of partitions
   * @throws StageException if they do not
   */
  FormatRules.Prepared joinedBy(FormatRules.Prepared given, Path file) {
    FormatRules.Prepared joined = given.with(joinedBy(given.rows(), file));
    if (!format.equals("csv")) {
      return joined;
    }
    List<StructField> columns = inFiles(joined.rows());
    DelimitedForms forms = DelimitedForms.of(file, columns.size(), options, context.spark());
    forms
        .otherQuotes()
        .ifPresent(
            quotes -> {
              throw refusal(
                  file,
                  "has values in " + quotes + ", which these keys do not write",
                  "use the \"quote\" of the files that are there");
            });
    FormatRules.Prepared counting = joined.counting(forms.nulls(columns));
    return hasHeader()
        ? counting
        : counting.counting(
            DelimitedKinds.unlike(inFiles(given.rows()), file, options, context.spark()));
  }

  private boolean hasHeader() {
    return Boolean.parseBoolean(options.get("header"));
  }

  private Dataset<Row> joinedBy(Dataset<Row> rows, Path file) {
    if (SELF_DESCRIBING.contains(format)) {
      return bySchema(rows, file);
    }
    if (format.equals("csv")) {
      return hasHeader() ? byHeader(rows, file) : byCount(rows, file);
    }
    return format.equals("json") ? byKinds(rows, file) : rows;
  }

  private void requireOnce(List<String> header, Path file) {
    Set<String> seen = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    for (String name : header) {
      if (!seen.add(name)) {
        throw refusal(
            file,
            "has the name '" + name + "' twice in its header, " + record(header),
            "write into another folder, as nothing says which of them a column is");
      }
    }
  }

  private Dataset<Row> bySchema(Dataset<Row> rows, Path file) {
    StructType there = columns(file);
    Dataset<Row> joined = withoutNewErrors(rows, Arrays.asList(there.fieldNames()));
    List<StructField> columns = inFiles(joined);
    for (StructField column : columns) {
      ColumnName.find(there, column.name())
          .filter(other -> !same(column.dataType(), other.dataType()))
          .ifPresent(
              other -> {
                throw refusal(
                    file,
                    "has the column '"
                        + other.name()
                        + "' as "
                        + other.dataType().sql()
                        + ", and inputView '"
                        + target.inputView()
                        + "' as "
                        + column.dataType().sql(),
                    conversion(column.name(), other.dataType()));
              });
    }
    requireNames(List.of(there.fieldNames()), columns, file);
    return spelled(joined, there);
  }

  private StructType columns(Path file) {
    try {
      return context.spark().read().format(format).load(PathPattern.literal(file)).schema();
    } catch (Exception e) {
      // Spark throws checked exceptions undeclared
      String illegal =
          e instanceof SparkThrowable told
              ? told.getMessageParameters().getOrDefault("parquetType", "")
              : "";
      if (illegal.isEmpty()) {
        throw Guard.unchecked(e);
      }
      throw new StageException(
          context.type()
              + " cannot add to '"
              + target.outputURI()
              + "': the file '"
              + file.getName()
              + "' there has "
              + ofType(illegal, file)
              + ", which Spark neither reads nor writes. Read the files by a ParquetExtract, which"
              + " says what it can make of them, and write all rows to another folder.",
          e);
    }
  }

  /** The columns of a type of Parquet that Spark does not have. */
  private String ofType(String type, Path file) {
    try (ParquetFileReader reader =
        ParquetFileReader.open(
            HadoopInputFile.fromPath(file, context.spark().sessionState().newHadoopConf()))) {
      List<String> names =
          reader.getFileMetaData().getSchema().getColumns().stream()
              .filter(column -> type.equals(type(column.getPrimitiveType())))
              .map(column -> String.join(".", column.getPath()))
              .toList();
      return names.isEmpty() ? "a column of type " + type : quoted(names) + " of type " + type;
    } catch (IOException e) {
      throw new StageException("Cannot read '" + file + "'", e);
    }
  }

  /** As Spark's message has it. */
  private static String type(PrimitiveType type) {
    return type.getLogicalTypeAnnotation() == null
        ? type.getPrimitiveTypeName().toString()
        : type.getPrimitiveTypeName() + " (" + type.getLogicalTypeAnnotation() + ")";
  }

  /** What a user may write; cast goes by the places of fields, and would mix them up. */
  private static String conversion(String name, DataType type) {
    if (type instanceof StructType fields) {
      return Arrays.stream(fields.fieldNames())
          .map(field -> "'" + field + "', " + name + "." + field)
          .collect(
              Collectors.joining(
                  ", ",
                  "make it by the names of its fields, named_struct(",
                  "), in a SQLTransform"));
    }
    return type.existsRecursively(StructType.class::isInstance)
        ? "make its structs by the names of their fields, with transform(…, x ->"
            + " named_struct('field', x.field, …)), in a SQLTransform"
        : "cast(" + name + " AS " + type.sql() + ") in a SQLTransform";
  }

  /** The header may have another order, which is then that of the new files too. */
  private Dataset<Row> byHeader(Dataset<Row> rows, Path file) {
    List<String> header = firstRecord(file);
    Dataset<Row> joined = withoutNewErrors(rows, header);
    List<StructField> columns = inFiles(joined);
    if (columns.stream().noneMatch(column -> contains(header, column.name()))) {
      throw refusal(
          file,
          "begins with "
              + record(header)
              + ", which is no header with the columns of inputView '"
              + target.inputView()
              + "' by these keys",
          "use the \"delimiter\", \"quote\", \"header\" and \"encoding\" of the files that are"
              + " there");
    }
    requireOnce(header, file);
    requireNames(header, columns, file);
    List<Column> ordered =
        header.stream()
            .map(name -> spelled(name, columns))
            .collect(Collectors.toCollection(ArrayList::new));
    for (String partition : target.partitionBy()) {
      ordered.add(ColumnName.column(partition));
    }
    return joined.select(ordered.toArray(Column[]::new));
  }

  /** With the name of the header, as readers tell capitals from small letters. */
  private static Column spelled(String name, List<StructField> columns) {
    StructField column =
        columns.stream()
            .filter(field -> field.name().equalsIgnoreCase(name))
            .findFirst()
            .orElseThrow();
    return ColumnName.column(column.name()).as(name, column.metadata());
  }

  private Dataset<Row> byCount(Dataset<Row> rows, Path file) {
    List<String> first = firstRecord(file);
    List<StructField> columns = inFiles(rows);
    if (first.size() != columns.size()) {
      throw refusal(
          file,
          "begins with "
              + record(first)
              + ", "
              + count(first.size(), "value")
              + " by these keys, and inputView '"
              + target.inputView()
              + "' has "
              + count(columns.size(), "column"),
          "use the \"delimiter\" and \"quote\" of the files that are there, and their columns");
    }
    boolean isHeader = columns.stream().allMatch(column -> contains(first, column.name()));
    if (isHeader) {
      throw refusal(
          file,
          "begins with a header, " + record(first) + ", and \"header\" is false",
          "set \"header\" to true");
    }
    return rows;
  }

  /** Fields may be left out, so that a sample says what they hold and not which there are. */
  private Dataset<Row> byKinds(Dataset<Row> rows, Path file) {
    Dataset<String> lines =
        context
            .spark()
            .read()
            .textFile(PathPattern.literal(file))
            .limit(SAMPLED_LINES)
            .as(Encoders.STRING());
    Dataset<Row> sample = context.spark().read().json(lines);
    for (StructField column : inFiles(rows)) {
      Optional<StructField> there = ColumnName.find(sample.schema(), column.name());
      if (there.isEmpty() || isQuotedNumbers(sample, there.get(), column.dataType())) {
        continue;
      }
      String is = kind(there.get().dataType());
      String becomes = kind(column.dataType());
      if (!is.isEmpty() && !becomes.isEmpty() && !is.equals(becomes)) {
        throw refusal(
            file,
            "has "
                + is
                + " in the field '"
                + there.get().name()
                + "', and inputView '"
                + target.inputView()
                + "' would write "
                + becomes
                + " ("
                + column.dataType().sql()
                + ")",
            "cast the column in a SQLTransform");
      }
    }
    return spelled(rows, sample.schema());
  }

  /** With the names of the files that are there, as readers tell capitals from small letters. */
  private Dataset<Row> spelled(Dataset<Row> rows, StructType there) {
    Dataset<Row> spelled = rows;
    for (StructField column : inFiles(rows)) {
      Optional<StructField> other = ColumnName.find(there, column.name());
      if (other.isPresent() && !other.get().name().equals(column.name())) {
        spelled = spelled.withColumnRenamed(column.name(), other.get().name());
      }
    }
    return spelled;
  }

  /** Numbers that JSON has no way to write but as texts. */
  private static boolean isQuotedNumbers(Dataset<Row> sample, StructField there, DataType type) {
    return (type instanceof DoubleType || type instanceof FloatType)
        && there.dataType() instanceof StringType
        && sample
                .select(ColumnName.column(there.name()).as("v"))
                .where(col("v").isin(NUMBERS_IN_QUOTES.toArray()))
                .count()
            > 0;
  }

  private static String kind(DataType type) {
    if (type instanceof NullType) {
      return "";
    }
    if (type instanceof NumericType) {
      return "numbers";
    }
    if (type instanceof BooleanType) {
      return "booleans";
    }
    if (type instanceof ArrayType) {
      return "lists";
    }
    return type instanceof StructType || type instanceof MapType ? "objects" : "texts";
  }

  private List<String> firstRecord(Path file) {
    Map<String, String> reading = new TreeMap<>(options);
    reading.put("header", "false");
    reading.put("multiLine", "true");
    reading.put("inferSchema", "false");
    List<Row> first =
        context
            .spark()
            .read()
            .format("csv")
            .options(reading)
            .load(PathPattern.literal(file))
            .takeAsList(1);
    if (first.isEmpty()) {
      return List.of();
    }
    Row row = first.get(0);
    String[] values = new String[row.length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = row.isNullAt(i) ? "" : row.getString(i);
    }
    return List.of(values);
  }

  private void requireNames(List<String> there, List<StructField> columns, Path file) {
    List<String> names = columns.stream().map(StructField::name).toList();
    List<String> missing =
        there.stream()
            .filter(name -> !contains(names, name) && !name.equals(InternalColumn.ERRORS))
            .toList();
    List<String> more = names.stream().filter(name -> !contains(there, name)).toList();
    if (!missing.isEmpty() || !more.isEmpty()) {
      String view = "inputView '" + target.inputView() + "'";
      throw refusal(
          file,
          (missing.isEmpty() ? "" : "has " + quoted(missing) + ", which " + view + " lacks")
              + (missing.isEmpty() || more.isEmpty() ? "" : "; it ")
              + (more.isEmpty() ? "" : "lacks " + quoted(more) + " of " + view),
          "give the view the columns that are there, with cast(NULL AS …) for what it lacks");
    }
  }

  private StageException refusal(Path file, String difference, String remedy) {
    return new StageException(
        context.type()
            + " cannot add to '"
            + target.outputURI()
            + "': the file '"
            + file.getName()
            + "' there "
            + difference
            + ". Files that differ are read by one of them, and rows or values are lost: "
            + remedy
            + ", or write to another folder.");
  }

  /** What an extract says of its records goes into no folder that has no place for it. */
  private static Dataset<Row> withoutNewErrors(Dataset<Row> rows, List<String> there) {
    boolean isNew =
        !contains(there, InternalColumn.ERRORS)
            && Arrays.stream(rows.schema().fields()).anyMatch(InternalColumn::isRecordErrors);
    return isNew ? rows.drop(InternalColumn.ERRORS) : rows;
  }

  private List<StructField> inFiles(Dataset<Row> rows) {
    return Arrays.stream(rows.schema().fields())
        .filter(field -> !contains(target.partitionBy(), field.name()))
        .toList();
  }

  private boolean same(DataType written, DataType there) {
    return DataType.equalsIgnoreCaseAndNullability(asRead(written), there);
  }

  /** The type that a column of this type is read as. */
  private DataType asRead(DataType type) {
    if (type instanceof StringType) {
      return DataTypes.StringType;
    }
    if (type instanceof ArrayType list) {
      return DataTypes.createArrayType(asRead(list.elementType()), true);
    }
    if (type instanceof MapType map) {
      return DataTypes.createMapType(asRead(map.keyType()), asRead(map.valueType()), true);
    }
    if (type instanceof StructType fields) {
      StructType read = new StructType();
      for (StructField field : fields.fields()) {
        read = read.add(field.name(), asRead(field.dataType()), true);
      }
      return read;
    }
    boolean small = type instanceof ByteType || type instanceof ShortType;
    return small && format.equals("avro") ? DataTypes.IntegerType : type;
  }

  private static boolean contains(List<String> names, String name) {
    return names.stream().anyMatch(name::equalsIgnoreCase);
  }

  private static String quoted(List<String> names) {
    return (names.size() == 1 ? "the column '" : "the columns '")
        + String.join("', '", names)
        + "'";
  }

  private static String record(List<String> values) {
    String text = String.join("|", values);
    return "\"" + (text.length() > 80 ? text.substring(0, 80) + "…" : text) + "\"";
  }

  private static String count(int number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }
}
