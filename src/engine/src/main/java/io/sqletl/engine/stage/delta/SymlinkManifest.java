package io.sqletl.engine.stage.delta;

import io.sqletl.engine.stage.StageContext;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.delta.commands.DeletionVectorUtils$;
import org.apache.spark.sql.delta.hooks.GenerateSymlinkManifest$;

/**
 * The list of a table's data files, for engines such as Athena and Presto that read Parquet and
 * know no Delta log.
 */
public final class SymlinkManifest {

  private SymlinkManifest() {}

  /** Writes the manifest of the table as this process last saw it, where that is possible. */
  public static void write(StageContext context, String uri) {
    SparkSession spark = context.spark();
    DeltaLog log = DeltaLog.forTable(spark, new Path(uri));
    Snapshot snapshot = log.unsafeVolatileSnapshot();
    if (!DeletionVectorUtils$.MODULE$.isTableDVFree(snapshot)) {
      context.detail(
          "symlinkManifest",
          "not written: the table has deletion vectors, which a manifest cannot tell of");
      return;
    }
    GenerateSymlinkManifest$.MODULE$.generateFullManifestWithSnapshot(spark, log, snapshot);
  }
}
