package com.example.etl;

import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.xxhash64;

import io.sqletl.engine.stage.ColumnName;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Adds a column that tells rows apart: the same for rows whose fields are the same. */
public final class FingerprintTransformStage implements StageType<FingerprintTransform> {

  @Override
  public Class<FingerprintTransform> configuration() {
    return FingerprintTransform.class;
  }

  @Override
  public String description() {
    return "Adds a column that is the same for rows whose fields are the same.";
  }

  /** Checks what can be checked without Spark; what is wrong is reported with its place. */
  @Override
  public Stage plan(FingerprintTransform keys, StagePlanning planning) {
    if (keys.fields().contains(keys.outputField())) {
      planning.invalid(
          "outputField",
          "\"outputField\" is one of \"fields\": " + keys.outputField(),
          "choose another name");
    }
    return context -> run(keys, context);
  }

  private static Optional<Dataset<Row>> run(FingerprintTransform keys, StageContext context) {
    Dataset<Row> input = context.view(keys.inputView());
    List<String> fields = new ArrayList<>(keys.fields());
    if (fields.isEmpty()) {
      fields.addAll(List.of(input.columns()));
    }
    for (String field : fields) {
      if (!List.of(input.columns()).contains(field)) {
        throw new StageException(
            "FingerprintTransform finds no column '"
                + field
                + "' in '"
                + keys.inputView()
                + "', which has: "
                + List.of(input.columns()));
      }
    }
    context.detail("fields", fields);
    Column[] columns = fields.stream().map(ColumnName::column).toArray(Column[]::new);
    Column fingerprint =
        switch (keys.algorithm()) {
          case SHA256 -> sha2(to_json(struct(columns)), 256);
          case XXHASH64 -> xxhash64(columns);
        };
    return Optional.of(
        keys.output().register(input.withColumn(keys.outputField(), fingerprint), context));
  }
}
