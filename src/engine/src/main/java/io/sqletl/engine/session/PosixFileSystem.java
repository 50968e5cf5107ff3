package io.sqletl.engine.session;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * Hadoop's file system of this machine, without a process for each file: where Hadoop's native
 * library is not installed, which is nearly everywhere, it runs {@code chmod} for every file and
 * folder that it makes, {@code ls} for permissions and {@code readlink} for each commit of a table.
 * Otherwise the same, checksums too.
 */
public final class PosixFileSystem extends LocalFileSystem {

  /** With the bit that lets only owners delete in a folder, which Java's own view has not. */
  private static final String MODE = "unix:mode";

  private static final int PERMISSIONS = 01777;

  /** For Hadoop. */
  public PosixFileSystem() {
    super(new Raw());
  }

  /**
   * The settings of Hadoop's with which it is used; none where files have no POSIX permissions, as
   * on Windows.
   */
  static Map<String, String> settings() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("unix")
        ? Map.of(
            "fs.file.impl",
            PosixFileSystem.class.getName(),
            "fs.AbstractFileSystem.file.impl",
            PosixFs.class.getName())
        : Map.of();
  }

  /** The files alone, without checksums. */
  static final class Raw extends RawLocalFileSystem {

    @Override
    public void setPermission(Path path, FsPermission permission) throws IOException {
      Files.setAttribute(pathToFile(path).toPath(), MODE, (int) permission.toShort());
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
      File file = pathToFile(path);
      try {
        return new Status(
            file,
            Files.readAttributes(file.toPath(), BasicFileAttributes.class),
            getDefaultBlockSize(path),
            new Path(file.getPath()).makeQualified(getUri(), getWorkingDirectory()));
      } catch (NoSuchFileException e) {
        throw notThere(path, e);
      }
    }

    private static FileNotFoundException notThere(Path path, NoSuchFileException cause) {
      FileNotFoundException notThere =
          new FileNotFoundException("File " + path + " does not exist");
      notThere.initCause(cause);
      return notThere;
    }

    @Override
    public FileStatus getFileLinkStatus(Path path) throws IOException {
      return Files.isSymbolicLink(pathToFile(path).toPath())
          ? super.getFileLinkStatus(path)
          : getFileStatus(path);
    }
  }

  /** Looks at owner and permissions only when they are asked for. */
  private static final class Status extends FileStatus {

    private static final long serialVersionUID = 1;

    private final String file;
    private boolean known;

    private Status(File file, BasicFileAttributes attributes, long blockSize, Path path) {
      super(
          attributes.size(),
          attributes.isDirectory(),
          1,
          blockSize,
          attributes.lastModifiedTime().toMillis(),
          attributes.lastAccessTime().toMillis(),
          null,
          null,
          null,
          path);
      this.file = file.getPath();
    }

    @Override
    public FsPermission getPermission() {
      look();
      return super.getPermission();
    }

    @Override
    public String getOwner() {
      look();
      return super.getOwner();
    }

    @Override
    public String getGroup() {
      look();
      return super.getGroup();
    }

    private synchronized void look() {
      if (known) {
        return;
      }
      try {
        Map<String, Object> attributes =
            Files.readAttributes(java.nio.file.Path.of(file), MODE + ",owner,group");
        setPermission(new FsPermission((short) ((int) attributes.get("mode") & PERMISSIONS)));
        setOwner(attributes.get("owner").toString());
        setGroup(attributes.get("group").toString());
        known = true;
      } catch (NoSuchFileException e) {
        // Gone since it was listed: whoever opens it learns that
        known = true;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
