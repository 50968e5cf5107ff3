package io.sqletl.engine.typing;

import io.sqletl.engine.typing.MethodCall.Evaluation;
import io.sqletl.engine.typing.MethodCall.NullArgument;
import io.sqletl.engine.typing.MethodCall.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Coalesce;
import org.apache.spark.sql.catalyst.expressions.CreateArray;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GreaterThan;
import org.apache.spark.sql.catalyst.expressions.If;
import org.apache.spark.sql.catalyst.expressions.IsNotNull;
import org.apache.spark.sql.catalyst.expressions.IsNull;
import org.apache.spark.sql.catalyst.expressions.KnownNotNull;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.Size;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Turns columns of text into the columns of a schema, by position, and says in {@code _errors}
 * which texts did not fit: Arc's TypingTransform as projections and a filter, for which Spark
 * generates code as for any other.
 *
 * <p>Two projections follow each other. The first types the values, a null standing for a text that
 * does not fit. The second adds the errors, which costs a look at each null as long as nothing is
 * wrong, and goes back to the texts for rows where something is. A filter that every row passes
 * asks for them: each value of each row that is read is accounted for, whatever a query takes of
 * the view, since nobody would hear of the others.
 */
public final class Typing {

  private static final String CHECK = "_checked";
  private static final int MOST_NAMES = 5;

  private final Dataset<Row> input;
  private final List<TypedColumn> columns = new ArrayList<>();
  private final List<Attribute> internal = new ArrayList<>();
  private final Optional<Attribute> recordErrors;

  private Typing(Dataset<Row> input, Schema schema, AdjustedValues adjusted) {
    this.input = input;
    List<Attribute> data = new ArrayList<>();
    for (Attribute attribute : output(input)) {
      (InternalColumns.isInternal(attribute) ? internal : data).add(attribute);
    }
    recordErrors =
        InternalColumns.find(internal, InternalColumns.ERRORS, InternalColumns.errorsType());
    checkCount(
        schema.columns().stream().map(SchemaColumn::name).toList(),
        data.stream().map(Attribute::name).toList());
    for (int i = 0; i < data.size(); i++) {
      columns.add(TypedColumn.of(schema.columns().get(i), data.get(i), adjusted));
    }
  }

  /**
   * The typed frame: the schema's columns, then the input's internal columns, then {@code _errors},
   * which is empty and never null where nothing is wrong. What an extract found wrong with the
   * record comes first in it, and is not counted anew. Lazy.
   *
   * <p>Columns that have their type already are passed through; all others must be text. All are
   * typed whatever is asked for. With {@link FailMode#PERMISSIVE} a column that may not be null
   * ends the run where it cannot be typed, with {@link FailMode#FAILFAST} any does.
   *
   * @param input as many columns as the schema has, internal ones aside
   * @param rejected told every value that does not fit as its row is read; may be null
   * @throws TypingException when the input does not have the columns that the schema describes
   */
  public static Dataset<Row> apply(
      Dataset<Row> input, Schema schema, FailMode failMode, RejectedValues rejected) {
    return apply(input, schema, failMode, rejected, null);
  }

  /**
   * The same.
   *
   * @param adjusted told every value that is rounded or cut when it is computed; may be null
   */
  public static Dataset<Row> apply(
      Dataset<Row> input,
      Schema schema,
      FailMode failMode,
      RejectedValues rejected,
      AdjustedValues adjusted) {
    if (adjusted != null && !adjusted.isRegistered()) {
      input.sparkSession().sparkContext().register(adjusted);
    }
    Typing typing = new Typing(input, schema, adjusted);
    if (rejected != null && !rejected.isRegistered()) {
      input.sparkSession().sparkContext().register(rejected);
    }
    return typing.checked(failMode, rejected);
  }

  /**
   * The first value at which a run with this mode ends, with the file and record that it stands in.
   * Reads the input anew, so it is for a run that has failed.
   */
  public static Optional<RejectedValue> firstFailure(
      Dataset<Row> input, Schema schema, FailMode failMode) {
    Typing typing = new Typing(input, schema, null);
    List<TypedColumn> checked =
        typing.columns.stream()
            .filter(column -> column.typer() != null)
            .filter(column -> failMode == FailMode.FAILFAST || !column.schema().nullable())
            .filter(column -> column.canFail() || !column.schema().nullable())
            .toList();
    return checked.isEmpty() ? Optional.empty() : typing.first(checked);
  }

