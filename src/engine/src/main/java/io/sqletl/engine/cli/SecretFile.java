package io.sqletl.engine.cli;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.JobException;
import io.sqletl.engine.job.Problem;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of {@code NAME=VALUE} lines whose values are secret, whatever their names say. Unlike an
 * argument, its content is not shown by {@code ps}, and stays in no history of a shell.
 */
final class SecretFile {

  private static final Pattern LINE = Pattern.compile("\\s*([A-Za-z_][A-Za-z0-9_.]*)\\s*=(.*)");

  private SecretFile() {}

  /**
   * Reads one.
   *
   * @return values by name, in the file's order; one pair of quotes around a value is not part of
   *     it
   * @throws JobException naming file and line, never a value, if it cannot be read, or if another
   *     account of this machine can read it
   */
  static Map<String, String> read(Path file) {
    List<String> lines = lines(file);
    Map<String, String> values = new LinkedHashMap<>();
    List<Problem> problems = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.isBlank() || line.stripLeading().startsWith("#")) {
        continue;
      }
      Matcher matcher = LINE.matcher(line);
      if (!matcher.matches()) {
        problems.add(
            problem(
                "Line " + (i + 1) + " of the secret file " + file + " is no variable",
                "write NAME=VALUE, one a line"));
      } else if (values.put(matcher.group(1), unquoted(matcher.group(2).strip())) != null) {
        problems.add(
            problem(
                "Line "
                    + (i + 1)
                    + " of the secret file "
                    + file
                    + " gives "
                    + matcher.group(1)
                    + " again",
                "leave one of them out"));
      }
    }
    if (!problems.isEmpty()) {
      throw new JobException(problems);
    }
    return values;
  }

  private static List<String> lines(Path file) {
    try {
      if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
        Set<PosixFilePermission> who = Files.getPosixFilePermissions(file);
        if (who.contains(PosixFilePermission.GROUP_READ)
            || who.contains(PosixFilePermission.OTHERS_READ)) {
          throw new JobException(
              problem(
                  "Other accounts of this machine can read the secret file " + file,
                  "take their right away with: chmod 600 " + file));
        }
      }
      return Files.readAllLines(file);
    } catch (NoSuchFileException e) {
      throw new JobException(
          problem(
              "There is no secret file " + file, "give the path of a file of NAME=VALUE lines"));
    } catch (CharacterCodingException e) {
      throw new JobException(
          problem("The secret file " + file + " is not UTF-8", "save it as UTF-8"));
    } catch (IOException e) {
      throw new JobException(
          problem(
              "The secret file " + file + " cannot be read: " + e.getMessage(),
              "give a file of NAME=VALUE lines that is yours"));
    }
  }

  private static String unquoted(String value) {
    boolean isQuoted =
        value.length() >= 2
            && (value.charAt(0) == '"' || value.charAt(0) == '\'')
            && value.charAt(value.length() - 1) == value.charAt(0);
    return isQuoted ? value.substring(1, value.length() - 1) : value;
  }

  private static Problem problem(String message, String remedy) {
    return new Problem(ErrorCode.USAGE, null, message, remedy);
  }
}
