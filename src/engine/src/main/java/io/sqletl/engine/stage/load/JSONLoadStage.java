package io.sqletl.engine.stage.load;

import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Writes a view as JSON lines. */
public final class JSONLoadStage implements StageType<JSONLoad> {

  private static final FormatRules RULES =
      FormatRules.of(
          WritableTypes.JSON,
          new WritableNames(name -> true, ""),
          new FormatRules.Values() {
            @Override
            public Column written(Column value, StructField field) {
              return TextValues.timeOfDay(value, field);
            }

            @Override
            public Column guarded(Column value, StructField field, String type) {
              return RepeatedMapKeys.refused(
                  TextValues.encoded(value, field, type), value, field, type);
            }

            @Override
            public List<LossyValues.Kind> lossy(StructType columns, String zone) {
              List<LossyValues.Kind> kinds = new ArrayList<>(OffsetsOfSeconds.of(columns, zone));
              kinds.addAll(LateYears.of(columns));
              return kinds;
            }
          });

  @Override
  public Class<JSONLoad> configuration() {
    return JSONLoad.class;
  }

  @Override
  public String description() {
    return "Writes a view as files of JSON lines, without the fields that are null.";
  }

  @Override
  public Stage plan(JSONLoad keys, StagePlanning planning) {
    keys.target().check(planning);
    return new FileLoad("json", TextValues.TIMES, keys.target(), RULES);
  }
}
