package io.sqletl.engine.stage.lifecycle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.plugin.PluginPlanning;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;

/** Adds to a load's entry in the log how what it wrote came about. */
public final class DataLineageLifecycle implements LifecycleType<DataLineage> {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public Class<DataLineage> configuration() {
    return DataLineage.class;
  }

  @Override
  public String description() {
    return "Adds queryExecution to a load's entry in the log: the analysed plan of what it wrote,"
        + " as the JSON that Spark makes of it.";
  }

  @Override
  public LifecyclePlugin plan(DataLineage keys, PluginPlanning planning) {
    return new LifecyclePlugin() {
      @Override
      public Optional<Dataset<Row>> after(StageContext stage, Optional<Dataset<Row>> result)
          throws JsonProcessingException {
        if (result.isPresent() && isTold(stage.type(), keys.afterPlugins())) {
          stage.detail("queryExecution", plan(result.get()));
        }
        return result;
      }
    };
  }

  private static boolean isTold(String type, List<String> chosen) {
    return chosen.isEmpty() ? type.endsWith("Load") : chosen.contains(type);
  }

  private static List<?> plan(Dataset<Row> rows) throws JsonProcessingException {
    LogicalPlan analyzed =
        ((org.apache.spark.sql.classic.Dataset<Row>) rows).queryExecution().analyzed();
    return JSON.readValue(analyzed.toJSON(), List.class);
  }
}
