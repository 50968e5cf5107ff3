package io.sqletl.engine.stage.load;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.DataLocation;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.files.DataFormat;
import io.sqletl.engine.stage.files.FolderContents;
import io.sqletl.engine.stage.files.FolderContents.Entry;
import io.sqletl.engine.stage.files.LoadMarks;
import io.sqletl.engine.stage.files.TableFormat;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;

/**
 * The folder that a load writes, as it is before a row is written. A load removes and joins only
 * what a load like it wrote.
 */
final class TargetFolder {

  private static final int LISTED = 10;

  private final String uri;
  private final FileSystem storage;
  private final Path path;
  private final StageContext context;
  private boolean foundEmpty;

  private TargetFolder(String uri, FileSystem storage, Path path, StageContext context) {
    this.uri = uri;
    this.storage = storage;
    this.path = path;
    this.context = context;
  }

  static TargetFolder at(String uri, StageContext context) throws IOException {
    Path path = new Path(uri);
    FileSystem storage = path.getFileSystem(context.spark().sessionState().newHadoopConf());
    return new TargetFolder(uri, storage, path, context);
  }

  /**
   * Takes the folder for one load; see {@link FolderClaim}. A load whose rows join those that are
   * there waits for another one, as it does not matter which of the two comes first.
   *
   * @throws StageException if another run is at work there
   */
  FolderClaim claim(SaveMode mode) throws IOException {
    if (storage.exists(path) && storage.getFileStatus(path).isFile()) {
      throw new StageException(
          "'"
              + uri
              + "' is a file, and "
              + context.type()
              + " writes a folder of files. Write to another path, or remove the file.");
    }
    FolderClaim claim =
        FolderClaim.of(
            uri, storage, path, mode == SaveMode.Append ? FolderClaim.PATIENCE : Duration.ZERO);
    foundEmpty = claim.foundEmpty();
    claim.waitedFor().ifPresent(run -> context.detail("waitedFor", run.text()));
    return claim;
  }

  /** Puts right what a killed load left there. */
  void repair(FolderClaim claim) throws IOException {
    removePending();
    if (!LoadMarks.areOfOthers(storage, path, claim.id())) {
      return;
    }
    for (FileStatus entry : storage.listStatus(path)) {
      // What tasks tell S3's committer of files that are not put together yet
      if (entry.isDirectory() && entry.getPath().getName().startsWith("__magic")) {
        storage.delete(entry.getPath(), /* recursive */ true);
      }
    }
    List<Path> removed =
        LoadMarks.repair(
            storage,
            path,
            FolderContents.of(storage, path).files().stream()
                .filter(Entry::goesWithData)
                .map(Entry::path)
                .toList(),
            claim.id());
    context.detail("removedOfKilledLoad", removed.size());
  }

  /**
   * Refuses to write files where they would destroy what is there, or be mixed with it.
   *
   * @param format what is written
   * @param target the keys
   * @param rows what is written
   */
  void requireOwn(String format, FileTarget target, Dataset<Row> rows) throws IOException {
    Optional<DataFormat> written = DataFormat.ofSpark(format);
    if (written.isEmpty()) {
      return;
    }
    boolean replaces = target.saveMode() == SaveMode.Overwrite;
    if (replaces && target.replaceAll()) {
      return;
    }
    refuseTable();
    if (replaces) {
      refuseInput(rows);
    }
    FolderContents contents = FolderContents.of(storage, path);
    contents.table().ifPresent(table -> refuseTable(table, path, "holds"));
    switch (target.saveMode()) {
      case Overwrite -> refuseForeign(contents, written.get(), target);
      case Append -> {
        refuseOtherFormats(contents, written.get());
        refuseOtherLayout(contents, target);
      }
      default -> refuseOtherFormats(contents, written.get());
    }
  }

  /**
   * Refuses to make a Delta table of a folder that holds files, for they would not be in it.
   *
   * @param left files that loads before this one left and that are of no matter
   * @throws StageException with the files
   */
  void requireNoFiles(Set<Path> left) throws IOException {
    // A log without a commit is what a load that was killed leaves; the caller knows of no other
    refuseTable(
        TableFormat.around(storage, path)
            .filter(found -> found.format() != TableFormat.DELTA || !found.folder().equals(path)));
    List<Entry> files =
        FolderContents.of(storage, path).data().stream()
            .filter(file -> !left.contains(file.path()))
            .filter(file -> file.table().isEmpty())
            .toList();
    if (!files.isEmpty()) {
      String remedy =
          files.stream().allMatch(file -> file.format().equals(Optional.of(DataFormat.PARQUET)))
              ? "Write to another folder, or make them a Delta table first, with %sql CONVERT TO"
                  + " DELTA parquet.`"
                  + uri
                  + "`."
              : "Write to another folder.";
      throw new StageException(
          "'"
              + uri
              + "' is no Delta table and holds "
              + list(files)
              + ", which would not be in the table. "
              + remedy);
    }
  }

  /**
   * Whether something is there, be it an empty folder; what a killed load left is nothing, nor is a
   * folder of files that no reader takes for data.
   */
  boolean exists() throws IOException {
    return foundEmpty
        || Arrays.stream(storage.listStatus(path))
                .anyMatch(entry -> !entry.getPath().getName().equals(LoadMarks.FOLDER))
            && !holdsOnlyHidden();
  }

