package io.sqletl.engine.stage.load;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.execution.datasources.jdbc.JDBCRelation;
import org.apache.spark.sql.sources.BaseRelation;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What a view is computed of, as far as Spark reads it itself; found without listing files or
 * running anything.
 */
final class InputRelations {

  private InputRelations() {}

  /** The files and folders, by the paths that Spark was given. */
  static Set<String> paths(Dataset<Row> rows) {
    Set<String> paths = new LinkedHashSet<>();
    for (BaseRelation relation : of(rows)) {
      if (relation instanceof HadoopFsRelation files) {
        for (Path path : CollectionConverters.asJava(files.location().rootPaths())) {
          paths.add(path.toString());
        }
      }
    }
    return paths;
  }

  /** Whether something of a database is among it. */
  static boolean isOfDatabase(Dataset<Row> rows, String url) {
    return of(rows).stream()
        .anyMatch(
            relation ->
                relation instanceof JDBCRelation table && table.jdbcOptions().url().equals(url));
  }

  private static List<BaseRelation> of(Dataset<Row> rows) {
    List<BaseRelation> found = new ArrayList<>();
    add(((org.apache.spark.sql.classic.Dataset<Row>) rows).queryExecution().analyzed(), found);
    return found;
  }

  private static void add(LogicalPlan plan, List<BaseRelation> found) {
    for (LogicalPlan leaf : CollectionConverters.asJava(plan.collectLeaves())) {
      if (leaf instanceof LogicalRelation relation) {
        found.add(relation.relation());
      }
    }
    for (LogicalPlan query : CollectionConverters.asJava(plan.subqueriesAll())) {
      add(query, found);
    }
  }
}
