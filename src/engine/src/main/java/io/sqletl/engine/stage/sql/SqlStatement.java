package io.sqletl.engine.stage.sql;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.Position;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.SecretNames;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.ViewReferences;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.QueryContext;
import org.apache.spark.QueryContextType;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;

/** A statement with its parameters put in, checked as far as that goes without Spark. */
public final class SqlStatement {

  private static final Pattern HIVE_VARIABLE = Pattern.compile("\\$\\{hive(?:conf|var):");

  /** The parameters of Spark's errors that hold a part of the statement. */
  private static final List<String> NAMING_PARAMETERS =
      List.of(
          "expression",
          "sqlExpr",
          "columnName",
          "colName",
          "objectName",
          "fieldName",
          "relationName",
          "routineName",
          "name");

  private final SqlText written;
  private final SqlParameters.Injected injected;
  private final Map<String, String> parameters;
  private final Optional<LogicalPlan> plan;

  /** What it names by format and place. */
  private final Set<ViewReferences.Data> placed;

  private SqlStatement(
      SqlText written,
      SqlParameters.Injected injected,
      Map<String, String> parameters,
      Optional<LogicalPlan> plan,
      Set<ViewReferences.Data> placed) {
    this.written = written;
    this.injected = injected;
    this.parameters = parameters;
    this.plan = plan;
    this.placed = placed;
  }

  static Optional<SqlStatement> plan(
      SqlText written, Map<String, String> parameters, StagePlanning planning) {
    return inject(written, parameters, planning)
        .flatMap(
            statement ->
                statement.hasHiveVariables() ? Optional.of(statement) : statement.parse(planning));
  }

  /**
   * A statement in a file, in the language of another system than Spark: its parameters are put in,
   * its syntax is that system's affair. Nothing when a problem was reported.
   */
  public static Optional<SqlStatement> ofOtherSystem(
      String inputURI, Map<String, String> parameters, StagePlanning planning) {
    return planning
        .read("inputURI", inputURI)
        .flatMap(file -> inject(SqlText.ofFile(file), parameters, planning));
  }

  private static Optional<SqlStatement> inject(
      SqlText written, Map<String, String> parameters, StagePlanning planning) {
    return SqlParameters.inject(written, parameters, planning)
        .map(
            injected ->
                new SqlStatement(written, injected, parameters, Optional.empty(), Set.of()));
  }

  private Optional<SqlStatement> parse(StagePlanning planning) {
    try {
      LogicalPlan parsed = SqlSyntax.parse(text());
      Set<ViewReferences.Data> placed =
          new ReferenceCollector(this, planning.views(), planning.warnings()).collect(parsed);
      DatesWithoutQuotes.warn(this, parsed, planning.warnings());
      TimePatternSlips.warn(this, parsed, planning.warnings());
      return Optional.of(
          new SqlStatement(written, injected, parameters, Optional.of(parsed), placed));
    } catch (SqlSyntax.Failure e) {
      planning
          .problems()
          .accept(
              new Problem(
                  ErrorCode.SQL_SYNTAX,
                  at(e.offset(), e.length()),
                  e.getMessage(),
                  quoted().orElse(e.remedy())));
      return Optional.empty();
    }
  }

  /** What a parameter's quote ends is the text that it stands in. */
  private Optional<String> quoted() {
    return parameters.entrySet().stream()
        .filter(parameter -> parameter.getValue().indexOf('\'') >= 0)
        .map(
            parameter ->
                "the value of the parameter \""
                    + parameter.getKey()
                    + "\" holds a quote, which ends a text in SQL: give it twice there (O''Brien)")
        .findFirst();
  }

  /** The statement with its parameters put in. */
  public String text() {
    return injected.text();
  }

