package io.sqletl.engine.stage.jdbc;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** The file of an SQLite database; its driver makes an empty one where there is none. */
public final class SqliteFile {

  private static final String URL = "jdbc:sqlite:";

  private SqliteFile() {}

  /** Where a URL says that it is; nothing for other databases, and for one in memory. */
  public static Optional<Path> of(String url) {
    if (!url.startsWith(URL)) {
      return Optional.empty();
    }
    String name = url.substring(URL.length());
    String path = name.replaceFirst("\\?.*", "");
    boolean isInMemory =
        path.isEmpty()
            || path.startsWith(":")
            || path.startsWith("file::")
            || name.toLowerCase(Locale.ROOT).contains("mode=memory");
    try {
      return isInMemory ? Optional.empty() : Optional.of(path(path).toAbsolutePath().normalize());
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // Whatever it means, the driver says what is wrong with it
    }
  }

  private static Path path(String name) throws InvalidPathException {
    return name.startsWith("file:/")
        ? Path.of(URI.create(name))
        : Path.of(name.replaceFirst("^file:", ""));
  }

  /** The same, if there is nothing. */
  public static Optional<Path> missing(String url) {
    return of(url).filter(Files::notExists);
  }
}
