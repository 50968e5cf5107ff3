package io.sqletl.engine.stage.function;

import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.objects.Invoke;
import org.apache.spark.sql.types.AbstractDataType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.ObjectType;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Registers functions as expressions of Spark's, which run inside the code that Spark generates and
 * whose arguments Spark casts as it casts those of its own functions.
 */
public final class CatalystFunctions {

  private static final String SOURCE = "scala_udf";

  private final SparkSession spark;

  public CatalystFunctions(SparkSession spark) {
    this.spark = spark;
  }

  /** Registers a function that is made, for each call in a query, of the call's arguments. */
  public CatalystFunctions register(String name, Function<List<Expression>, Expression> builder) {
    ((org.apache.spark.sql.classic.SparkSession) spark)
        .sessionState()
        .functionRegistry()
        .createOrReplaceTempFunction(
            name,
            (Seq<Expression> arguments) -> builder.apply(CollectionConverters.asJava(arguments)),
            SOURCE);
    return this;
  }

  /**
   * Registers a public method of a serializable object. It is not called when an argument is null;
   * the result is null then.
   *
   * @param method its parameters are what Spark holds values of these types in: {@code UTF8String}
   *     for a string, {@code double} for a double, {@code byte[]} for binary, {@code ArrayData} for
   *     an array
   */
  public CatalystFunctions register(
      String name, Object target, String method, DataType result, DataType... parameters) {
    return register(
        name,
        arguments -> {
          requireCount(name, arguments.size(), parameters.length);
          return new Invoke(
              Literal.fromObject(target, new ObjectType(target.getClass())),
              method,
              result,
              seq(arguments),
              seq(List.<AbstractDataType>of(parameters)),
              /* null for null */ true,
              /* may be null */ true,
              /* deterministic */ true);
        });
  }

  /** Refuses a call with another number of arguments. */
  public static void requireCount(String name, int given, int expected) {
    if (given != expected) {
      throw new IllegalArgumentException(
          "The function "
              + name
              + " takes "
              + expected
              + (expected == 1 ? " argument" : " arguments")
              + ", not "
              + given);
    }
  }

  private static <T> Seq<T> seq(List<? extends T> list) {
    return CollectionConverters.<T>asScala(List.<T>copyOf(list)).toSeq();
  }
}
