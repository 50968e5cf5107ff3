package io.sqletl.engine.stage.load;

import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.delta.DeltaCommits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.plans.logical.InsertIntoStatement;
import org.apache.spark.sql.catalyst.plans.logical.InsertStarAction;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.MergeIntoTable;
import org.apache.spark.sql.catalyst.plans.logical.UnresolvedWith;
import org.apache.spark.sql.catalyst.plans.logical.UpdateStarAction;
import org.apache.spark.sql.catalyst.plans.logical.UpdateTable;
import org.apache.spark.sql.catalyst.plans.logical.V2WriteCommand;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.delta.catalog.DeltaTableV2;
import org.apache.spark.sql.delta.commands.MergeIntoCommand;
import org.apache.spark.sql.delta.commands.UpdateCommand;
import org.apache.spark.sql.execution.CommandExecutionMode;
import org.apache.spark.sql.execution.datasources.InsertIntoDataSourceCommand;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2Relation;
import scala.jdk.javaapi.CollectionConverters;

/**
 * MERGE, UPDATE and INSERT written as SQL. What such a statement writes into a Delta table is held
 * to what a load of the table is held to; any other statement runs as it is.
 */
public final class WritingStatement {

  private final String text;
  private final StageContext context;
  private final SparkSession spark;

  private WritingStatement(String text, StageContext context) {
    this.text = text;
    this.context = context;
    this.spark = (SparkSession) context.spark();
  }

  /**
   * Runs a statement; a query only when its rows are asked for.
   *
   * @param parsed what Spark's parser made of the text; nothing where that is not known
   * @throws StageException for a value, or a type, that the table has no place for; the table is as
   *     it was then
   */
  public static Dataset<Row> run(String text, Optional<LogicalPlan> parsed, StageContext context) {
    WritingStatement statement = new WritingStatement(text, context);
    return parsed
        .filter(WritingStatement::writes)
        .flatMap(statement::checked)
        .orElseGet(() -> context.spark().sql(text));
  }

  private static boolean writes(LogicalPlan parsed) {
    LogicalPlan bare = parsed instanceof UnresolvedWith with ? with.child() : parsed;
    return bare instanceof MergeIntoTable
        || bare instanceof UpdateTable
        || bare instanceof InsertIntoStatement
        || bare instanceof V2WriteCommand;
  }

  /** Whether it has UPDATE SET * or INSERT *. */
  private static boolean takesAll(LogicalPlan parsed) {
    LogicalPlan bare = parsed instanceof UnresolvedWith with ? with.child() : parsed;
    return bare instanceof MergeIntoTable merge
        && Stream.of(merge.matchedActions(), merge.notMatchedActions())
            .flatMap(actions -> CollectionConverters.asJava(actions).stream())
            .anyMatch(
                action -> action instanceof UpdateStarAction || action instanceof InsertStarAction);
  }

  private Optional<Dataset<Row>> checked(LogicalPlan parsed) {
    LogicalPlan command;
    try {
      command = spark.sessionState().executePlan(parsed, CommandExecutionMode.SKIP()).analyzed();
    } catch (Exception e) {
      // The statement itself tells what is wrong with it, and where
      return Optional.empty();
    }
    return table(command).map(uri -> run(command, takesAll(parsed), uri));
  }

  /** Where the Delta table is that a command writes. */
  private Optional<String> table(LogicalPlan command) {
    if (command instanceof MergeIntoCommand merge) {
      return Optional.of(merge.targetFileIndex().path().toString());
    }
    if (command instanceof UpdateCommand update) {
      return Optional.of(update.tahoeFileIndex().path().toString());
    }
    if (command instanceof InsertIntoDataSourceCommand insert) {
      return DeltaCommits.place(
          org.apache.spark.sql.classic.Dataset.ofRows(spark, insert.logicalRelation()));
    }
    return command instanceof V2WriteCommand write
            && write.table() instanceof DataSourceV2Relation relation
            && relation.table() instanceof DeltaTableV2 delta
        ? Optional.of(delta.path().toString())
        : Optional.empty();
  }

  private Dataset<Row> run(LogicalPlan command, boolean takesAll, String uri) {
    Optional<MergeStatement> merge =
        command instanceof MergeIntoCommand known
            ? Optional.of(new MergeStatement(known, takesAll, uri, context))
            : Optional.empty();
    LogicalPlan guarded = new AssignedValues(uri, context).guarded(command);
    merge.ifPresent(MergeStatement::warnOfColumns);
    Dataset<Row> result =
        Guard.telling(
            () ->
                guarded == command
                    ? spark.sql(text)
                    : org.apache.spark.sql.classic.Dataset.ofRows(spark, guarded));
    try {
      if (merge.isPresent()) {
        merge.get().warnOfKeys(result);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the log of '" + uri + "'", e);
    }
    return result;
  }
}
