package io.sqletl.engine.stage.extract;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.StageContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * Files of one folder that look like copies of each other, whose rows are read twice: by the names
 * that programs give copies, or by their bytes.
 */
final class CopiedFiles {

  /** What a copy has in its name that its original has not. */
  private static final List<Pattern> SIGNS =
      List.of(
          Pattern.compile("^(.+)()(?:~|\\.bak|\\.old|\\.orig|\\.copy|\\.save|\\.tmp|\\.part)$"),
          Pattern.compile("^(.+)()\\.(?:gz|bz2|zst|deflate|lz4|snappy|xz)$"),
          Pattern.compile(
              "^(.+?)(?:(?: -)?[ _-](?:copy|kopie|copie|copia|kopia|kopi|cópia)"
                  + "(?: ?\\(\\d+\\)| \\d)?| ?\\(\\d+\\))((?:\\.[^.]+){0,2})$",
              Pattern.CASE_INSENSITIVE),
          Pattern.compile("^()(?:Copy of|Kopie von|Copie de|Copia de) (.+)$"));

  private static final int MOST_NAMED = 3;

  /** So many pairs of files of one length are looked into, and so far. */
  private static final int MOST_PAIRS = 4;

  private static final int FEWEST_LINES = 3;

  private static final int MOST_BYTES = 1 << 20;

  private CopiedFiles() {}

  /**
   * @param areText whether the files are lines of text, of which two without a difference are no
   *     chance
   */
  static void tell(
      List<FileStatus> files, boolean areText, Configuration configuration, StageContext context) {
    List<String> found = byName(files);
    if (found.isEmpty() && areText) {
      found = byBytes(files, configuration);
    }
    if (!found.isEmpty()) {
      context.warn(
          ErrorCode.COPIED_FILES,
          "Files that look like copies are read, each with all of its rows: "
              + String.join("; ", found.subList(0, Math.min(MOST_NAMED, found.size())))
              + (found.size() > MOST_NAMED ? "; …" : ""),
          "move copies elsewhere, or give a pattern as \"inputURI\" that leaves them out");
    }
  }

  private static List<String> byName(List<FileStatus> files) {
    Set<Path> there = files.stream().map(FileStatus::getPath).collect(Collectors.toSet());
    List<String> found = new ArrayList<>();
    for (FileStatus file : files) {
      original(file.getPath())
          .filter(there::contains)
          .ifPresent(other -> found.add(file.getPath().getName() + " beside " + other.getName()));
    }
    return found;
  }

  private static Optional<Path> original(Path file) {
    for (Pattern sign : SIGNS) {
      Matcher name = sign.matcher(file.getName());
      if (name.matches()) {
        return Optional.of(new Path(file.getParent(), name.group(1) + name.group(2)));
      }
    }
    return Optional.empty();
  }

  private static List<String> byBytes(List<FileStatus> files, Configuration configuration) {
    Map<String, FileStatus> byLength = new HashMap<>();
    List<String> found = new ArrayList<>();
    int pairs = 0;
    for (FileStatus file : files) {
      String place = file.getPath().getParent() + " " + file.getLen();
      FileStatus other = byLength.putIfAbsent(place, file);
      if (other != null && file.getLen() > 0 && pairs < MOST_PAIRS) {
        pairs++;
        if (isSame(file, other, configuration)) {
          found.add(file.getPath().getName() + " has the bytes of " + other.getPath().getName());
        }
      }
    }
    return found;
  }

  private static boolean isSame(FileStatus one, FileStatus other, Configuration configuration) {
    try {
      byte[] bytes = first(one.getPath(), configuration);
      return hasRecords(bytes) && Arrays.equals(bytes, first(other.getPath(), configuration));
    } catch (IOException e) {
      // Who reads the files tells what is wrong with them
      return false;
    }
  }

  /** Files that are a header alone, or one short answer, are often alike. */
  private static boolean hasRecords(byte[] bytes) {
    int lines = 0;
    for (byte one : bytes) {
      lines += one == '\n' ? 1 : 0;
    }
    return lines >= FEWEST_LINES;
  }

  private static byte[] first(Path file, Configuration configuration) throws IOException {
    try (FSDataInputStream stream = file.getFileSystem(configuration).open(file)) {
      return stream.readNBytes(MOST_BYTES);
    }
  }
}
