package io.sqletl.engine.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where Spark and its libraries keep blocks, shuffles, spills and other temporary files of this
 * process. In their own folders any account may read them, and those of a killed run stay for good.
 */
final class ScratchFolder {

  private static final String PREFIX = "sqletl-run-";
  private static final String TEMPORARY = "java.io.tmpdir";

  /** Before it is changed. */
  private static final Path PARENT = Path.of(System.getProperty(TEMPORARY)).toAbsolutePath();

  private static LockedFolder folder;

  private ScratchFolder() {}

  /**
   * The one of this process, removed when it ends, and from now on its folder for temporary files.
   *
   * @throws SessionException if the temporary folder cannot be written
   */
  static synchronized Path ofThisProcess() {
    if (folder == null || !Files.isDirectory(folder.path())) {
      try {
        LockedFolder created = LockedFolder.create(PARENT, PREFIX);
        Runtime.getRuntime().addShutdownHook(new Thread(created::close, "scratch-folder"));
        folder = created;
        System.setProperty(TEMPORARY, created.path().toString());
      } catch (IOException e) {
        throw new SessionException(
            "The temporary folder "
                + PARENT
                + " cannot be written: "
                + e
                + "; name another with ETL_JAVA_OPTS=-Djava.io.tmpdir=DIR",
            e);
      }
    }
    return folder.path();
  }
}
