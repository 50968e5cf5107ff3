package io.sqletl.engine.stage.extract;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.files.LoadMarks;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.util.HadoopFSUtils;

/** Files beside those of an input that Spark does not read; a user may think that it does. */
final class PassedOver {

  /** What programs leave for themselves, which nobody means to read. */
  private static final Pattern OF_PROGRAMS =
      Pattern.compile(
          "_SUCCESS|_started.*|_committed.*|_temporary.*|_metadata|_common_metadata|_delta_log"
              + "|_symlink_format_manifest|_spark_metadata|_checkpoints?|\\..*\\.crc|\\.DS_Store"
              + "|\\.ipynb_checkpoints|\\.git.*|\\.keep|\\.nfs.*|\\._.*|.*\\._COPYING_|\\.sql-etl.*"
              + "|\\.spark-staging.*|\\.hive-staging.*|\\.hoodie|_change_data|_delta_index|__MACOSX"
              + "|__pycache__|\\.Trash.*|\\.snapshot|_\\$folder\\$|"
              + LoadMarks.FOLDER);

  private static final int MOST_NAMED = 3;
  private static final int MOST_FOLDERS = 50;

  private final Configuration configuration;
  private final List<String> hidden = new ArrayList<>();
  private final List<Path> folders = new ArrayList<>();
  private final List<Path> hiddenFolders = new ArrayList<>();
  private final List<String> alternatives = new ArrayList<>();
  private final List<String> otherCases = new ArrayList<>();

  PassedOver(Configuration configuration) {
    this.configuration = configuration;
  }

  /** A file whose name hides it. */
  void addFile(FileStatus file) {
    String name = file.getPath().getName();
    if (file.getLen() > 0 && !OF_PROGRAMS.matcher(name).matches()) {
      hidden.add(name);
    }
  }

  /** A folder that is no partition, or whose name hides it. */
  void addFolder(Path folder) {
    String name = folder.getName();
    if (!OF_PROGRAMS.matcher(name).matches()) {
      (HadoopFSUtils.shouldFilterOutPathName(name) ? hiddenFolders : folders).add(folder);
    }
  }

  /** One of several that a pattern names, which is not there. */
  void addAlternative(String pattern) {
    alternatives.add(pattern);
  }

  /** A file whose name a pattern would match if capitals did not count. */
  void addOtherCase(String name) {
    if (!HadoopFSUtils.shouldFilterOutPathName(name)) {
      otherCases.add(name);
    }
  }

  /**
   * Says so, once for each kind.
   *
   * @param remedy for files in folders below
   */
  void tell(String remedy, StageContext context) {
    if (!hidden.isEmpty()) {
      context.warn(
          ErrorCode.FILES_NOT_READ,
          count(hidden.size(), false)
              + " not read, by a name that begins with _ or . or ends with ._COPYING_: "
              + named(hidden),
          "rename what is data");
    }
    if (!otherCases.isEmpty()) {
      context.warn(
          ErrorCode.FILES_NOT_READ,
          count(otherCases.size(), false)
              + " not read, by capitals that the pattern does not have: "
              + named(otherCases),
          "rename what is data, or write both in the pattern, such as *.{csv,CSV}");
    }
    if (!alternatives.isEmpty()) {
      context.warn(
          ErrorCode.FILES_NOT_READ,
          "Nothing is there of " + named(alternatives) + ", which the pattern names",
          "correct \"inputURI\", or leave it out there");
    }
    Below hiddenBelow = below(hiddenFolders);
    if (!hiddenBelow.files.isEmpty()) {
      context.warn(
          ErrorCode.FILES_NOT_READ,
          count(hiddenBelow.files.size(), hiddenBelow.isMore)
              + " not read, being in folders whose names begin with _ or .: "
              + named(hiddenBelow.files),
          "rename the folders of what is data, or name them in a pattern, such as FOLDER/_NAME/*");
    }
    Below below = below(folders);
    if (!below.files.isEmpty()) {
      context.warn(
          ErrorCode.FILES_NOT_READ,
          count(below.files.size(), below.isMore)
              + " not read, being in folders below: "
              + named(below.files),
          remedy);
    }
  }

  /**
   * @param isMore whether there are more than are looked for
   */
  private record Below(List<String> files, boolean isMore) {}

  private Below below(List<Path> tops) {
    List<String> files = new ArrayList<>();
    boolean more = tops.size() > MOST_FOLDERS;
    for (Path folder : tops.subList(0, Math.min(MOST_FOLDERS, tops.size()))) {
      more |= addFiles(folder, files);
    }
    return new Below(files, more);
  }

  /** Whether there are more than are looked for. */
  private boolean addFiles(Path folder, List<String> found) {
    int seen = 0;
    try {
      FileSystem storage = folder.getFileSystem(configuration);
      RemoteIterator<org.apache.hadoop.fs.LocatedFileStatus> files =
          storage.listFiles(folder, true);
      while (files.hasNext()) {
        Path file = files.next().getPath();
        if (!HadoopFSUtils.shouldFilterOutPathName(file.getName()) && !isOfProgram(file, folder)) {
          found.add(folder.getName() + "/" + file.getName());
        }
        if (++seen == 1000) {
          return true;
        }
      }
    } catch (FileNotFoundException e) {
      // Gone meanwhile
      return false;
    } catch (IOException e) {
      return true;
    }
    return false;
  }

  /** Whether a folder between a file and one above it is a program's, such as a table's log. */
  private static boolean isOfProgram(Path file, Path above) {
    for (Path at = file.getParent(); at != null && !at.equals(above); at = at.getParent()) {
      if (OF_PROGRAMS.matcher(at.getName()).matches()) {
        return true;
      }
    }
    return false;
  }

  private static String count(int number, boolean more) {
    String least = more ? "at least " : "";
    return String.format(
        Locale.ROOT, "%s%d %s", least, number, number == 1 ? "file is" : "files are");
  }

  private static String named(List<String> names) {
    return String.join(", ", names.subList(0, Math.min(MOST_NAMED, names.size())))
        + (names.size() > MOST_NAMED ? ", …" : "");
  }
}
