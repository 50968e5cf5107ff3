package io.sqletl.engine.stage;

import static org.apache.spark.sql.functions.col;

import io.sqletl.engine.typing.AdjustedValues;
import io.sqletl.engine.typing.MethodCall;
import io.sqletl.engine.typing.MethodCall.Evaluation;
import io.sqletl.engine.typing.MethodCall.NullArgument;
import io.sqletl.engine.typing.MethodCall.Result;
import io.sqletl.engine.typing.RejectedValues;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.StructType;

/**
 * Accounts for the malformed records of an extract: they are counted in {@code rejected}, named in
 * the closing lines, and told in the column {@code _errors}.
 *
 * <p>The account is a column that is not deterministic and a filter on it that lets every row pass.
 * Spark keeps both below whatever uses the view, so a record is counted also where nobody asks for
 * {@code _errors}, and for good ones it costs a look at a null.
 */
public final class RecordAccount {

  /** The column of the number of a record in its file, from 1, where a reader knows it. */
  public static final String NUMBER = InternalColumn.PREFIX + "number";

  private static final String CHECKED = InternalColumn.PREFIX + "errors";

  private final MalformedRecords mode;
  private final RecordErrors errors;

  private RecordAccount(MalformedRecords mode, RecordErrors errors) {
    this.mode = mode;
    this.errors = errors;
  }

  /**
   * Opens the account of a stage; one for each stage.
   *
   * @param mode what happens to malformed records
   * @param layout what leads from the numbers of records to lines
   */
  public static RecordAccount open(MalformedRecords mode, LineLayout layout, StageContext context) {
    return open(mode, layout, null, context);
  }

  /** The same of a stage that reads the texts of a view. */
  public static RecordAccount openOfView(MalformedRecords mode, String view, StageContext context) {
    return open(mode, LineLayout.NONE, view, context);
  }

  private static RecordAccount open(
      MalformedRecords mode, LineLayout layout, String view, StageContext context) {
    RejectedValues rejected = new RejectedValues();
    AdjustedValues adjusted = new AdjustedValues();
    if (mode != MalformedRecords.IGNORE) {
      context.spark().sparkContext().register(rejected);
      context.spark().sparkContext().register(adjusted);
      context.adjusted(adjusted);
      context.rejected(
          new Rejected(
              rejected,
              layout,
              new BlankLines(context.spark().sparkContext().hadoopConfiguration()),
              Optional::empty,
              view));
    }
    return new RecordAccount(
        mode, new RecordErrors(mode == MalformedRecords.FAIL, layout, rejected, adjusted));
  }

  /** What generated code calls for each record; for a reader that is an expression itself. */
  public RecordErrors errors() {
    return errors;
  }

  /** Whether the view has the column {@code _errors}. */
  public boolean reports() {
    return mode == MalformedRecords.REPORT;
  }

  /**
   * The rows as they are read, one for each record and in their order, with what is wrong with
   * each.
   *
   * @param problem the column that says it, a text that is null for a good record, or {@link
   *     RecordErrors#PROBLEMS}; it is taken out
   * @return with {@code _errors} at its end where the mode is to report
   */
  public Dataset<Row> check(Dataset<Row> rows, String problem) {
    List<Column> others = new ArrayList<>();
    for (String name : rows.columns()) {
      if (!name.equals(problem)) {
        others.add(ColumnName.column(name));
      }
    }
    if (mode == MalformedRecords.IGNORE) {
      return rows.select(others.toArray(Column[]::new));
    }
    List<Column> checked = new ArrayList<>(others);
    Expression text = ExpressionUtils.expression(rows.col(quoted(problem)));
    checked.add(
        new MethodCall(
                errors,
                RecordErrors.class,
                text.dataType() instanceof ArrayType ? "ofFields" : "of")
            .column(
                InternalColumn.errorsType(),
                List.of(text),
                NullArgument.PASSED,
                Result.NULLABLE,
                Evaluation.ONCE)
            .as(CHECKED));
    Dataset<Row> counted =
        rows.select(checked.toArray(Column[]::new)).filter(col(CHECKED).isNotNull());
    // A column of this name that the input has is the input's
    if (reports()
        && Arrays.stream(rows.columns()).noneMatch(InternalColumn.ERRORS::equalsIgnoreCase)) {
      others.add(col(CHECKED).as(InternalColumn.ERRORS, InternalColumn.recordErrors()));
    }
    return counted.select(others.toArray(Column[]::new));
  }

  /** The rows with {@code _errors}, if they have it from an extract, as their last column. */
  public static Dataset<Row> errorsLast(Dataset<Row> rows) {
    List<Column> columns = new ArrayList<>();
    List<Column> last = new ArrayList<>();
    for (var field : rows.schema().fields()) {
      (InternalColumn.isRecordErrors(field) ? last : columns).add(ColumnName.column(field.name()));
    }
    columns.addAll(last);
    return last.isEmpty() ? rows : rows.select(columns.toArray(Column[]::new));
  }

  /** The rows without the {@code _errors} of an extract, for a place that cannot hold them. */
  public static Dataset<Row> withoutErrors(Dataset<Row> rows) {
    List<Column> columns = new ArrayList<>();
    for (var field : rows.schema().fields()) {
      if (!InternalColumn.isRecordErrors(field)) {
        columns.add(ColumnName.column(field.name()));
      }
    }
    return columns.size() == rows.columns().length
        ? rows
        : rows.select(columns.toArray(Column[]::new));
  }

  /** The columns of an input without rows. */
  public StructType addTo(StructType columns) {
    return reports()
        ? columns.add(
            InternalColumn.ERRORS,
            InternalColumn.errorsType(),
            false,
            InternalColumn.recordErrors())
        : columns;
  }

  private static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }
}
