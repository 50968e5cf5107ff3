package io.sqletl.engine.stage.execute;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import io.sqletl.engine.stage.OutputView;
import io.sqletl.engine.stage.SecretNames;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import io.sqletl.engine.stage.sql.SingleRow;
import io.sqletl.engine.stage.sql.SqlStatement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/** Sets variables for the lazy stages that follow, by a query. */
public final class ConfigExecuteStage implements StageType<ConfigExecute> {

  private static final SingleRow RESULT =
      new SingleRow("ConfigExecuteStage", "[message: string]", DataTypes.StringType);

  @Override
  public Class<ConfigExecute> configuration() {
    return ConfigExecute.class;
  }

  @Override
  public String description() {
    return "Runs a query that returns one JSON object, whose keys are variables for the stages that"
        + " follow with resolution lazy.";
  }

  @Override
  public Stage plan(ConfigExecute keys, StagePlanning planning) {
    Optional<SqlStatement> statement = keys.query().plan(planning);
    return context -> configure(keys, statement.orElseThrow(), context);
  }

  private static Optional<Dataset<Row>> configure(
      ConfigExecute keys, SqlStatement statement, StageContext context) {
    Dataset<Row> result = statement.run(context);
    Row row = RESULT.of(result);
    if (row.isNullAt(0)) {
      throw RESULT.refusedNull(row);
    }
    Config variables = parse(row.getString(0));
    context.detail("message", masked(variables.root().unwrapped()));
    CutTimes.warn(result, row.getString(0), context);
    context.state().configure(variables, context.header().name());
    keys.outputView()
        .ifPresent(
            view ->
                new OutputView(view, Optional.empty(), List.of(), keys.persist())
                    .register(result, context));
    return Optional.of(result);
  }

  private static Config parse(String text) {
    try {
      return ConfigFactory.parseString(
          LongNumbers.asTexts(text), ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON));
    } catch (ConfigException e) {
      throw new StageException(
          "ConfigExecute requires query to return a JSON object, but it returned '"
              + text
              + "': "
              + e.getMessage().replaceFirst("^String: \\d+: ", ""),
          e);
    }
  }

  /** The variables as they may be told. */
  private static Map<String, Object> masked(Map<String, Object> variables) {
    Map<String, Object> shown = new LinkedHashMap<>();
    variables.forEach((name, value) -> shown.put(name, masked(name, value)));
    return shown;
  }

  @SuppressWarnings("unchecked") // A configuration holds maps of names
  private static Object masked(String name, Object value) {
    if (SecretNames.isSecret(name)) {
      return SecretNames.MASK;
    }
    return value instanceof Map<?, ?> inner ? masked((Map<String, Object>) inner) : value;
  }
}
