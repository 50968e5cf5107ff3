package io.sqletl.engine.stage.files;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Files whose name says that they are packed, and that are not. */
public final class PackedName {

  private static final int GZIP = 0x1f8b;

  private PackedName() {}

  /** What is wrong with the name of a file, and what to do; nothing when it may be right. */
  public static Optional<String> problem(Path file, Configuration configuration) {
    if (!file.getName().endsWith(".gz")) {
      return Optional.empty();
    }
    try (InputStream bytes = file.getFileSystem(configuration).open(file)) {
      int start = bytes.read() << 8 | bytes.read();
      return start < 0 || start == GZIP
          ? Optional.empty()
          : Optional.of(
              "its name ends in .gz, but it is not packed; take the .gz off its name, or pack it");
    } catch (IOException e) {
      // Whoever reads the file says what is wrong with it
      return Optional.empty();
    }
  }
}
