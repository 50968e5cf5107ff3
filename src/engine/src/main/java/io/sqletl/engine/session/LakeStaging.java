package io.sqletl.engine.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/**
 * The hidden folder in which one process writes what it then moves into a bucket, so that a file in
 * a bucket is always whole, also when the process is killed.
 */
final class LakeStaging implements AutoCloseable {

  /** No bucket can have this name: those of S3 begin with a letter or a digit. */
  private static final String PREFIX = ".staging-";

  /** Another process may remove a folder that became empty just before a file comes into it. */
  private static final int ATTEMPTS = 20;

  private final LockedFolder folder;

  private LakeStaging(LockedFolder folder) {
    this.folder = folder;
  }

  static LakeStaging open(Path lake) throws IOException {
    return new LakeStaging(LockedFolder.create(lake, PREFIX));
  }

  /** Its name as a bucket of the lake. */
  String name() {
    return folder.path().getFileName().toString();
  }

  Path file(String name) {
    return folder.path().resolve(name);
  }

  /** A file of this folder that nothing else uses. */
  Path newFile() {
    return file(UUID.randomUUID().toString());
  }

  /** Moves a finished file to its place, over what is there. */
  static void publish(Path staged, Path target) throws IOException {
    intoPlace(
        target,
        () ->
            Files.move(
                staged,
                target,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING));
  }

  /**
   * Moves a finished file to its place unless there is one already: of several that try at the same
   * time, in whatever process, one succeeds.
   *
   * @throws java.nio.file.FileAlreadyExistsException if there is
   */
  static void publishNew(Path staged, Path target) throws IOException {
    // A rename replaces what is there; a hard link does not
    intoPlace(target, () -> Files.createLink(target, staged));
    Files.delete(staged);
  }

  private static void intoPlace(Path target, Placement placement) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        Files.createDirectories(target.getParent());
        placement.run();
        return;
      } catch (NoSuchFileException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  @FunctionalInterface
  private interface Placement {
    void run() throws IOException;
  }

  @Override
  public void close() {
    folder.close();
  }
}
