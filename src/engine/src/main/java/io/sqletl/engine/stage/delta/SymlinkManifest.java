package io.sqletl.engine.stage.delta;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.catalog.ExternalCatalogUtils;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.NoMapping$;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.delta.commands.DeletionVectorUtils$;
import org.apache.spark.sql.delta.hooks.GenerateSymlinkManifest$;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The list of a table's data files, for engines such as Athena and Presto that read Parquet and
 * know no Delta log.
 */
public final class SymlinkManifest {

  private final SparkSession spark;
  private final String uri;
  private final DeltaLog log;
  private final Snapshot snapshot;
  private final Path folder;
  private final Configuration hadoop;

  private SymlinkManifest(SparkSession spark, String uri) {
    this.spark = spark;
    this.uri = uri;
    this.log = DeltaLog.forTable(spark, new Path(uri));
    this.snapshot = log.unsafeVolatileSnapshot();
    this.folder = new Path(log.dataPath(), GenerateSymlinkManifest$.MODULE$.MANIFEST_LOCATION());
    this.hadoop = log.newDeltaHadoopConf();
  }

  /**
   * Writes the manifest of the table as this process last saw it. Of a table with deletion vectors
   * there can be none: it lists whole files, deleted rows included. An older one is taken away, and
   * the user is told.
   */
  public static void write(StageContext context, String uri) {
    new SymlinkManifest(context.spark(), uri).write(context);
  }

  /** The rows are in the table by now, so nothing that goes wrong here makes the load a failure. */
  private void write(StageContext context) {
    try {
      write(context, isOfOtherFolders());
    } catch (Exception e) {
      // Spark throws checked exceptions undeclared
      try {
        write(context, /* anew */ true);
      } catch (Exception again) {
        tellUnwritten(context, again);
      }
    }
  }

  private void write(StageContext context, boolean anew) throws IOException {
    if (anew) {
      folder.getFileSystem(hadoop).delete(folder, /* recursive */ true);
    }
    if (hasVectors()) {
      context.detail(
          "symlinkManifest",
          "not written: the table has deletion vectors, which a manifest cannot tell of");
      takeAway(context, true);
    } else if (snapshot.metadata().partitionColumns().isEmpty()) {
      writeOneFile();
    } else {
      writeAsDelta();
    }
  }

  /**
   * Writes the manifest where the table is to have no deletion vectors. Of any other an older one
   * is taken away, and the user is told.
   */
  public static void writeIfPossible(StageContext context, String uri) {
    SymlinkManifest manifest = new SymlinkManifest(context.spark(), uri);
    if (manifest.hasVectorsEnabled()) {
      try {
        manifest.takeAway(context, false);
      } catch (IOException e) {
        manifest.tellUnwritten(context, e);
      }
    } else {
      manifest.write(context);
    }
  }

  private void tellUnwritten(StageContext context, Exception cause) {
    context.warn(
        ErrorCode.NO_MANIFEST,
        "The table "
            + uri
            + " was written, but its manifest for Athena and Presto was not, so that they may read"
            + " older rows or none: "
            + String.valueOf(cause.getMessage()).lines().findFirst().orElse(""),
        "put right what is told there, then write the manifest with %sql GENERATE"
            + " symlink_format_manifest FOR TABLE delta.`"
            + uri
            + "`; or set \"generateSymlinkManifest\" to false. Do not load the rows again");
  }

  /**
   * Refuses a table that has deletion vectors, or may get some.
   *
   * @throws StageException that says what to do
   */
  public static void requirePossible(StageContext context, String uri) {
    DeltaLog.forTable(context.spark(), new Path(uri)).update(false, Option.empty(), Option.empty());
    SymlinkManifest manifest = new SymlinkManifest(context.spark(), uri);
    if (manifest.hasVectorsEnabled() || manifest.hasVectors()) {
      throw new StageException(
          "The table at '"
              + uri
              + "' has deletion vectors, and \"generateSymlinkManifest\" is true: a manifest for"
              + " Athena and Presto lists whole files, so that they would read rows that are"
              + " deleted. Nothing was loaded. Either "
              + remedy(uri)
              + ".");
    }
  }

