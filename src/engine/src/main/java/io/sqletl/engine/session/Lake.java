package io.sqletl.engine.session;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A folder whose sub-folders are S3 buckets: what stands in for Amazon S3 on a laptop.
 *
 * <p>Objects are ordinary files, {@code LAKE/BUCKET/KEY}, that a user may look at, add and edit. A
 * job reaches them as it does on Amazon S3, by {@code s3a://BUCKET/KEY} through the S3A client; the
 * server for that starts in this process when it is first needed. Several processes may use one
 * lake at a time.
 */
public final class Lake implements AutoCloseable {

  /** What Amazon S3 and S3Proxy accept. */
  private static final Pattern BUCKET_NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

  private final Path folder;
  private LakeStaging staging;
  private LakeServer server;

  private Lake(Path folder) {
    this.folder = folder;
  }

  /**
   * The lake in that folder, which need not exist; nothing on disk is touched before it must be.
   */
  public static Lake at(Path folder) {
    return new Lake(folder.toAbsolutePath().normalize());
  }

  public Path folder() {
    return folder;
  }

  /** The file or folder behind an {@code s3a://BUCKET/KEY}; empty for other URIs. */
  public Optional<Path> locate(String uri) {
    if (!uri.startsWith("s3a://")) {
      return Optional.empty();
    }
    // Keys are not percent-encoded in the URIs of Hadoop, so that java.net.URI cannot read them
    Path located = folder.resolve(uri.substring("s3a://".length())).normalize();
    return located.startsWith(folder) && !located.equals(folder)
        ? Optional.of(located)
        : Optional.empty();
  }

  /** The URI by which a job reads a file of this lake; empty for files elsewhere. */
  public Optional<String> uriOf(Path file) {
    Path absolute = file.toAbsolutePath().normalize();
    return absolute.startsWith(folder) && !absolute.equals(folder)
        ? Optional.of("s3a://" + folder.relativize(absolute).toString().replace('\\', '/'))
        : Optional.empty();
  }

  /**
   * Makes the folder of a bucket unless it is there.
   *
   * @throws LakeException if the lake cannot be written
   */
  public Path createBucket(String bucket) {
    if (!BUCKET_NAME.matcher(bucket).matches()) {
      throw new LakeException(
          "\"" + bucket + "\" is no name for an S3 bucket",
          "use 3 to 63 lower-case letters, digits, dots and hyphens",
          null);
    }
    try {
      return Files.createDirectories(folder.resolve(bucket));
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  /**
   * Brings what the repository ships into a bucket, under {@code app_code}: files that the bucket
   * lacks, and those that are newer in the repository. A file that is newer in the bucket stays.
   *
   * <p>A process that dies half-way leaves whole files only; the next call adds the rest.
   *
   * @return how many files were copied
   * @throws LakeException if the lake cannot be written
   */
  public int seed(String bucket, Path appCode) {
    try {
      return new BucketSeed(appCode, createBucket(bucket).resolve("app_code"), this::staging)
          .copy();
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  /**
   * Hadoop settings by which S3A reaches this lake, from this process and from executors on this
   * machine; starts the server on the first call.
   *
   * @throws LakeException if the lake cannot be written or served
   */
  public synchronized Map<String, String> hadoopConfiguration() {
    if (server == null) {
      try {
        server = LakeServer.start(this, staging());
      } catch (IOException e) {
        throw unusable(e);
      }
    }
    return server.hadoopConfiguration();
  }

  /** Whether the S3 server runs. */
  public synchronized boolean isServing() {
    return server != null;
  }

  /** Stops the server; what was written stays. */
  @Override
  public synchronized void close() {
    if (server != null) {
      server.close();
      server = null;
    }
    if (staging != null) {
      staging.close();
      staging = null;
    }
  }

  private synchronized LakeStaging staging() {
    if (staging == null) {
      try {
        staging = LakeStaging.open(Files.createDirectories(folder));
      } catch (IOException e) {
        throw unusable(e);
      }
    }
    return staging;
  }

  private LakeException unusable(IOException cause) {
    return new LakeException(
        "Cannot write the lake folder " + folder + ": " + reason(cause),
        "choose a folder that you can write with --lake DIR",
        cause);
  }

  private static String reason(IOException cause) {
    if (cause instanceof AccessDeniedException) {
      return "permission denied";
    }
    return cause instanceof FileAlreadyExistsException file
        ? file.getFile() + " is a file"
        : cause.getMessage();
  }
}
