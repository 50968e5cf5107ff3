package io.sqletl.engine.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Copies a folder into a bucket, file by file, where the bucket's file is missing or older. */
record BucketSeed(Path source, Path target, Supplier<LakeStaging> staging) {

  int copy() throws IOException {
    List<Path> files;
    try (Stream<Path> tree = Files.walk(source)) {
      files = tree.filter(Files::isRegularFile).toList();
    }
    int copied = 0;
    for (Path file : files) {
      Path to = target.resolve(source.relativize(file).toString());
      if (isDue(file, to)) {
        Path staged = staging.get().newFile();
        Files.copy(file, staged, StandardCopyOption.COPY_ATTRIBUTES);
        LakeStaging.publish(staged, to);
        copied++;
      }
    }
    return copied;
  }

  /** In milliseconds, because a copy's time may be kept less finely than the original's. */
  private static boolean isDue(Path file, Path to) throws IOException {
    return !Files.exists(to)
        || Files.getLastModifiedTime(file).toMillis() > Files.getLastModifiedTime(to).toMillis();
  }
}
