package io.sqletl.engine.stage.function;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.CreateArray;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.If;
import org.apache.spark.sql.catalyst.expressions.IsNull;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Arc's SQL functions. Its {@code random} is not among them: Spark has one that does the same, and
 * takes a seed as well.
 */
public final class ArcFunctions implements FunctionSet {

  private static final String USE_SPARKS = "use Spark's get_json_object and from_json";
  private static final DataType FILE =
      DataTypes.createStructType(
          List.of(
              DataTypes.createStructField("_1", DataTypes.BinaryType, true),
              DataTypes.createStructField("_2", DataTypes.StringType, true)));

  @Override
  public void register(SparkSession spark) {
    CatalystFunctions functions = new CatalystFunctions(spark);
    functions
        .register("struct_keys", ArcFunctions::structKeys)
        .register(
            "probit",
            new NormalDistribution(),
            "quantile",
            DataTypes.DoubleType,
            DataTypes.DoubleType)
        .register(
            "probnorm",
            new NormalDistribution(),
            "cumulative",
            DataTypes.DoubleType,
            DataTypes.DoubleType);
    json(functions, "get_json_double_array", "doubles", DataTypes.DoubleType);
    json(functions, "get_json_integer_array", "integers", DataTypes.IntegerType);
    json(functions, "get_json_long_array", "longs", DataTypes.LongType);
    files(functions, spark, "get_uri", "content", DataTypes.BinaryType);
    files(
        functions,
        spark,
        "get_uri_array",
        "contents",
        DataTypes.createArrayType(DataTypes.BinaryType));
    files(functions, spark, "get_uri_filename_array", "files", DataTypes.createArrayType(FILE));
  }

  private static void json(
      CatalystFunctions functions, String name, String method, DataType element) {
    functions.register(
        name,
        new JsonArrays(),
        method,
        DataTypes.createArrayType(element, false),
        DataTypes.StringType,
        DataTypes.StringType);
  }

  /** Files are read with the credentials that the session has when the query is made. */
  private static void files(
      CatalystFunctions functions, SparkSession spark, String name, String method, DataType type) {
    SerializableConfiguration hadoop =
        new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
    functions.register(name, new UriContent(hadoop), method, type, DataTypes.StringType);
  }

  private static Expression structKeys(List<Expression> arguments) {
    CatalystFunctions.requireCount("struct_keys", arguments.size(), 1);
    Expression struct = arguments.get(0);
    if (!(struct.dataType() instanceof StructType type)) {
      throw new IllegalArgumentException(
          "The function struct_keys takes a struct, not a " + struct.dataType().simpleString());
    }
    List<Expression> names = new ArrayList<>();
    Arrays.stream(type.fieldNames())
        .forEach(name -> names.add(Literal.create(name, DataTypes.StringType)));
    CreateArray keys =
        new CreateArray(CollectionConverters.asScala(names).toSeq(), /* strings if empty */ true);
    return new If(new IsNull(struct), Literal.create(null, keys.dataType()), keys);
  }

  @Override
  public Map<String, String> deprecations() {
    return Map.of(
        "get_json_double_array", USE_SPARKS,
        "get_json_integer_array", USE_SPARKS,
        "get_json_long_array", USE_SPARKS);
  }
}