  private Optional<RejectedValue> first(List<TypedColumn> checked) {
    List<Expression> conditions = new ArrayList<>();
    List<Column> selected = new ArrayList<>();
    for (TypedColumn column : checked) {
      conditions.add(column.fails());
      selected.add(ExpressionUtils.column(column.input()));
    }
    Optional<Attribute> file =
        InternalColumns.find(internal, InternalColumns.FILENAME, DataTypes.StringType);
    Optional<Attribute> index =
        InternalColumns.find(internal, InternalColumns.INDEX, DataTypes.LongType);
    file.ifPresent(attribute -> selected.add(ExpressionUtils.column(attribute)));
    index.ifPresent(attribute -> selected.add(ExpressionUtils.column(attribute)));
    List<Row> rows =
        input
            .filter(ExpressionUtils.column(Expressions.anyOf(conditions)))
            .select(selected.toArray(Column[]::new))
            .takeAsList(1);
    if (rows.isEmpty()) {
      return Optional.empty();
    }
    Row row = rows.get(0);
    String inFile = file.isPresent() ? row.getString(checked.size()) : null;
    int last = row.length() - 1;
    Long record = index.isPresent() && !row.isNullAt(last) ? row.getLong(last) : null;
    for (int i = 0; i < checked.size(); i++) {
      Typer typer = checked.get(i).typer();
      UTF8String text = UTF8String.fromString(row.getString(i));
      String message = typer.error(text);
      if (message != null) {
        UTF8String value = typer.meant(text);
        return Optional.of(
            new RejectedValue(
                inFile,
                record,
                columns.indexOf(checked.get(i)),
                typer.column().name(),
                value == null ? null : value.toString(),
                value == null ? typer.target() : typer.target(value.toString()),
                message));
      }
    }
    return Optional.empty();
  }

  private static void checkCount(List<String> schema, List<String> data) {
    if (schema.isEmpty()) {
      throw new TypingException(
          "TypingTransform requires an input schema to define how to transform data but the provided"
              + " schema has 0 columns.");
    }
    if (schema.size() != data.size()) {
      throw new TypingException(
          "TypingTransform can only be performed on tables with the same number of columns, but the"
              + " schema has "
              + schema.size()
              + " columns and the data table has "
              + data.size()
              + " columns."
              + differences(schema, data));
    }
  }

  /** Only where names are known: without a header, the schema's are the only ones. */
  private static String differences(List<String> schema, List<String> data) {
    List<String> missing = without(schema, data);
    List<String> more = without(data, schema);
    if (missing.size() == schema.size()) {
      boolean isNamed = data.stream().anyMatch(name -> !name.matches("_c\\d+|value"));
      return isNamed
          ? " The data table has '"
              + String.join("', '", data.subList(0, Math.min(MOST_NAMES, data.size())))
              + "' and none of the schema's; see that it is the right file, and its delimiter."
          : "";
    }
    return (missing.isEmpty() ? "" : " Only the schema has '" + String.join("', '", missing) + "'.")
        + (more.isEmpty() ? "" : " Only the data table has '" + String.join("', '", more) + "'.");
  }

  private static List<String> without(List<String> names, List<String> others) {
    return names.stream()
        .filter(name -> others.stream().noneMatch(name::equalsIgnoreCase))
        .toList();
  }

  /**
   * The check is a column that a filter asks for, and that counts as non-deterministic: a query of
   * few columns, or of none, does not skip it, and no filter goes before it.
   */
  private Dataset<Row> checked(FailMode failMode, RejectedValues rejected) {
    Dataset<Row> values = values();
    List<Typed> typed = typed(values);
    List<Typed> fallible = typed.stream().filter(each -> each.column.canFail()).toList();
    List<Expression> wrong =
        new ArrayList<>(fallible.stream().map(each -> each.column.isError(each.value)).toList());
    List<Typed> passed = typed.stream().filter(each -> each.column.mayRefuseNull()).toList();
    boolean fails = failMode == FailMode.FAILFAST;
    if (fails && recordErrors.isPresent()) {
      wrong.add(
          new GreaterThan(new Size(ofRecord(), false), new Literal(0, DataTypes.IntegerType)));
    }
    if (wrong.isEmpty() && passed.isEmpty()) {
      return values.select(result(typed, ofRecord()));
    }
    DataType type = fails ? DataTypes.BooleanType : InternalColumns.errorsType();
    Expression check =
        new If(
            Expressions.anyOf(wrong),
            call(fallible, rejected, fails ? "refuse" : "of", type, arguments(fallible, fails)),
            fails ? new Literal(true, DataTypes.BooleanType) : ofRecord());
    for (Typed each : passed) {
      check = new If(new IsNull(each.value), each.column.refusal(type), check);
    }
    List<Column> all = new ArrayList<>();
    output(values).forEach(attribute -> all.add(ExpressionUtils.column(attribute)));
    all.add(ExpressionUtils.column(check).as(CHECK));
    Dataset<Row> rows = values.select(all.toArray(Column[]::new));
    Attribute found = output(rows).get(all.size() - 1);
    return rows.filter(ExpressionUtils.column(new IsNotNull(found)))
        .select(result(typed, fails ? noErrors() : found));
  }

