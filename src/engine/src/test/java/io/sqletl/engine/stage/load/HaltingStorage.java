package io.sqletl.engine.stage.load;

import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * Local files as {@code halt:}, which after a number of changes takes no more: what a process that
 * was killed there would have left.
 */
public final class HaltingStorage extends RawLocalFileSystem {

  private static final AtomicLong LEFT = new AtomicLong(Long.MAX_VALUE);

  static void haltAfter(long changes) {
    LEFT.set(changes);
  }

  private static void step() throws IOException {
    if (LEFT.getAndDecrement() <= 0) {
      throw new IOException("The process is dead");
    }
  }

  @Override
  public URI getUri() {
    return URI.create("halt:///");
  }

  @Override
  public String getScheme() {
    return "halt";
  }

  @Override
  public FSDataOutputStream create(
      Path file,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    step();
    return super.create(file, permission, overwrite, bufferSize, replication, blockSize, progress);
  }

  @Override
  public FSDataOutputStream create(
      Path file,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    step();
    return super.create(file, overwrite, bufferSize, replication, blockSize, progress);
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    step();
    return super.rename(from, to);
  }

  @Override
  public boolean delete(Path file, boolean recursive) throws IOException {
    if (exists(file)) {
      step();
    }
    return super.delete(file, recursive);
  }

  @Override
  public boolean mkdirs(Path folder) throws IOException {
    if (!exists(folder)) {
      step();
    }
    return super.mkdirs(folder);
  }

  @Override
  public FileStatus getFileStatus(Path file) throws IOException {
    return plain(super.getFileStatus(file));
  }

  @Override
  public FileStatus[] listStatus(Path folder) throws IOException {
    return Arrays.stream(super.listStatus(folder))
        .map(HaltingStorage::plain)
        .toArray(FileStatus[]::new);
  }

  /** Those of local files look their permissions up, and want the scheme to be theirs. */
  private static FileStatus plain(FileStatus status) {
    return new FileStatus(
        status.getLen(),
        status.isDirectory(),
        1,
        status.getBlockSize(),
        status.getModificationTime(),
        status.getPath());
  }
}
