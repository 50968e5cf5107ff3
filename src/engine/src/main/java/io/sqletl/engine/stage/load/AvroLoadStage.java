package io.sqletl.engine.stage.load;

import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import java.util.Map;
import org.apache.avro.NameValidator;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.StructField;

/** Writes a view as Avro files. */
public final class AvroLoadStage implements StageType<AvroLoad> {

  private static final FormatRules RULES =
      FormatRules.of(
          WritableTypes.AVRO,
          new WritableNames(
              name -> NameValidator.UTF_VALIDATOR.validate(name).isOK(),
              "names in Avro are letters, digits and _"),
          new FormatRules.Values() {
            @Override
            public Column written(Column value, StructField field) {
              return value;
            }

            @Override
            public Column guarded(Column value, StructField field, String type) {
              return RepeatedMapKeys.refused(
                  TextValues.encoded(value, field, type), value, field, type);
            }
          });

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
    return new FileLoad("avro", Map.of(), keys.target(), RULES);
  }
}