  /** The name of a parameter with this value; nothing where none has it. */
  Optional<String> parameterOf(String value) {
    return parameters.entrySet().stream()
        .filter(parameter -> parameter.getValue().equals(value))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** What Spark's parser made of it; nothing when Spark has variables of its own to put in. */
  public Optional<LogicalPlan> plan() {
    return plan;
  }

  /**
   * The columns of what it returns.
   *
   * @param views the columns of a view, as far as they are known
   * @return all of them in their order; nothing where the text of the statement does not say them
   */
  public Optional<List<String>> columns(Function<String, Optional<List<String>>> views) {
    return plan.flatMap(new OutputColumns(views)::of);
  }

  /** Runs it; a query only when its rows are asked for, a command at once. */
  public Dataset<Row> run(StageContext context) {
    return run(context, context.spark()::sql);
  }

  /**
   * The same by a stage that gives its text to Spark itself.
   *
   * @param running has the result of the text
   */
  public Dataset<Row> run(StageContext context, Function<String, Dataset<Row>> running) {
    describe(context);
    PlacedFiles.require(placed, context);
    RanStatements.of(context.state()).add(this, context);
    try {
      Dataset<Row> result = running.apply(text());
      if (result instanceof org.apache.spark.sql.classic.Dataset<Row> planned) {
        LogicalPlan analyzed = planned.queryExecution().analyzed();
        ComparedPlaces.warn(text(), analyzed, context);
        QuotedColumns.warn(this, analyzed, context.warnings());
        MissingCommas.warn(this, analyzed, context.warnings());
        TextsAsDoubles.warn(this, analyzed, context.warnings());
        TextOrder.warn(this, analyzed, context.warnings());
      }
      return result;
    } catch (Exception e) {
      place(e).ifPresent(position -> e.addSuppressed(new SqlPlace(position)));
      throw e;
    }
  }

  /** Where the part of the statement was written that Spark complains of. */
  private Optional<Position> place(Exception e) {
    if (!(e instanceof AnalysisException analysis)) {
      return Optional.empty();
    }
    for (QueryContext part : analysis.getQueryContext()) {
      if (part.contextType() == QueryContextType.SQL
          && part.objectType().isEmpty()
          && part.startIndex() >= 0) {
        return Optional.of(
            at(
                text().offsetByCodePoints(0, part.startIndex()),
                part.stopIndex() - part.startIndex() + 1));
      }
    }
    return analysis.line().isDefined() && analysis.startPosition().isDefined()
        ? Optional.of(
            at(
                SqlSyntax.offset(
                    text(),
                    (Integer) analysis.line().get(),
                    (Integer) analysis.startPosition().get()),
                1))
        : named(analysis);
  }

  /** Some errors name what they are about and not where it stands. */
  private Optional<Position> named(AnalysisException error) {
    for (String parameter : NAMING_PARAMETERS) {
      String name = error.getMessageParameters().getOrDefault(parameter, "");
      String plain = name.replaceAll("^[\"`]|[\"`]$", "");
      if (!plain.isEmpty()) {
        Matcher written =
            Pattern.compile(
                    "(?<!\\w)" + Pattern.quote(plain) + "(?![\\w.])", Pattern.CASE_INSENSITIVE)
                .matcher(text());
        if (written.find()) {
          return Optional.of(at(written.start(), plain.length()));
        }
      }
    }
    return Optional.empty();
  }

  /** Tells the statement, without the values of secret parameters. */
  public void describe(StageContext context) {
    context.detail("sql", injected.shown());
    if (!parameters.isEmpty()) {
      context.detail("sqlParams", SecretNames.masked(parameters));
    }
  }

  /** A text, such as the message of a database, with the statement as it may be told. */
  public String withoutSecrets(String text) {
    String clean = text.replace(text(), injected.shown());
    for (Map.Entry<String, String> parameter : parameters.entrySet()) {
      boolean secret = SecretNames.isSecret(parameter.getKey());
      if (secret && SecretNames.isTakenOutOfTexts(parameter.getValue())) {
        clean = clean.replace(parameter.getValue(), SecretNames.MASK);
      }
    }
    return clean;
  }

  /** Where a part of {@link #text()} stands for the person who wrote it. */
  public Position at(int offset, int length) {
    int inWritten = injected.offsets()[Math.min(offset, injected.offsets().length - 1)];
    return written.at(inWritten, length);
  }

  private boolean hasHiveVariables() {
    return HIVE_VARIABLE.matcher(text()).find();
  }
}
