package io.sqletl.engine.stage.load;

import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import scala.jdk.javaapi.CollectionConverters;

/** The files and folders that a view is computed of, as far as Spark reads them itself. */
final class InputPaths {

  private InputPaths() {}

  /** The paths as Spark was given them; found without listing files or running anything. */
  static Set<String> of(Dataset<Row> rows) {
    Set<String> paths = new LinkedHashSet<>();
    add(((org.apache.spark.sql.classic.Dataset<Row>) rows).queryExecution().analyzed(), paths);
    return paths;
  }

  private static void add(LogicalPlan plan, Set<String> paths) {
    for (LogicalPlan leaf : CollectionConverters.asJava(plan.collectLeaves())) {
      if (leaf instanceof LogicalRelation relation
          && relation.relation() instanceof HadoopFsRelation files) {
        for (Path path : CollectionConverters.asJava(files.location().rootPaths())) {
          paths.add(path.toString());
        }
      }
    }
    for (LogicalPlan query : CollectionConverters.asJava(plan.subqueriesAll())) {
      add(query, paths);
    }
  }
}
