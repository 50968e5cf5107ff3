package io.sqletl.engine.stage.files;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A format in which files of a folder are a table by what a log in the folder says. Who reads the
 * files alone gets rows of old versions as well, and who adds or removes one breaks the table.
 */
public enum TableFormat {
  DELTA("a Delta table", "_delta_log", "DeltaLakeExtract", "DeltaLakeLoad"),
  HUDI("a Hudi table", ".hoodie", "", ""),
  ICEBERG("an Iceberg table", "metadata", "", ""),
  STREAM("the output of a streaming load", "_spark_metadata", "", "");

  private static final String ICEBERG_FILE = ".metadata.json";

  private final String title;
  private final String log;
  private final String extract;
  private final String load;

  TableFormat(String title, String log, String extract, String load) {
    this.title = title;
    this.log = log;
    this.extract = extract;
    this.load = load;
  }

  /** As a message says it, with its article. */
  public String title() {
    return title;
  }

  /** What to do instead of reading its files. */
  public String readingRemedy() {
    return extract.isEmpty() ? "read it with what knows " + title : "read it with " + extract;
  }

  /** What to do instead of writing files among its own. */
  public String writingRemedy() {
    return load.isEmpty()
        ? "write to another folder"
        : "write it with " + load + ", or write to another folder";
  }

  /** Whether this is the table whose log the path of a file leads through. */
  static Optional<TableFormat> ofPath(List<String> folders, String name) {
    if (folders.contains(DELTA.log)) {
      return Optional.of(DELTA);
    }
    if (folders.contains(HUDI.log)) {
      return Optional.of(HUDI);
    }
    if (folders.contains(ICEBERG.log) && name.endsWith(ICEBERG_FILE)) {
      return Optional.of(ICEBERG);
    }
    return folders.contains(STREAM.log) ? Optional.of(STREAM) : Optional.empty();
  }

  /** The table that a folder is. */
  public static Optional<TableFormat> of(FileSystem storage, Path folder) throws IOException {
    for (TableFormat format : List.of(DELTA, HUDI, STREAM)) {
      if (storage.exists(new Path(folder, format.log))) {
        return Optional.of(format);
      }
    }
    Path metadata = new Path(folder, ICEBERG.log);
    if (storage.exists(metadata) && storage.getFileStatus(metadata).isDirectory()) {
      for (FileStatus file : storage.listStatus(metadata)) {
        if (file.getPath().getName().endsWith(ICEBERG_FILE)) {
          return Optional.of(ICEBERG);
        }
      }
    }
    return Optional.empty();
  }

  /**
   * A table and its folder.
   *
   * @param format which it is
   * @param folder where it is
   */
  public record Found(TableFormat format, Path folder) {}

  /**
   * The table that a folder is, or is a part of: above it as far as names are those of partitions,
   * and one more.
   */
  public static Optional<Found> around(FileSystem storage, Path folder) throws IOException {
    Path at = folder;
    boolean above = false;
    while (at != null) {
      if (at.getName().equals(DELTA.log)) {
        // The log itself is read by those who want to see it
        return Optional.empty();
      }
      Optional<TableFormat> found = above ? delta(storage, at) : of(storage, at);
      if (found.isPresent()) {
        return Optional.of(new Found(found.get(), at));
      }
      if (above && !at.getName().contains("=")) {
        return Optional.empty();
      }
      above = true;
      at = at.getParent();
    }
    return Optional.empty();
  }

  private static Optional<TableFormat> delta(FileSystem storage, Path folder) throws IOException {
    return storage.exists(new Path(folder, DELTA.log)) ? Optional.of(DELTA) : Optional.empty();
  }
}
