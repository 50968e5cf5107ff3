package io.sqletl.engine.stage.load;

import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import java.util.Map;
import org.apache.avro.NameValidator;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Writes a view as Avro files. */
public final class AvroLoadStage implements StageType<AvroLoad> {

  @Override
  public Class<AvroLoad> configuration() {
    return AvroLoad.class;
  }

  @Override
  public String description() {
    return "Writes a view as Avro files.";
  }

  @Override
  public Stage plan(AvroLoad keys, StagePlanning planning) {
    keys.target().check(planning);
    FileLoad load = new FileLoad("avro", Map.of(), keys.target(), UnsupportedColumns.WITHOUT_TYPE);
    return context -> {
      requireNames(context.view(keys.target().inputView()).schema(), keys.target().inputView());
      return load.run(context);
    };
  }

  private static void requireNames(StructType columns, String inputView) {
    for (StructField column : columns.fields()) {
      if (!NameValidator.UTF_VALIDATOR.validate(column.name()).isOK()) {
        throw new StageException(
            "AvroLoad cannot write the column '"
                + column.name()
                + "' of inputView '"
                + inputView
                + "': names in Avro are letters, digits and _; rename it in a SQLTransform.");
      }
      if (column.dataType() instanceof StructType fields) {
        requireNames(fields, inputView);
      }
    }
  }
}
