package io.sqletl.engine.session;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The hidden folder in which one process writes what it then moves into a bucket, so that a file in
 * a bucket is always whole, also when the process is killed.
 *
 * <p>The folder is locked as long as its process lives; what processes that died have left is
 * removed by the next one.
 */
final class LakeStaging implements AutoCloseable {

  /** No bucket can have this name: those of S3 begin with a letter or a digit. */
  private static final String PREFIX = ".staging-";

  private static final String LOCK = ".lock";

  /** Another process may remove a folder that became empty just before a file comes into it. */
  private static final int ATTEMPTS = 20;

  /** A folder younger than this may belong to a process that is about to lock it. */
  private static final Duration TIME_TO_LOCK = Duration.ofSeconds(10);

  /** Those of this process: to try the lock of one and close the file again would release it. */
  private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private final FileChannel channel;

  private LakeStaging(Path folder, FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  static LakeStaging open(Path lake) throws IOException {
    removeAbandoned(lake);
    Path folder = Files.createDirectory(lake.resolve(PREFIX + UUID.randomUUID()));
    OWN.add(folder);
    FileChannel channel =
        FileChannel.open(
            folder.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    channel.lock();
    return new LakeStaging(folder, channel);
  }

  /** Its name as a bucket of the lake. */
  String name() {
    return folder.getFileName().toString();
  }

  Path file(String name) {
    return folder.resolve(name);
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
    try {
      removeTree(folder);
      channel.close();
      OWN.remove(folder);
    } catch (IOException e) {
      // What is left is hidden, and the next process that opens the lake removes it
      System.getLogger(LakeStaging.class.getName())
          .log(System.Logger.Level.DEBUG, folder::toString, e);
    }
  }

  private static void removeAbandoned(Path lake) throws IOException {
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(lake, PREFIX + "*")) {
      for (Path folder : folders) {
        if (isAbandoned(folder)) {
          removeTree(folder);
        }
      }
    }
  }

  private static boolean isAbandoned(Path folder) throws IOException {
    if (OWN.contains(folder)) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      return lock != null && isOld(folder);
    } catch (NoSuchFileException e) {
      return isOld(folder);
    }
  }

  private static boolean isOld(Path folder) throws IOException {
    return Files.exists(folder)
        && Files.getLastModifiedTime(folder)
            .toInstant()
            .isBefore(Instant.now().minus(TIME_TO_LOCK));
  }

  private static void removeTree(Path folder) throws IOException {
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.deleteIfExists(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure)
                throws IOException {
              if (failure instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
              }
              throw failure;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure)
                throws IOException {
              if (failure != null) {
                throw failure;
              }
              Files.deleteIfExists(visited);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (NoSuchFileException e) {
      // Another process was quicker
      return;
    }
  }
}
