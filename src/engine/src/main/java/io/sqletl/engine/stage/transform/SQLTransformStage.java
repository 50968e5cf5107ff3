package io.sqletl.engine.stage.transform;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.OutputView;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import io.sqletl.engine.stage.function.FunctionSets;
import io.sqletl.engine.stage.load.WritingStatement;
import io.sqletl.engine.stage.sql.SqlStatement;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;

/** Makes a view of what a SQL statement returns. */
public final class SQLTransformStage implements StageType<SQLTransform> {

  private static final Pattern CLOCK =
      Pattern.compile("\\b(?:now|current_date|current_timestamp)\\(\\)", Pattern.CASE_INSENSITIVE);
  private static final Map<String, String> DEPRECATIONS = FunctionSets.load().deprecations();

  private static final Pattern CALL = Pattern.compile("\\b(\\w+)(?=\\()");

  @Override
  public Class<SQLTransform> configuration() {
    return SQLTransform.class;
  }

  @Override
  public String description() {
    return "Makes a view of what a SQL statement returns; a command such as MERGE runs at once, and"
        + " the view holds its result.";
  }

  @Override
  public Stage plan(SQLTransform keys, StagePlanning planning) {
    Optional<SqlStatement> statement = keys.query().plan(planning);
    statement.ifPresent(known -> warn(known, keys.output().persist(), planning.warnings()));
    statement
        .flatMap(known -> known.columns(planning.views()::columnsOf))
        .ifPresent(names -> planning.views().columns(keys.output().outputView(), names));
    ChangedRows changed = new ChangedRows(planning.views());
    return context -> transform(statement.orElseThrow(), keys.output(), changed, context);
  }

  private static Optional<Dataset<Row>> transform(
      SqlStatement statement, OutputView output, ChangedRows changed, StageContext context) {
    List<String> places = changed.places(context);
    statement.plan().ifPresent(parsed -> CrossedColumns.warnOfInsert(parsed, context));
    Dataset<Row> result =
        ModifiedView.of(statement, context.spark())
            .map(view -> view.modify(() -> run(statement, context)))
            .orElseGet(() -> run(statement, context));
    changed.tell(statement, result, places, context);
    if (result instanceof org.apache.spark.sql.classic.Dataset<Row> planned) {
      LogicalPlan analyzed = planned.queryExecution().analyzed();
      UnstableChecksums.warn(analyzed, context);
      CrossedColumns.warn(analyzed, context);
      CrossedColumns.warnOfDigits(analyzed, context);
      CutProducts.warn(analyzed, context);
      UnboundJoins.warn(analyzed, context);
    }
    return Optional.of(output.register(result, context));
  }

  private static Dataset<Row> run(SqlStatement statement, StageContext context) {
    return statement.run(context, text -> WritingStatement.run(text, statement.plan(), context));
  }

  /**
   * @param isKept whether the view is computed once in a run
   */
  private static void warn(SqlStatement statement, boolean isKept, Consumer<Problem> warnings) {
    Matcher clock = CLOCK.matcher(statement.text());
    while (clock.find()) {
      String function = clock.group();
      Problem told =
          Problem.of(
              ErrorCode.NON_DETERMINISTIC,
              statement.at(clock.start(), function.length()),
              function.toUpperCase(Locale.ROOT)
                  + " gives another result each time "
                  + (isKept ? "the job runs" : "the view is used, in one run too"));
      warnings.accept(
          isKept ? told : told.withRemedy("set \"persist\": true to have one result in a run"));
    }
    Matcher call = CALL.matcher(statement.text());
    while (call.find()) {
      String instead = DEPRECATIONS.get(call.group(1));
      if (instead != null) {
        warnings.accept(
            Problem.of(
                    ErrorCode.DEPRECATED,
                    statement.at(call.start(), call.group(1).length()),
                    "The function " + call.group(1) + " is deprecated")
                .withRemedy(instead));
      }
    }
  }
}
