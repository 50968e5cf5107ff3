package io.sqletl.platform;

import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the files of this repository that are deployed. */
final class Repository {

  private static final Path ROOT = findRoot();

  private Repository() {}

  /**
   * A file or folder of the repository.
   *
   * @param path relative to the repository's root
   * @param remedy what a person does when it is not there
   * @throws MissingFileException when it is not there
   */
  static Path file(String path, String remedy) {
    Path file = ROOT.resolve(path);
    if (!Files.exists(file)) {
      throw new MissingFileException("There is no " + file + ". " + remedy);
    }
    return file;
  }

  /** The toolkit starts the app where cdk.json is, a test runner in the module's folder. */
  private static Path findRoot() {
    Path start = Path.of("").toAbsolutePath();
    for (Path folder = start; folder != null; folder = folder.getParent()) {
      if (Files.exists(folder.resolve("cdk.json"))) {
        return folder;
      }
    }
    throw new MissingFileException(
        "There is no cdk.json in " + start + " or above it. Run this inside the repository.");
  }
}
