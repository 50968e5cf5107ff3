package io.sqletl.engine.session.kubernetes;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The pod template of the executors, for one run. */
final class PodTemplate {

  private static final String RESOURCE = "executor-pod.yaml";

  private PodTemplate() {}

  static String text(String run) {
    try (InputStream stream = PodTemplate.class.getResourceAsStream(RESOURCE)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8).replace("{{run}}", run);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Writes it where Spark reads it; the file goes with this process. */
  static Path write(String run) {
    try {
      Path file = Files.createTempFile("executor-pod", ".yaml");
      file.toFile().deleteOnExit();
      return Files.writeString(file, text(run));
    } catch (IOException e) {
      throw ClusterException.of(
          "The pod template of the executors cannot be written: " + e.getMessage(),
          "give the driver a folder that it can write with -Djava.io.tmpdir",
          e);
    }
  }
}