  private static String remedy(String uri) {
    return ("set \"generateSymlinkManifest\" to false, or do away with the vectors: ALTER TABLE"
            + " delta.`%1$s` SET TBLPROPERTIES ('delta.enableDeletionVectors' = false), then REORG"
            + " TABLE delta.`%1$s` APPLY (PURGE)")
        .formatted(uri);
  }

  private boolean hasVectors() {
    return !DeletionVectorUtils$.MODULE$.isTableDVFree(snapshot);
  }

  private boolean hasVectorsEnabled() {
    return DeletionVectorUtils$.MODULE$.deletionVectorsWritable(
        snapshot.protocol(), snapshot.metadata());
  }

  /** Those who read by the manifest would read deleted rows, and those of older versions. */
  private void takeAway(StageContext context, boolean isExpected) throws IOException {
    boolean wasThere = folder.getFileSystem(hadoop).delete(folder, /* recursive */ true);
    if (wasThere || isExpected) {
      context.warn(
          ErrorCode.NO_MANIFEST,
          (wasThere
                  ? "The manifest for Athena and Presto of the table "
                  : "No manifest for Athena and Presto was written of the table ")
              + uri
              + (wasThere ? " was taken away" : "")
              + ": the table has deletion vectors, and a manifest lists whole files, deleted rows"
              + " included",
          remedy(uri));
    }
  }

  /**
   * Whether the manifest that is there has the folders of other partition columns: Delta adds those
   * of the table to them, and then cannot read what it has made.
   */
  private boolean isOfOtherFolders() throws IOException {
    List<String> columns =
        CollectionConverters.asJava(snapshot.metadata().partitionColumns().toSeq());
    if (snapshot.metadata().columnMappingMode() != NoMapping$.MODULE$) {
      // Folders have names of their own
      return false;
    }
    FileSystem files = folder.getFileSystem(hadoop);
    Path level = folder;
    for (int depth = 0; depth <= columns.size(); depth++) {
      List<FileStatus> there;
      try {
        there =
            Arrays.stream(files.listStatus(level))
                .filter(file -> !file.getPath().getName().startsWith("."))
                .toList();
      } catch (FileNotFoundException e) {
        return false;
      }
      boolean isLast = depth == columns.size();
      String prefix = isLast ? "" : ExternalCatalogUtils.escapePathName(columns.get(depth)) + "=";
      if (there.stream()
          .anyMatch(
              file ->
                  file.isDirectory() == isLast
                      || !file.getPath()
                          .getName()
                          .regionMatches(/* ignoreCase */ true, 0, prefix, 0, prefix.length()))) {
        return true;
      }
      if (there.isEmpty()) {
        return false;
      }
      level = there.get(0).getPath();
    }
    return false;
  }

  /** What Delta writes, in at most one Spark job where Delta needs several. */
  private void writeOneFile() throws IOException {
    folder.getFileSystem(hadoop).mkdirs(folder);
    Path table = log.store().resolvePathOnPhysicalStorage(log.dataPath(), hadoop);
    List<String> lines =
        paths().stream()
            // Paths in the log are encoded as in a URL
            .map(path -> new Path(table, new Path(URI.create(path))).toString())
            .toList();
    log.store()
        .write(
            new Path(folder, "manifest"),
            CollectionConverters.asScala(lines.iterator()),
            true,
            hadoop);
  }

  private List<String> paths() {
    return ShortLog.files(log, snapshot)
        .map(files -> files.stream().map(AddFile::path).toList())
        .orElseGet(() -> snapshot.allFiles().select("path").as(Encoders.STRING()).collectAsList());
  }

  private void writeAsDelta() {
    GenerateSymlinkManifest$.MODULE$.generateFullManifestWithSnapshot(spark, log, snapshot);
  }
}
