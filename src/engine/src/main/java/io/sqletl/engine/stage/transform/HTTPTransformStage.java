package io.sqletl.engine.stage.transform;

import io.sqletl.engine.stage.IdleKeys;
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
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Sends rows to a server and adds what it answers. */
public final class HTTPTransformStage implements StageType<HTTPTransform> {

  private static final StructType RESPONSE =
      new StructType()
          .add("statusCode", DataTypes.IntegerType)
          .add("reasonPhrase", DataTypes.StringType)
          .add("contentType", DataTypes.StringType)
          .add("responseTime", DataTypes.LongType);

  @Override
  public Class<HTTPTransform> configuration() {
    return HTTPTransform.class;
  }

  @Override
  public String description() {
    return "Posts each row to a server and adds its answer as the column body; requests are sent"
        + " anew whenever the view is used, unless it is persisted.";
  }

  @Override
  public Stage plan(HTTPTransform keys, StagePlanning planning) {
    HttpUri.check(planning, "uri", keys.uri());
    keys.request().check(planning);
    if (keys.batchSize() < 1) {
      planning.invalid(
          "batchSize", "\"batchSize\" " + keys.batchSize() + " must be at least 1", null);
    }
    try {
      Pattern.compile(keys.delimiter());
    } catch (PatternSyntaxException e) {
      planning.invalid(
          "delimiter",
          "\"" + keys.delimiter() + "\" is no regular expression: " + e.getDescription(),
          "write a backslash before a character that means something there");
    }
    if (keys.batchSize() > 1 && keys.delimiter().isEmpty()) {
      planning.invalid(
          "delimiter",
          "\"delimiter\" is empty, so that nothing tells the rows of a batch from each other",
          "set it to something that no value holds, or \"batchSize\" to 1");
    }
    new IdleKeys(planning)
        .warn(
            keys.batchSize() == 1 && !keys.delimiter().equals("\n"),
            "delimiter",
            "with a \"batchSize\" of more than 1");
    return context -> transform(keys, context);
  }

  private static Optional<Dataset<Row>> transform(HTTPTransform keys, StageContext context) {
    Dataset<Row> input = context.view(keys.inputView());
    int field =
        RequestField.of("HTTPTransform", input.schema(), keys.inputField())
            .require(DataTypes.StringType, DataTypes.BinaryType);
    StructType columns = input.schema().add("body", DataTypes.StringType);
    if (keys.failMode() == HTTPTransform.OnStatus.PERMISSIVE) {
      columns = columns.add("response", RESPONSE);
    }
    Dataset<Row> answered =
        TextValues.sound(input, "HTTPTransform")
            .mapPartitions(
                new PostRows(
                    keys.uri(),
                    field,
                    keys,
                    RecordAccount.open(MalformedRecords.REPORT, LineLayout.NONE, context).errors()),
                Encoders.row(columns));
    return Optional.of(keys.output().register(answered, context));
  }
}
