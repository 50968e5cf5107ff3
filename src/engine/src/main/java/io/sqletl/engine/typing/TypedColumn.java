package io.sqletl.engine.typing;

import io.sqletl.engine.typing.MethodCall.Evaluation;
import io.sqletl.engine.typing.MethodCall.NullArgument;
import io.sqletl.engine.typing.MethodCall.Result;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.IsNotNull;
import org.apache.spark.sql.catalyst.expressions.IsNull;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;

/**
 * A column of the schema and the column of the input that becomes it.
 *
 * @param typer null when the input has the type already, so that the column is passed through
 */
record TypedColumn(SchemaColumn schema, Attribute input, Typer typer) {

  /**
   * @param adjusted told of values that are rounded or cut; may be null
   * @throws TypingException when the input's type is neither text nor the schema's
   */
  static TypedColumn of(SchemaColumn schema, Attribute input, AdjustedValues adjusted) {
    DataType type = input.dataType();
    if (type instanceof StringType) {
      if (schema instanceof SchemaColumn.Scalar scalar) {
        return new TypedColumn(schema, input, Typer.of(scalar, adjusted));
      }
      throw new TypingException(
          "TypingTransform does not support '" + schema.getClass().getSimpleName() + "' type.");
    }
    if (DataType.equalsIgnoreNullability(type, schema.sparkType())) {
      return new TypedColumn(schema, input, null);
    }
    throw new TypingException(
        "TypingTransform types text only, but column '"
            + input.name()
            + "' is of type "
            + type.sql()
            + " and the schema's column '"
            + schema.name()
            + "' of type "
            + schema.sparkType().sql()
            + ".");
  }

  /** Whether a value of the column may be an error. */
  boolean canFail() {
    return typer != null && typer.canFail();
  }

  /** Whether the column has its type already, and may hold a null that it should not. */
  boolean mayRefuseNull() {
    return typer == null && !schema.nullable() && input.nullable();
  }

  /** The typed value; a text that does not fit is null. */
  Expression value() {
    if (typer == null) {
      return schema.nullable() ? Expressions.nullable(input) : input;
    }
    if (typer.isIdentity()) {
      return Expressions.nullable(input);
    }
    NullArgument nulls = replacesNull() ? NullArgument.PASSED : NullArgument.RETURNED;
    return call("type", schema.sparkType(), nulls, Result.NULLABLE);
  }

  /**
   * Ends the run.
   *
   * @param type of what stands in its place
   */
  Expression refusal(DataType type) {
    return new MethodCall(new NullRefusal(schema.name()), NullRefusal.class, "refuse")
        .of(type, List.of(), NullArgument.PASSED, Result.NULLABLE, Evaluation.ONCE);
  }

  /**
   * Whether a row has an error here.
   *
   * @param value the attribute that holds {@link #value()}
   */
  Expression isError(Attribute value) {
    Expression isNull = new IsNull(value);
    if (replacesNull() || !schema.nullable()) {
      return isNull;
    }
    Expression isLost = new And(isNull, new IsNotNull(input));
    return typer.column().nullRules().nullableValues().isEmpty()
        ? isLost
        : new And(
            isLost, call("isNoNull", DataTypes.BooleanType, NullArgument.PASSED, Result.NOT_NULL));
  }

  /** Whether the text of a row does not fit, or is null and may not be; for columns of text. */
  Expression fails() {
    return new MethodCall(typer, Typer.class, "isWrong")
        .of(
            DataTypes.BooleanType,
            List.of(input),
            NullArgument.PASSED,
            Result.NOT_NULL,
            Evaluation.FREE);
  }

  private boolean replacesNull() {
    return typer.replacesNull();
  }

  private Expression call(String method, DataType type, NullArgument nulls, Result result) {
    return new MethodCall(typer, Typer.class, method)
        .of(type, List.of(input), nulls, result, Evaluation.FREE);
  }
}
