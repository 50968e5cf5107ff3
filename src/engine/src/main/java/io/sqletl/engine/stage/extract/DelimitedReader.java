package io.sqletl.engine.stage.extract;

import static org.apache.spark.sql.functions.col;

import io.sqletl.engine.stage.ColumnName;
import io.sqletl.engine.stage.FaultText;
import io.sqletl.engine.stage.InternalColumn;
import io.sqletl.engine.stage.MalformedRecord;
import io.sqletl.engine.stage.RecordAccount;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.typing.MethodCall;
import io.sqletl.engine.typing.MethodCall.Evaluation;
import io.sqletl.engine.typing.MethodCall.NullArgument;
import io.sqletl.engine.typing.MethodCall.Result;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Makes rows of delimited text by way of Spark's source of lines, so that files are found, split
 * and dealt out to tasks as ever.
 *
 * <p>What takes a line apart is no deterministic expression, and a filter needs its result: Spark
 * evaluates it once for each line whatever is asked of the view, so that every malformed record is
 * counted.
 */
final class DelimitedReader {

  static final String LINE = InternalColumn.PREFIX + "line";
  private static final String FIRST = InternalColumn.PREFIX + "first";
  private static final String RECORD = InternalColumn.PREFIX + "record";

  private final DelimitedDialect dialect;
  private final RecordAccount account;
  private final StageContext context;

  DelimitedReader(DelimitedDialect dialect, RecordAccount account, StageContext context) {
    this.dialect = dialect;
    this.account = account;
    this.context = context;
  }

  /** Whether Spark's source of lines can split the files. */
  boolean readsLines() {
    return !dialect.multiLine() && dialect.hasAsciiLines();
  }

  /** The lines of files, with the columns of their folders. */
  Dataset<Row> lines(InputFiles files, Optional<StructType> given, Map<String, String> options) {
    return PartitionColumns.load(
        context.spark().read().format("text").options(options),
        new StructType().add(LINE, DataTypes.StringType),
        files,
        given);
  }

  /** The records of files that are read whole, the same columns and the line that each is on. */
  Dataset<Row> records(
      InputFiles files, int expected, Optional<StructType> given, Map<String, String> options) {
    DataFrameReader reader = context.spark().read().format("binaryFile").options(options);
    Dataset<Row> all = PartitionColumns.exact(reader.load(files.globs()), reader, files, given);
    List<Column> selected = new ArrayList<>(List.of(col("path")));
    StructType made =
        new StructType().add(LINE, DataTypes.BinaryType).add(FIRST, DataTypes.LongType);
    StructField[] fields = all.schema().fields();
    // path, modificationTime, length and content come first, then columns of folders
    for (StructField field : Arrays.asList(fields).subList(4, fields.length)) {
      selected.add(ColumnName.column(field.name()));
      made = made.add(field);
    }
    Broadcast<SerializableConfiguration> configuration =
        JavaSparkContext.fromSparkContext(context.spark().sparkContext())
            .broadcast(
                new SerializableConfiguration(context.spark().sessionState().newHadoopConf()));
    // Of its own, so that the task is sent that and not this reader
    DelimitedDialect written = dialect;
    FlatMapFunction<Row, Row> cut =
        file -> new Records(written, expected, file, configuration.value());
    return all.select(selected.toArray(Column[]::new)).flatMap(cut, Encoders.row(made));
  }

  /** The lines that are records, to be numbered. */
  Dataset<Row> countable(Dataset<Row> lines) {
    DelimitedRecords records = new DelimitedRecords(dialect, 0, null, Map.of(), account.errors());
    return lines.filter(
        invoke(records, "isRecord", DataTypes.BooleanType, List.of(line(lines)), false));
  }

