package io.sqletl.engine.stage.load;

import static org.apache.spark.sql.functions.date_format;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.octet_length;
import static org.apache.spark.sql.functions.substring;

import io.sqletl.engine.stage.ColumnName;
import io.sqletl.engine.stage.LocalTimes;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampType;

/**
 * What is done to rows before a format gets them, so that a reader finds what was written: what has
 * no place is refused by name, and what has no type in the format gets a text that can be typed.
 *
 * @param unsupported columns that are left out, if the run lets them go
 * @param types what the format can hold
 * @param names which names it can hold
 * @param values what is written of each value
 */
record FormatRules(
    UnsupportedColumns unsupported, WritableTypes types, WritableNames names, Values values) {

  /** How Hive, and with it Spark and Delta, name the folder of NULL. */
  private static final String NULL_FOLDER = "__HIVE_DEFAULT_PARTITION__";

  /** What most file systems take; S3 would take more, but a lake on a laptop is files. */
  private static final int LONGEST_NAME = 255;

  private static final int SHOWN = 40;

  private static final String SESSION_ZONE = "spark.sql.session.timeZone";

  private static final WritableNames ANY = new WritableNames(name -> true, "");

  static final FormatRules PARQUET = of(WritableTypes.PARQUET, ANY, Values.TEXTS);
  static final FormatRules DELTA = of(WritableTypes.DELTA, ANY, Values.TEXTS);

  /** What a format makes of values. */
  interface Values {

    /** Values are written as they are; bytes that are no text would make files nobody reads. */
    Values TEXTS =
        new Values() {
          @Override
          public Column written(Column value, StructField field) {
            return value;
          }

          @Override
          public Column guarded(Column value, StructField field, String type) {
            return TextValues.encoded(value, field, type);
          }
        };

    /** The value as it is written, of a type that the format has. */
    Column written(Column value, StructField field);

    /** What is written, with the guards against what cannot be. */
    default Column guarded(Column value, StructField field, String type) {
      return value;
    }

    /** What is written where a file has no other column. */
    default Column ofOnlyColumn(Column value, StructField field, String type) {
      return value;
    }

    /**
     * What is written though it will not read back as it was.
     *
     * @param zone in which times are written
     */
    default List<LossyValues.Kind> lossy(StructType columns, String zone) {
      return List.of();
    }
  }

  /**
   * Rows that can be written.
   *
   * @param lossy what to count of them
   * @param last is done to them when they are counted
   */
  record Prepared(
      Dataset<Row> rows, List<LossyValues.Kind> lossy, UnaryOperator<Dataset<Row>> last) {

    /** The same with other columns or another order of them. */
    Prepared with(Dataset<Row> others) {
      return new Prepared(others, lossy, last);
    }

    /** The same with more to count. */
    Prepared counting(List<LossyValues.Kind> more) {
      return new Prepared(rows, Stream.concat(lossy.stream(), more.stream()).toList(), last);
    }

    /** Writes them, dealt out as the target wants them; tells what will not read back. */
    void write(Dataset<Row> dealtOut, StageContext context, Consumer<Dataset<Row>> writing) {
      LossyValues values = new LossyValues(context, lossy);
      Dataset<Row> counted = last.apply(values.counting(dealtOut));
      Guard.tell(() -> writing.accept(counted));
      values.tell(context);
    }
  }

  static FormatRules of(WritableTypes types, WritableNames names, Values values) {
    return new FormatRules(UnsupportedColumns.WITHOUT_TYPE, types, names, values);
  }

  /**
   * Makes the rows that are written; plans only, runs nothing.
   *
   * @throws io.sqletl.engine.stage.StageException for a name or type that the format has no place
   *     for
   */
  Prepared prepare(
      Dataset<Row> view, String inputView, List<String> partitionBy, StageContext context) {
    Dataset<Row> rows = unsupported.drop(view, inputView, context);
    String type = context.type();
    WritableTypes.requireDistinct(rows.schema(), "", type, inputView);
    names.require(rows.schema(), type, inputView);
    requireColumns(rows.schema(), partitionBy, type, inputView);
    StructType columns = rows.schema();
    Dataset<Row> written =
        select(rows, partitionBy, (value, field) -> values.written(value, field));
    types.require(written.schema(), partitionBy, type, inputView);
    String zone = context.spark().conf().get(SESSION_ZONE);
    Dataset<Row> guarded =
        select(
            written,
            List.of(),
            (value, field) ->
                isIn(partitionBy, field)
                    ? folder(value, field, type, zone)
                    : values.guarded(value, field, type));
    StructType inFiles =
        new StructType(
            Arrays.stream(columns.fields())
                .filter(field -> !isIn(partitionBy, field))
                .toArray(StructField[]::new));
    return new Prepared(
        guarded,
        values.lossy(inFiles, zone),
        counted ->
            only(inFiles)
                .map(
                    one ->
                        select(
                            counted,
                            partitionBy,
                            (value, field) -> values.ofOnlyColumn(value, field, type)))
                .orElse(counted));
  }

  /**
   * Makes one column that is written by itself.
   *
   * @throws io.sqletl.engine.stage.StageException for a name or type within that the format has no
   *     place for
   */
  Column prepare(StructField field, Dataset<Row> rows, String inputView, String type) {
    StructType alone = new StructType().add(field);
    WritableTypes.requireDistinct(alone, "", type, inputView);
    names.require(alone, type, inputView);
    Dataset<Row> written =
        select(rows.select(ColumnName.column(field.name())), List.of(), values::written);
    types.require(written.schema(), List.of(), type, inputView);
    return values.guarded(
        values.written(ColumnName.column(field.name()), field), written.schema().fields()[0], type);
  }

  /** Files have columns of their own. */
  private static void requireColumns(
      StructType columns, List<String> partitionBy, String type, String inputView) {
    List<String> names = List.of(columns.fieldNames());
    if (!partitionBy.isEmpty() && partitionBy.size() == names.size()) {
      throw new StageException(
          type
              + " cannot partition by all columns of inputView '"
              + inputView
              + "' ("
              + String.join(", ", names)
              + "): nothing would be left for the files. Leave a column out of \"partitionBy\".");
    }
  }

  private interface Change {
    Column of(Column value, StructField field);
  }

  /** Columns that stay as they are leave the plan as it was. */
  private static Dataset<Row> select(Dataset<Row> rows, List<String> not, Change change) {
    List<Column> columns = new ArrayList<>();
    boolean changed = false;
    for (StructField field : rows.schema().fields()) {
      Column value = ColumnName.column(field.name());
      Column after = isIn(not, field) ? value : change.of(value, field);
      changed |= after != value;
      columns.add(after == value ? value : after.as(field.name(), field.metadata()));
    }
    return changed ? rows.select(columns.toArray(Column[]::new)) : rows;
  }

  private static boolean isIn(List<String> names, StructField field) {
    return names.stream().anyMatch(field.name()::equalsIgnoreCase);
  }

  /** The folders of NULL and of these texts are one, so they would all be read as NULL. */
  private static Column folder(Column value, StructField field, String type, String zone) {
    if (field.dataType() instanceof TimestampType) {
      return Guard.against(
          value,
          LocalTimes.isLost(value, zone),
          type
              + " cannot partition by '"
              + field.name()
              + "': the names of folders have no zone, and the clock of "
              + zone
              + " shows that time twice, as it goes back. Partition by a date, or set"
              + " spark.sql.session.timeZone to UTC.",
          date_format(value, "yyyy-MM-dd HH:mm:ssXXX"));
    }
    if (!(field.dataType() instanceof StringType)) {
      return value;
    }
    String remedy =
        " The folder of such a value is read as NULL. Write NULL itself, nullif("
            + field.name()
            + ", ''), or another text.";
    String column = type + " cannot partition by '" + field.name() + "': ";
    Column empty =
        Guard.against(
            TextValues.encoded(value, field, type),
            value.equalTo(lit("")),
            column + "it holds an empty text." + remedy,
            null);
    Column known =
        Guard.against(
            empty,
            value.equalTo(lit(NULL_FOLDER)),
            column + "it holds the text " + NULL_FOLDER + "." + remedy,
            null);
    return Guard.against(
        known,
        octet_length(value).gt(lit(LONGEST_NAME - field.name().length() - 1)),
        column
            + "a text is longer than the name of a folder may be, which is "
            + LONGEST_NAME
            + " bytes with the name of the column. Partition by a shorter text, such as left(…) or"
            + " a code.",
        substring(value, 1, SHOWN));
  }

  /**
   * The rows, with guards for columns whose values become names of folders though the job does not
   * say so here.
   */
  static Dataset<Row> inFolders(Dataset<Row> rows, List<String> columns, StageContext context) {
    String zone = context.spark().conf().get(SESSION_ZONE);
    return select(
        rows,
        List.of(),
        (value, field) ->
            isIn(columns, field) ? folder(value, field, context.type(), zone) : value);
  }

  /** The rows, with guards for texts whose bytes are none. */
  static Dataset<Row> encoded(Dataset<Row> rows, StageContext context) {
    return select(
        rows, List.of(), (value, field) -> TextValues.encoded(value, field, context.type()));
  }

  /** The one column of files, where there is one only. */
  static Optional<StructField> only(StructType columns) {
    return columns.length() == 1 ? Optional.of(columns.fields()[0]) : Optional.empty();
  }
}
