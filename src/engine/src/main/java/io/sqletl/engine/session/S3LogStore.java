package io.sqletl.engine.session;

import io.delta.storage.S3SingleDriverLogStore;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The log of Delta tables on S3, of which each version is written once, whoever writes it. Delta's
 * own store keeps two writers apart within one process only: of two processes that commit at the
 * same time the second takes the place of the first, whose rows are lost, and both end well.
 *
 * <p>A version is written on condition that it is not there, which S3 has since August 2024
 * (If-None-Match) and S3A since Hadoop 3.4.2. A store that knows no such condition has to be given
 * Delta's own class again: {@code
 * spark.delta.logStore.s3a.impl=io.delta.storage.S3SingleDriverLogStore}.
 */
public final class S3LogStore extends S3SingleDriverLogStore {

  /** The setting of Spark's that names this class. */
  static final String SETTING = "spark.delta.logStore.s3a.impl";

  /** As S3A has it; the file is created, or nothing is done. */
  private static final String ONLY_NEW = "fs.option.create.conditional.overwrite";

  /** Called by Delta, by name. */
  public S3LogStore(Configuration hadoop) {
    super(hadoop);
  }

  /**
   * Writes a file of the log.
   *
   * @throws FileAlreadyExistsException if it is there and must not be replaced, or if another
   *     writer was faster
   */
  @Override
  public void write(Path path, Iterator<String> actions, Boolean overwrite, Configuration hadoop)
      throws IOException {
    if (overwrite) {
      super.write(path, actions, true, hadoop);
      return;
    }
    FileSystem storage = path.getFileSystem(hadoop);
    Path file = resolvePathOnPhysicalStorage(path, hadoop);
    if (storage.exists(file)) {
      throw new FileAlreadyExistsException(file.toString());
    }
    byte[] lines = lines(actions);
    try {
      create(storage, file, lines);
    } catch (IOException e) {
      // Of a request whose answer was lost the second attempt finds what the first has written
      Optional<byte[]> there = read(storage, file, e);
      if (there.isEmpty()) {
        throw e;
      }
      if (!Arrays.equals(there.get(), lines)) {
        FileAlreadyExistsException lost = new FileAlreadyExistsException(file.toString());
        lost.initCause(e);
        throw lost;
      }
    }
  }

  private static byte[] lines(Iterator<String> actions) {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    while (actions.hasNext()) {
      lines.writeBytes((actions.next() + "\n").getBytes(StandardCharsets.UTF_8));
    }
    return lines.toByteArray();
  }

  private static void create(FileSystem storage, Path file, byte[] content) throws IOException {
    FSDataOutputStreamBuilder<?, ?> builder = storage.createFile(file);
    builder.overwrite(true);
    builder.must(ONLY_NEW, true);
    try (FSDataOutputStream out = builder.build()) {
      out.write(content);
    }
  }

  /** What is there; nothing if there is no such file, or that cannot be told. */
  private static Optional<byte[]> read(FileSystem storage, Path file, IOException reason) {
    try (InputStream in = storage.open(file)) {
      return Optional.of(in.readAllBytes());
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      reason.addSuppressed(e);
      return Optional.empty();
    }
  }
}