  private List<Expression> arguments(List<Typed> fallible, boolean fails) {
    List<Expression> arguments = new ArrayList<>(List.of(ofRecord(), texts(fallible)));
    if (!fails) {
      arguments.add(
          InternalColumns.find(internal, InternalColumns.FILENAME, DataTypes.StringType)
              .<Expression>map(Function.identity())
              .orElseGet(() -> new Literal(null, DataTypes.StringType)));
      arguments.add(
          InternalColumns.find(internal, InternalColumns.INDEX, DataTypes.LongType)
              .<Expression>map(Function.identity())
              .orElseGet(() -> new Literal(RowErrors.NO_INDEX, DataTypes.LongType)));
    }
    return arguments;
  }

  /** A column and the attribute that holds what was typed. */
  private record Typed(TypedColumn column, Attribute value) {

    /** What passed the check is not null where it may not be, which Spark cannot know. */
    Expression checkedValue() {
      boolean mayBeNull = column.schema().nullable() || !value.nullable();
      return mayBeNull ? value : new KnownNotNull(value);
    }
  }

  /** The typed values, then the texts that {@code _errors} goes back to, then internal columns. */
  private Dataset<Row> values() {
    List<Column> selected = new ArrayList<>();
    for (TypedColumn column : columns) {
      selected.add(named(column.value(), column));
    }
    for (TypedColumn column : columns) {
      if (column.canFail()) {
        selected.add(ExpressionUtils.column(column.input()));
      }
    }
    internal.forEach(attribute -> selected.add(ExpressionUtils.column(attribute)));
    return input.select(selected.toArray(Column[]::new));
  }

  private List<Typed> typed(Dataset<Row> values) {
    List<Attribute> attributes = output(values);
    List<Typed> typed = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      typed.add(new Typed(columns.get(i), attributes.get(i)));
    }
    return typed;
  }

  private Column[] result(List<Typed> typed, Expression errors) {
    List<Column> selected = new ArrayList<>();
    typed.forEach(each -> selected.add(named(each.checkedValue(), each.column)));
    internal.stream()
        .filter(attribute -> !recordErrors.map(attribute::equals).orElse(false))
        .forEach(attribute -> selected.add(ExpressionUtils.column(attribute)));
    selected.add(
        ExpressionUtils.column(Expressions.nullable(errors))
            .as(InternalColumns.ERRORS, InternalColumns.errorsMetadata()));
    return selected.toArray(Column[]::new);
  }

  private static Column named(Expression value, TypedColumn column) {
    return ExpressionUtils.column(value).as(column.schema().name(), column.schema().metadata());
  }

  /** What the extract found wrong with the record; never null. */
  private Expression ofRecord() {
    return recordErrors
        .<Expression>map(
            errors ->
                errors.nullable()
                    ? new Coalesce(Expressions.seq(List.of(errors, noErrors())))
                    : errors)
        .orElseGet(Typing::noErrors);
  }

  private static Expression call(
      List<Typed> fallible,
      RejectedValues rejected,
      String method,
      DataType type,
      List<Expression> arguments) {
    RowErrors errors =
        new RowErrors(fallible.stream().map(each -> each.column.typer()).toList(), rejected);
    return new MethodCall(errors, RowErrors.class, method)
        // Never null, which Spark must not know: it would drop the filter
        .of(type, arguments, NullArgument.PASSED, Result.NULLABLE, Evaluation.ONCE);
  }

  private static Expression texts(List<Typed> fallible) {
    return new CreateArray(
        Expressions.seq(fallible.stream().map(each -> each.column.input()).toList()));
  }

  private static Expression noErrors() {
    return new Literal(
        UnsafeArrayData.fromPrimitiveArray(new int[0]), InternalColumns.errorsType());
  }

  private static List<Attribute> output(Dataset<Row> frame) {
    return CollectionConverters.asJava(
        ((org.apache.spark.sql.classic.Dataset<Row>) frame).queryExecution().analyzed().output());
  }
}
