package io.sqletl.engine.stage.transform;

import io.sqletl.engine.stage.LineLayout;
import io.sqletl.engine.stage.MalformedRecords;
import io.sqletl.engine.stage.RecordAccount;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import io.sqletl.engine.stage.http.HttpUri;
import io.sqletl.engine.stage.load.TextValues;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/** Has a TensorFlow Serving server predict something for each row, by its REST interface. */
public final class TensorFlowServingTransformStage
    implements StageType<TensorFlowServingTransform> {

  @Override
  public Class<TensorFlowServingTransform> configuration() {
    return TensorFlowServingTransform.class;
  }

  @Override
  public String description() {
    return "Has a TensorFlow Serving server predict something for each row, and adds it as the"
        + " column result; requests are sent anew whenever the view is used, unless it is"
        + " persisted.";
  }

  @Override
  public Stage plan(TensorFlowServingTransform keys, StagePlanning planning) {
    HttpUri.check(planning, "uri", keys.uri());
    if (keys.batchSize() < 1) {
      planning.invalid(
          "batchSize", "\"batchSize\" " + keys.batchSize() + " must be at least 1", null);
    }
    return context -> predict(keys, context);
  }

  private static Optional<Dataset<Row>> predict(
      TensorFlowServingTransform keys, StageContext context) {
    Dataset<Row> input = context.view(keys.inputView());
    int field =
        RequestField.of("TensorFlowServingTransform", input.schema(), keys.inputField())
            .require(
                DataTypes.StringType,
                DataTypes.IntegerType,
                DataTypes.LongType,
                DataTypes.FloatType,
                DataTypes.DoubleType,
                DataTypes.createDecimalType());
    Dataset<Row> predicted =
        TextValues.sound(input, "TensorFlowServingTransform")
            .mapPartitions(
                new PredictRows(
                    field,
                    keys,
                    RecordAccount.open(MalformedRecords.REPORT, LineLayout.NONE, context).errors()),
                Encoders.row(input.schema().add("result", keys.responseType().type())));
    return Optional.of(keys.output().register(predicted, context));
  }
}
