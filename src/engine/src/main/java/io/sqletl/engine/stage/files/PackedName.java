package io.sqletl.engine.stage.files;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Files whose name says that they are packed, and that are not. */
public final class PackedName {

  private PackedName() {}

  /** What is wrong with the name of a file, and what to do; nothing when it may be right. */
  public static Optional<String> problem(Path file, Configuration configuration) {
    if (!file.getName().endsWith(".gz")) {
      return Optional.empty();
    }
    try (InputStream bytes = file.getFileSystem(configuration).open(file)) {
      byte[] start = bytes.readNBytes(FileSignature.LENGTH);
      // Of a file of fewer bytes than a sign has, whoever reads it says that it ends too soon
      return start.length < 2 || FileSignature.GZIP.isAt(start, 0, start.length)
          ? Optional.empty()
          : Optional.of(
              "its name ends in .gz, but it is not packed; take the .gz off its name, or pack it");
    } catch (IOException e) {
      // Whoever reads the file says what is wrong with it
      return Optional.empty();
    }
  }
}
