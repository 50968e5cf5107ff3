package io.sqletl.engine.stage.load;

import io.sqletl.engine.stage.ColumnName;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.catalyst.catalog.ExternalCatalogUtils;

/**
 * The file of a partitioned view without rows. Spark writes none, and a folder without files has no
 * columns, so that whoever reads it next would fail; a table without rows is a table.
 *
 * @param format Spark's name of the format
 * @param options of Spark's writer
 * @param target what was written, and where
 */
record EmptyPartitions(String format, Map<String, String> options, FileTarget target) {

  private static final String NULL_FOLDER = "=__HIVE_DEFAULT_PARTITION__";

  /** Writes a file of no rows, with the columns, if the folder has no file. */
  void write(Dataset<Row> rows, StageContext context) {
    if (target.partitionBy().isEmpty() || holdsData(context)) {
      return;
    }
    Path folder = new Path(target.outputURI());
    for (String column : target.partitionBy()) {
      folder = new Path(folder, escaped(column) + NULL_FOLDER);
    }
    Column[] inFile =
        Arrays.stream(rows.columns())
            .filter(name -> target.partitionBy().stream().noneMatch(name::equalsIgnoreCase))
            .map(ColumnName::column)
            .toArray(Column[]::new);
    rows.limit(0)
        .select(inFile)
        .coalesce(1)
        .write()
        .format(EscapedDelimitedText.writer(format, options))
        .options(options)
        .mode(SaveMode.Append)
        .save(folder.toString());
  }

  private static String escaped(String column) {
    return ExternalCatalogUtils.escapePathName(column);
  }

  private boolean holdsData(StageContext context) {
    Path folder = new Path(target.outputURI());
    try {
      FileSystem storage = folder.getFileSystem(context.spark().sessionState().newHadoopConf());
      for (FileStatus entry : storage.listStatus(folder)) {
        String name = entry.getPath().getName();
        if (!name.startsWith("_") && !name.startsWith(".") || name.contains("=")) {
          return true;
        }
      }
      return false;
    } catch (FileNotFoundException e) {
      // A store of objects has no folder before its first object
      return false;
    } catch (IOException e) {
      throw new StageException("Cannot list '" + folder + "': " + e.getMessage(), e);
    }
  }
}