  /** Refuses to write where something is, as "saveMode" says. */
  void requireNothing() throws IOException {
    if (exists()) {
      throw new StageException(
          "'"
              + uri
              + "' already exists, and \"saveMode\" is \"ErrorIfExists\". Set \"saveMode\" to"
              + " Overwrite or Append, or write elsewhere.");
    }
  }

  /** Whether there are files, none of which readers take for data. */
  private boolean holdsOnlyHidden() throws IOException {
    FolderContents contents = FolderContents.of(storage, path);
    return !contents.files().isEmpty() && contents.data().isEmpty();
  }

  /** The files there that hold something, by their names. */
  List<Entry> data() throws IOException {
    return FolderContents.of(storage, path).data().stream()
        .filter(file -> file.length() > 0)
        .sorted(Comparator.comparing(Entry::path))
        .toList();
  }

  /** Whether all files there are empty. */
  boolean holdsNothing() throws IOException {
    return !FolderContents.hasBytes(storage, path);
  }

  /** Removes what a killed load left unfinished, for Spark would take it for its own. */
  void removePending() throws IOException {
    storage.delete(new Path(path, ReplaceAfterCommit.PENDING), /* recursive */ true);
  }

  private void refuseTable() throws IOException {
    refuseTable(TableFormat.around(storage, path));
  }

  private void refuseTable(Optional<TableFormat.Found> table) {
    table.ifPresent(
        found ->
            refuseTable(
                found.format(), found.folder(), found.folder().equals(path) ? "is" : "lies in"));
  }

  private void refuseTable(TableFormat table, Path folder, String how) {
    throw new StageException(
        "'"
            + uri
            + "' "
            + how
            + " "
            + table.title()
            + (folder.equals(path) ? "" : " ('" + folder + "')")
            + ", which files of "
            + context.type()
            + " would destroy. "
            + sentence(table.writingRemedy()));
  }

  /** What the view is computed of would be removed; a second run would read what this one wrote. */
  private void refuseInput(Dataset<Row> rows) {
    DataLocation target = DataLocation.of(uri);
    InputRelations.paths(rows).stream()
        .filter(input -> target.holds(DataLocation.of(input)))
        .findFirst()
        .ifPresent(
            input -> {
              throw new StageException(
                  "'"
                      + uri
                      + "' holds the input '"
                      + input
                      + "' of the view that is written, so Overwrite would remove it."
                      + " Write to another folder, or set \"replaceAll\" to true.");
            });
  }

  private void refuseForeign(FolderContents contents, DataFormat written, FileTarget target) {
    List<Entry> foreign =
        contents.data().stream()
            .filter(file -> !file.isWrittenAs(written) || !file.isLaidOutBy(target.partitionBy()))
            .toList();
    if (!foreign.isEmpty()) {
      throw new StageException(
          "'"
              + uri
              + "' holds "
              + list(foreign)
              + ", which no "
              + context.type()
              + " with these keys wrote and Overwrite would remove."
              + " Write to another folder, remove them, or set \"replaceAll\" to true.");
    }
  }

  private void refuseOtherFormats(FolderContents contents, DataFormat written) {
    Predicate<Entry> other = file -> file.format().filter(format -> format != written).isPresent();
    List<Entry> mixed = contents.data().stream().filter(other).toList();
    if (!mixed.isEmpty()) {
      throw new StageException(
          "'"
              + uri
              + "' holds "
              + list(mixed)
              + ", and "
              + context.type()
              + " writes "
              + written.title()
              + ". Files of two formats in one folder cannot be read together; write to another"
              + " folder.");
    }
  }

  private void refuseOtherLayout(FolderContents contents, FileTarget target) {
    List<Entry> elsewhere =
        contents.data().stream()
            .filter(file -> file.folders().stream().allMatch(folder -> folder.contains("=")))
            .filter(file -> !file.isLaidOutBy(target.partitionBy()))
            .toList();
    if (!elsewhere.isEmpty()) {
      throw new StageException(
          "'"
              + uri
              + "' holds "
              + list(elsewhere)
              + ", laid out otherwise than \"partitionBy\" "
              + target.partitionBy()
              + " says, so that they cannot be read together. Write with the columns that the"
              + " folder is laid out by, or to another folder.");
    }
  }

  /** Tells of a load that did nothing, as its mode says. */
  void tellIgnored() {
    context.warn(
        ErrorCode.NOTHING_WRITTEN,
        "Nothing was written to " + uri + ": it is there, and \"saveMode\" is \"Ignore\"",
        null);
  }

  static String list(List<Entry> files) {
    String first =
        files.stream()
            .map(Entry::relative)
            .sorted()
            .limit(LISTED)
            .collect(Collectors.joining(", "));
    int more = files.size() - LISTED;
    return (files.size() == 1 ? "1 file" : files.size() + " files")
        + " ("
        + first
        + (more > 0 ? " and " + more + " more" : "")
        + ")";
  }

  private static String sentence(String remedy) {
    return Character.toUpperCase(remedy.charAt(0)) + remedy.substring(1) + ".";
  }
}
