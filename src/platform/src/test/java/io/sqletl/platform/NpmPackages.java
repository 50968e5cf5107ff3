package io.sqletl.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * What the app takes from npm, installed as a user does it when a fresh clone has none of it yet.
 */
final class NpmPackages {

  private NpmPackages() {}

  static synchronized void install() {
    Path root = Repository.file("package-lock.json", "").getParent();
    if (Files.exists(root.resolve("node_modules/.package-lock.json"))) {
      return;
    }
    try {
      Path log = Files.createTempFile("npm", ".log");
      Process npm =
          new ProcessBuilder("npm", "ci", "--no-progress")
              .directory(root.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      if (!npm.waitFor(5, TimeUnit.MINUTES) || npm.exitValue() != 0) {
        npm.destroy();
        throw new IllegalStateException("npm ci failed:\n" + Files.readString(log));
      }
      Files.delete(log);
    } catch (IOException e) {
      throw new UncheckedIOException("npm, which comes with Node.js, is needed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
