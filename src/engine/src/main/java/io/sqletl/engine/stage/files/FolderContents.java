package io.sqletl.engine.stage.files;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.sql.catalyst.catalog.ExternalCatalogUtils;

/**
 * The files in a folder and below it.
 *
 * @param root the folder
 * @param files each file
 */
public record FolderContents(Path root, List<Entry> files) {

  /** What Spark and Hadoop's older programs call the files that they write. */
  private static final Pattern WRITTEN = Pattern.compile("part-([rm]-)?\\d{5,}.*");

  /** What says something of a folder to people. */
  private static final Pattern README = Pattern.compile("(?i)readme(\\.(md|txt|rst|html?))?");

  /** What Parquet and Databricks' commits keep beside the files, and is of no use without them. */
  private static final Pattern SUMMARY =
      Pattern.compile("_metadata|_common_metadata|_committed_.*|_started_.*");

  /** What writers work in until they are done. */
  private static final Pattern UNFINISHED =
      Pattern.compile("_temporary|__magic.*|\\.spark-staging.*|" + LoadMarks.FOLDER);

  /**
   * A file.
   *
   * @param path its place
   * @param folders the names of the folders that lead to it from the root
   * @param name its name
   * @param length its bytes
   */
  public record Entry(Path path, List<String> folders, String name, long length) {

    /** As a message names it. */
    public String relative() {
      return folders.isEmpty() ? name : String.join("/", folders) + "/" + name;
    }

    /** The table by whose log the file is a part of it. */
    public Optional<TableFormat> table() {
      return TableFormat.ofPath(folders, name);
    }

    /** Whether readers take it for data. */
    public boolean isData() {
      return !isHidden() && !README.matcher(name).matches() && !name.endsWith("_$folder$");
    }

    private boolean isHidden() {
      return isHidden(name) || folders.stream().anyMatch(Entry::isHidden);
    }

    private static boolean isHidden(String part) {
      // Names of partitions may begin so
      return part.startsWith(".") || part.startsWith("_") && !part.contains("=");
    }

    /** Whether it goes with the data when that is replaced. */
    public boolean goesWithData() {
      return isData() || SUMMARY.matcher(name).matches();
    }

    boolean isUnfinished() {
      return folders.stream().anyMatch(folder -> UNFINISHED.matcher(folder).matches());
    }

    /** Its format, where the name tells. */
    public Optional<DataFormat> format() {
      return DataFormat.ofFile(name);
    }

    /** Whether a load of this format would call a file so. */
    public boolean isWrittenAs(DataFormat format) {
      return WRITTEN.matcher(name).matches() && format().filter(other -> other != format).isEmpty();
    }

    /** Whether it lies where a load puts the files of partitions by these columns. */
    public boolean isLaidOutBy(List<String> columns) {
      if (folders.size() != columns.size()) {
        return false;
      }
      for (int i = 0; i < columns.size(); i++) {
        String start = ExternalCatalogUtils.escapePathName(columns.get(i)) + "=";
        if (!folders.get(i).toLowerCase(Locale.ROOT).startsWith(start.toLowerCase(Locale.ROOT))) {
          return false;
        }
      }
      return true;
    }
  }

  /** Lists a folder; one that is not there holds nothing. What is unfinished is left out. */
  public static FolderContents of(FileSystem storage, Path folder) throws IOException {
    List<Entry> entries = new ArrayList<>();
    Path root = storage.makeQualified(folder);
    try {
      FileStatus status = storage.getFileStatus(root);
      if (!status.isDirectory()) {
        return new FolderContents(
            root, List.of(new Entry(root, List.of(), root.getName(), status.getLen())));
      }
      RemoteIterator<LocatedFileStatus> files = storage.listFiles(root, /* recursive */ true);
      while (files.hasNext()) {
        Entry entry = entry(root, files.next());
        if (!entry.isUnfinished()) {
          entries.add(entry);
        }
      }
    } catch (FileNotFoundException e) {
      return new FolderContents(root, List.of());
    }
    return new FolderContents(root, List.copyOf(entries));
  }

  /** Whether a file there that readers take for data holds something; looks no further then. */
  public static boolean hasBytes(FileSystem storage, Path folder) throws IOException {
    Path root = storage.makeQualified(folder);
    RemoteIterator<LocatedFileStatus> files = storage.listFiles(root, /* recursive */ true);
    while (files.hasNext()) {
      LocatedFileStatus file = files.next();
      if (file.getLen() > 0) {
        Entry entry = entry(root, file);
        if (entry.isData() && !entry.isUnfinished()) {
          return true;
        }
      }
    }
    return false;
  }

  private static Entry entry(Path root, FileStatus status) {
    Path file = status.getPath();
    String path = file.toUri().getPath();
    String relative = path.substring(root.toUri().getPath().length()).replaceFirst("^/+", "");
    List<String> parts = Arrays.asList(relative.split("/"));
    return new Entry(
        file, parts.subList(0, parts.size() - 1), parts.get(parts.size() - 1), status.getLen());
  }

  /** The table that the folder is, or that one of its folders is. */
  public Optional<TableFormat> table() {
    return files.stream().flatMap(file -> file.table().stream()).findFirst();
  }

  /** The files that readers take for data. */
  public List<Entry> data() {
    return files.stream().filter(Entry::isData).toList();
  }
}
