package io.sqletl.engine.session;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A folder of one process, which no other account may look into, with a name that nobody can
 * foretell.
 *
 * <p>It is locked as long as its process lives; what processes of the same account that died have
 * left is removed by the next one.
 */
final class LockedFolder implements AutoCloseable {

  private static final String LOCK = ".lock";

  /** A folder younger than this may belong to a process that is about to lock it. */
  private static final Duration TIME_TO_LOCK = Duration.ofSeconds(10);

  /** Those of this process: to try the lock of one and close the file again would release it. */
  private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private final FileChannel channel;

  private LockedFolder(Path folder, FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  /**
   * Makes one, and removes what others have left.
   *
   * @param parent where, a folder that is there
   * @param prefix what the names of these folders begin with
   */
  static LockedFolder create(Path parent, String prefix) throws IOException {
    Path folder = Files.createDirectory(parent.resolve(prefix + UUID.randomUUID()), ofTheUser());
    OWN.add(folder);
    FileChannel channel =
        FileChannel.open(
            folder.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    channel.lock();
    LockedFolder created = new LockedFolder(folder, channel);
    created.removeAbandoned(prefix);
    return created;
  }

  private static FileAttribute<?>[] ofTheUser() {
    return Path.of("").getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        }
        : new FileAttribute<?>[0];
  }

  Path path() {
    return folder;
  }

  @Override
  public void close() {
    try {
      removeTree(folder);
      channel.close();
      OWN.remove(folder);
    } catch (IOException e) {
      // The next process removes what is left
      System.getLogger(LockedFolder.class.getName())
          .log(System.Logger.Level.DEBUG, folder::toString, e);
    }
  }

  private void removeAbandoned(String prefix) throws IOException {
    try (DirectoryStream<Path> folders =
        Files.newDirectoryStream(folder.getParent(), prefix + "*")) {
      for (Path other : folders) {
        if (isAbandoned(other)) {
          removeTree(other);
        }
      }
    }
  }

  private boolean isAbandoned(Path other) throws IOException {
    try {
      if (OWN.contains(other)
          || !Files.isDirectory(other, LinkOption.NOFOLLOW_LINKS)
          || !Files.getOwner(other).equals(Files.getOwner(folder))) {
        return false;
      }
    } catch (NoSuchFileException e) {
      // Its process ended meanwhile
      return false;
    }
    try (FileChannel lockFile = FileChannel.open(other.resolve(LOCK), StandardOpenOption.WRITE);
        FileLock lock = lockFile.tryLock()) {
      return lock != null && isOld(other);
    } catch (NoSuchFileException e) {
      return isOld(other);
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
