package io.sqletl.engine.stage.transform;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyGroup;
import io.sqletl.engine.job.KeyText;
import io.sqletl.engine.stage.OutputView;
import java.util.Optional;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** The keys of TensorFlowServingTransform. */
public record TensorFlowServingTransform(
    @Key(
            value = "Where the model predicts: http://HOST:8501/v1/models/NAME:predict.",
            required = true)
        String uri,
    @Key(value = "The view whose rows are predicted.", required = true, role = Key.Role.INPUT_VIEW)
        String inputView,
    @KeyGroup OutputView output,
    @Key(
            value =
                "The column that is sent: a number, or a text that is a JSON value; a row in which"
                    + " it is null is not sent, and its result is null.",
            defaultValue = "value")
        String inputField,
    @Key(value = "How many rows are sent together, at least 1.", defaultValue = "100")
        int batchSize,
    @Key("The signature of the model; its default one when left out.")
        Optional<String> signatureName,
    @Key(value = "What the predictions are.", defaultValue = "object") Prediction responseType) {

  /** What a prediction is. */
  public enum Prediction implements KeyText {
    INTEGER("integer", DataTypes.IntegerType),
    DOUBLE("double", DataTypes.DoubleType),
    /** Whatever else; its JSON text. */
    OBJECT("object", DataTypes.StringType);

    private final String text;
    private final DataType type;

    Prediction(String text, DataType type) {
      this.text = text;
      this.type = type;
    }

    @Override
    public String text() {
      return text;
    }

    DataType type() {
      return type;
    }
  }
}
