package io.sqletl.engine.stage.sql;

import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.ViewReferences;
import io.sqletl.engine.stage.files.LoadMarks;
import io.sqletl.engine.stage.files.TableFormat;
import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * Files that SQL names by format and place, such as {@code parquet.`/data/x`}: Spark reads all that
 * lie there, also those that no longer count, or do not yet.
 */
final class PlacedFiles {

  private static final String TABLE = "delta";

  /** A pattern may stand for folders without end; they are alike. */
  private static final int MOST_LOOKED_AT = 50;

  private PlacedFiles() {}

  /**
   * @throws StageException if they are those of a table, or of a load that is under way or was
   *     killed
   */
  static void require(Collection<ViewReferences.Data> placed, StageContext context) {
    for (ViewReferences.Data data : placed) {
      if (!data.format().equals(TABLE)) {
        require(data, context.spark().sessionState().newHadoopConf());
      }
    }
  }

  private static void require(ViewReferences.Data data, Configuration configuration) {
    try {
      Path pattern = new Path(data.uri());
      FileSystem storage = pattern.getFileSystem(configuration);
      FileStatus[] found = storage.globStatus(pattern);
      for (int i = 0; found != null && i < Math.min(found.length, MOST_LOOKED_AT); i++) {
        Path at = found[i].getPath();
        Path folder = found[i].isDirectory() ? at : at.getParent();
        // What is a table's own, such as its log, is read by those who want to see it
        if (!folder.getName().startsWith("_")) {
          refuseTable(data, TableFormat.around(storage, folder));
          refuseUnfinished(data, storage, folder);
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      // What is not there, or may not be read, Spark tells with the place in the statement
      return;
    }
  }

  private static void refuseTable(ViewReferences.Data data, Optional<TableFormat.Found> table) {
    if (table.isPresent() && table.get().format() != TableFormat.STREAM) {
      TableFormat format = table.get().format();
      throw new StageException(
          named(data)
              + " holds files of "
              + format.title()
              + " ('"
              + table.get().folder()
              + "'); read as files, rows that were replaced or deleted are among them. "
              + (format == TableFormat.DELTA
                  ? "Write delta.`" + table.get().folder() + "`, or "
                  : "So ")
              + format.readingRemedy()
              + ".");
    }
  }

  private static void refuseUnfinished(ViewReferences.Data data, FileSystem storage, Path folder)
      throws IOException {
    Path top = folder;
    while (top.getName().contains("=") && top.getParent() != null) {
      top = top.getParent();
    }
    LoadMarks marks = LoadMarks.of(storage, top);
    if (marks == LoadMarks.NONE) {
      return;
    }
    RemoteIterator<LocatedFileStatus> files = storage.listFiles(folder, /* recursive */ true);
    while (files.hasNext()) {
      Path file = files.next().getPath();
      if (!file.getName().startsWith("_")
          && !file.getName().startsWith(".")
          && !file.getParent().getName().equals(LoadMarks.FOLDER)
          && !marks.isVisible(file.getName())) {
        throw new StageException(
            named(data)
                + " holds files that do not count ('"
                + file.getName()
                + "'): a load of the folder is under way, or was killed. Read it with an extract,"
                + " which leaves them out; the next load of the folder removes them.");
      }
    }
  }

  private static String named(ViewReferences.Data data) {
    return data.format() + ".`" + data.uri() + "`";
  }
}
