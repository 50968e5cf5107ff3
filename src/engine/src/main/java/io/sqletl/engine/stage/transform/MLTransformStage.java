package io.sqletl.engine.stage.transform;

import static org.apache.spark.ml.functions.vector_to_array;
import static org.apache.spark.sql.functions.array_max;

import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.lapack.LAPACK;
import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.ColumnName;
import io.sqletl.engine.stage.DataUri;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.NumericType;

/** Has a model that Spark ML saved predict something for each row. */
public final class MLTransformStage implements StageType<MLTransform> {

  private static final double RELATIVE_ERROR = 0.1;

  @Override
  public Class<MLTransform> configuration() {
    return MLTransform.class;
  }

  @Override
  public String description() {
    return "Has a saved Spark ML model predict something for each row: adds its predictions, and of"
        + " each vector of probabilities the highest.";
  }

  @Override
  public Stage plan(MLTransform keys, StagePlanning planning) {
    DataUri.checkTarget(planning, "inputURI", keys.inputURI());
    keys.access().check(planning);
    if (planning.files().isMissing(keys.inputURI())) {
      planning
          .problems()
          .accept(
              Problem.of(
                      ErrorCode.FILE_NOT_FOUND,
                      planning.block().valuePosition("inputURI"),
                      "There is no model " + keys.inputURI())
                  .withRemedy(
                      "correct \"inputURI\", which names the folder that a PipelineModel was saved"
                          + " to"));
    }
    return context -> predict(keys, context);
  }

  private static Optional<Dataset<Row>> predict(MLTransform keys, StageContext context) {
    keys.access().apply(keys.inputURI(), context);
    context.detail("blas", BLAS.getInstance().getClass().getName());
    context.detail("lapack", LAPACK.getInstance().getClass().getName());
    SavedModel model = SavedModel.load(keys.inputURI(), context.spark());
    Dataset<Row> input = context.view(keys.inputView());
    Dataset<Row> all = model.model().transform(input);
    List<String> predictions = model.columns("predictionCol");
    List<String> probabilities =
        model.columns("probabilityCol").stream()
            .filter(name -> List.of(all.columns()).contains(name))
            .toList();
    Dataset<Row> predicted =
        predictions.isEmpty() ? all : select(all, input, predictions, probabilities);
    Dataset<Row> result = keys.output().register(predicted, context);
    if (keys.output().persist() && !result.isStreaming() && !predictions.isEmpty()) {
      context.detail(
          "percentiles",
          percentiles(
              context.view(keys.output().outputView()),
              Stream.concat(predictions.stream(), probabilities.stream()).toList()));
    }
    return Optional.of(result);
  }

  private static Dataset<Row> select(
      Dataset<Row> all, Dataset<Row> input, List<String> predictions, List<String> probabilities) {
    List<Column> columns = new ArrayList<>();
    Arrays.stream(input.columns()).map(ColumnName::column).forEach(columns::add);
    predictions.stream().map(ColumnName::column).forEach(columns::add);
    probabilities.forEach(
        name ->
            columns.add(array_max(vector_to_array(ColumnName.column(name), "float64")).as(name)));
    return all.select(columns.toArray(Column[]::new));
  }

  /** Each tenth of the values of the columns that are numbers. */
  private static Map<String, List<Double>> percentiles(Dataset<Row> rows, List<String> columns) {
    double[] tenths = IntStream.rangeClosed(1, 10).mapToDouble(tenth -> tenth / 10.0).toArray();
    List<String> numbers =
        columns.stream()
            .filter(name -> rows.schema().apply(name).dataType() instanceof NumericType)
            .toList();
    double[][] values =
        rows.stat()
            .approxQuantile(
                numbers.stream().map(MLTransformStage::quoted).toArray(String[]::new),
                tenths,
                RELATIVE_ERROR);
    Map<String, List<Double>> byColumn = new LinkedHashMap<>();
    for (int i = 0; i < numbers.size(); i++) {
      byColumn.put(numbers.get(i), Arrays.stream(values[i]).boxed().toList());
    }
    return byColumn;
  }

  private static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }
}
