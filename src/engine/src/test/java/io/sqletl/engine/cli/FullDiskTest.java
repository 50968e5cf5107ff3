package io.sqletl.engine.cli;

import static io.sqletl.engine.cli.CommandLineFixture.etl;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A disk of a few megabytes; left out where this account may not mount one. */
class FullDiskTest {

  @TempDir private Path folder;

  private Path disk;

  @BeforeEach
  void mount() throws Exception {
    disk = Files.createDirectory(folder.resolve("disk"));
    assumeThat(ran("mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", disk.toString())).isTrue();
  }

  @AfterEach
  void unmount() throws Exception {
    ran("umount", disk.toString());
  }

  private static boolean ran(String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(1, TimeUnit.MINUTES) && process.exitValue() == 0;
    } catch (IOException e) {
      // There is no such command
      return false;
    }
  }

  /** In one request, and in parts. */
  @ParameterizedTest
  @ValueSource(ints = {80_000, 400_000})
  void aLakeOnAFullDiskIsToldWithItsPath(int rows) throws IOException {
    Path job = folder.resolve("job.conf");
    Files.writeString(
        job,
        """
        stages = [
          {type: SQLTransform, name: rows, environments: [test], outputView: rows,
            sql: "SELECT id, sha2(string(id), 512) AS text FROM range(0, %d, 1, 1)"}
          {type: ParquetLoad, name: load, environments: [test], inputView: rows,
            outputURI: "s3a://bucket/rows"}
        ]
        """
            .formatted(rows));
    CommandLineFixture run =
        etl("run", "--log", "text", "--lake", disk.resolve("lake").toString(), job.toString());
    assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
    assertThat(run.err())
        .contains("stage \"load\"", "The disk is full, at " + disk.toRealPath() + "/lake/bucket/")
        .contains("make room there");
  }
}
