package io.sqletl.engine.cli;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.JobException;
import io.sqletl.engine.job.Problem;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Finds what may be a job in folders. */
final class JobSearch {

  /** Data may be JSON too; no job is as large. */
  private static final long LARGEST = 10 << 20;

  private static final Set<String> NEVER = Set.of("node_modules", "target", "build", "__pycache__");

  /**
   * A file to check.
   *
   * @param path as the user would name it
   * @param named whether the user did, so that it has to be a job
   * @param problem why it cannot be looked at; null if it can
   */
  record Candidate(String path, boolean named, String problem) {}

  private JobSearch() {}

  /**
   * The files that are named, and those in folders that are named, in order of their names.
   *
   * @throws JobException if a folder cannot be read
   */
  static List<Candidate> find(List<String> paths) {
    List<Candidate> found = new ArrayList<>();
    for (String path : paths) {
      if (isFolder(path)) {
        found.addAll(in(Path.of(path)));
      } else {
        found.add(new Candidate(path, true, null));
      }
    }
    return found;
  }

  static boolean isFolder(String path) {
    try {
      return !path.matches("[A-Za-z][A-Za-z0-9+.-]+:.*") && Files.isDirectory(Path.of(path));
    } catch (InvalidPathException e) {
      return false; // Who reads it says what is wrong
    }
  }

  private static List<Candidate> in(Path folder) {
    List<Path> files = new ArrayList<>();
    List<Candidate> unseen = new ArrayList<>();
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path inner, BasicFileAttributes attributes) {
              String name = String.valueOf(inner.getFileName());
              boolean passed =
                  !inner.equals(folder) && (name.startsWith(".") || NEVER.contains(name));
              return passed ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              String name = file.getFileName().toString();
              boolean mayBeJob =
                  name.matches(".+\\.(ipynb|conf)")
                      || name.endsWith(".json") && attributes.size() <= LARGEST;
              if (Files.isRegularFile(file) && mayBeJob) {
                files.add(file);
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
              unseen.add(
                  new Candidate(
                      file.normalize().toString(),
                      false,
                      file + " cannot be read: " + JobSearch.reason(e)));
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new JobException(
          Problem.of(
              ErrorCode.USAGE, "The folder " + folder + " cannot be read: " + e.getMessage()));
    }
    return Stream.concat(
            files.stream()
                .sorted()
                .map(file -> new Candidate(file.normalize().toString(), false, null)),
            unseen.stream())
        .toList();
  }

  private static String reason(IOException e) {
    return e instanceof AccessDeniedException ? "permission denied" : e.getMessage();
  }
}