  /**
   * The rows of lines or records: the columns, those of folders, the number of the record in its
   * part of the file, and {@code _errors}.
   */
  Dataset<Row> rows(Dataset<Row> lines, DelimitedHeaders.Columns columns, StructType described) {
    int count = columns.names().size();
    DelimitedRecords records =
        new DelimitedRecords(dialect, count, columns.usual(), columns.others(), account.errors());
    StructType record = new StructType();
    for (int i = 0; i < count; i++) {
      record = record.add("c" + i, DataTypes.StringType);
    }
    record =
        record
            .add("number", DataTypes.LongType, false)
            .add("errors", InternalColumn.errorsType(), false);
    boolean knowsLines = List.of(lines.columns()).contains(FIRST);
    List<Expression> arguments = new ArrayList<>(List.of(line(lines)));
    if (knowsLines) {
      arguments.add(ExpressionUtils.expression(lines.col(FIRST)));
    }
    List<String> folders = folders(lines);
    List<Column> parsed = new ArrayList<>();
    parsed.add(
        invoke(records, knowsLines ? "ofRecord" : "ofLine", record, arguments, true).as(RECORD));
    folders.forEach(name -> parsed.add(ColumnName.column(name)));
    Dataset<Row> all = lines.select(parsed.toArray(Column[]::new)).filter(col(RECORD).isNotNull());
    return all.select(selected(described, folders, count));
  }

  /** The columns of lines or records that are names of folders. */
  static List<String> folders(Dataset<Row> lines) {
    List<String> folders = new ArrayList<>(List.of(lines.columns()));
    folders.removeAll(List.of(LINE, FIRST));
    return folders;
  }

  /** A folder's value counts before that of a column of the file with the same name. */
  private Column[] selected(StructType described, List<String> folders, int count) {
    List<Column> selected = new ArrayList<>();
    List<String> left = new ArrayList<>(folders);
    for (int i = 0; i < count; i++) {
      StructField field = described.fields()[i];
      String folder =
          left.stream().filter(name -> name.equalsIgnoreCase(field.name())).findFirst().orElse("");
      Column value =
          left.remove(folder)
              ? ColumnName.column(folder).cast(DataTypes.StringType)
              : col(RECORD).getField("c" + i);
      selected.add(value.as(field.name(), field.metadata()));
    }
    left.forEach(name -> selected.add(ColumnName.column(name)));
    selected.add(col(RECORD).getField("number").as(RecordAccount.NUMBER));
    boolean isFree =
        Arrays.stream(described.fieldNames()).noneMatch(InternalColumn.ERRORS::equalsIgnoreCase);
    if (account.reports() && isFree) {
      selected.add(
          col(RECORD).getField("errors").as(InternalColumn.ERRORS, InternalColumn.recordErrors()));
    }
    return selected.toArray(Column[]::new);
  }

  private static Expression line(Dataset<Row> lines) {
    return ExpressionUtils.expression(lines.col(LINE).cast(DataTypes.StringType));
  }

  private static Column invoke(
      DelimitedRecords records,
      String method,
      DataType type,
      List<Expression> arguments,
      boolean mayBeNull) {
    return new MethodCall(records, DelimitedRecords.class, method)
        .column(
            type,
            arguments,
            NullArgument.PASSED,
            mayBeNull ? Result.NULLABLE : Result.NOT_NULL,
            Evaluation.ONCE);
  }

  /** The records of one file, read as they are asked for. */
  private static final class Records implements Iterator<Row> {

    private final Row file;
    private final DelimitedStream records;
    private byte[] next;

    Records(
        DelimitedDialect dialect, int expected, Row file, SerializableConfiguration configuration) {
      this.file = file;
      try {
        records = DelimitedStream.open(dialect, expected, new Path(path()), configuration.value());
      } catch (IOException e) {
        throw unreadable(e);
      }
      advance();
    }

    private String path() {
      return file.getString(0);
    }

    private void advance() {
      try {
        next = records.next();
        if (next == null) {
          records.close();
        }
      } catch (IOException e) {
        throw unreadable(e);
      }
    }

    private MalformedRecord unreadable(IOException e) {
      String where = records == null ? path() : path() + ": after line " + records.line();
      return new MalformedRecord(
          where,
          "the file cannot be read: "
              + FaultText.of(e)
              + "; see that it is whole, and that \"encoding\" is that of the file");
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public Row next() {
      if (next == null) {
        throw new NoSuchElementException();
      }
      Object[] values = new Object[file.size() + 1];
      values[0] = next;
      values[1] = records.line();
      for (int i = 1; i < file.size(); i++) {
        values[i + 1] = file.get(i);
      }
      advance();
      return RowFactory.create(values);
    }
  }
}
