package io.sqletl.engine.stage.transform;

import io.sqletl.engine.stage.sql.SqlStatement;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.analysis.UnresolvedRelation;
import org.apache.spark.sql.catalyst.plans.logical.DeleteFromTable;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.MergeIntoTable;
import org.apache.spark.sql.catalyst.plans.logical.RepartitionOperation;
import org.apache.spark.sql.catalyst.plans.logical.SubqueryAlias;
import org.apache.spark.sql.catalyst.plans.logical.UpdateTable;
import org.apache.spark.sql.catalyst.plans.logical.View;
import org.apache.spark.storage.StorageLevel;

/**
 * A view of a Delta table whose rows are dealt out anew for its readers. Delta modifies a table
 * only through a view of nothing but the table, so for the time of the statement the view is that.
 */
final class ModifiedView {

  private final SparkSession spark;
  private final String name;
  private final Dataset<Row> dealtOut;
  private final LogicalPlan table;

  private ModifiedView(SparkSession spark, String name, Dataset<Row> dealtOut, LogicalPlan table) {
    this.spark = spark;
    this.name = name;
    this.dealtOut = dealtOut;
    this.table = table;
  }

  /** The view that a MERGE, UPDATE or DELETE modifies, if it is such a view. */
  static Optional<ModifiedView> of(SqlStatement statement, SparkSession spark) {
    return statement.plan().flatMap(ModifiedView::target).flatMap(name -> find(name, spark));
  }

  private static Optional<String> target(LogicalPlan statement) {
    if (statement instanceof MergeIntoTable merge) {
      return viewName(merge.targetTable());
    }
    if (statement instanceof UpdateTable update) {
      return viewName(update.table());
    }
    return statement instanceof DeleteFromTable delete
        ? viewName(delete.table())
        : Optional.empty();
  }

  private static Optional<String> viewName(LogicalPlan target) {
    LogicalPlan bare = target;
    while (bare instanceof SubqueryAlias alias) {
      bare = alias.child();
    }
    return bare instanceof UnresolvedRelation relation && relation.multipartIdentifier().size() == 1
        ? Optional.of(relation.multipartIdentifier().head())
        : Optional.empty();
  }

  private static Optional<ModifiedView> find(String name, SparkSession spark) {
    String quoted = "`" + name.replace("`", "``") + "`";
    if (!spark.catalog().tableExists(quoted)) {
      return Optional.empty(); // The statement itself says so, and where
    }
    LogicalPlan plan =
        ((org.apache.spark.sql.classic.Dataset<Row>) spark.table(quoted))
            .queryExecution()
            .analyzed();
    while (plan instanceof SubqueryAlias || plan instanceof View) {
      plan = plan.children().head();
    }
    if (!(plan instanceof RepartitionOperation)) {
      return Optional.empty();
    }
    LogicalPlan table = plan;
    while (table instanceof RepartitionOperation operation) {
      table = operation.child();
    }
    return Optional.of(new ModifiedView(spark, quoted, rows(spark, plan), table));
  }

  private static Dataset<Row> rows(SparkSession spark, LogicalPlan plan) {
    return org.apache.spark.sql.classic.Dataset.ofRows(
        (org.apache.spark.sql.classic.SparkSession) spark, plan);
  }

  /** Runs the statement; afterwards the view is as before, kept in memory if it was. */
  Dataset<Row> modify(Supplier<Dataset<Row>> statement) {
    boolean kept = spark.catalog().isCached(name);
    StorageLevel level = spark.table(name).storageLevel();
    rows(spark, table).createOrReplaceTempView(name);
    try {
      return statement.get();
    } finally {
      dealtOut.createOrReplaceTempView(name);
      if (kept) {
        spark.catalog().cacheTable(name, level);
      }
    }
  }
}
