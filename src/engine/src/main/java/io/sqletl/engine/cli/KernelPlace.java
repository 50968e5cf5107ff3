package io.sqletl.engine.cli;

import io.sqletl.engine.kernel.KernelSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The part of a command line that says where Jupyter looks for the kernel. */
final class KernelPlace {

  private static final int PYTHON_SECONDS = 20;

  @ArgGroup(exclusive = true)
  private Choice choice = new Choice();

  /** One of the places. */
  static final class Choice {

    @Option(names = "--user", description = "For this user (the default).")
    private boolean user;

    @Option(
        names = "--prefix",
        paramLabel = "DIR",
        description = "Below DIR/share/jupyter, such as that of a Python environment.")
    private Path prefix;

    @Option(names = "--sys-prefix", description = "In the Python environment that is active.")
    private boolean sysPrefix;
  }

  KernelSpec spec() throws IOException {
    if (choice.prefix != null) {
      return KernelSpec.in(share(choice.prefix.toAbsolutePath()));
    }
    if (choice.sysPrefix) {
      return KernelSpec.in(share(pythonPrefix()));
    }
    return KernelSpec.in(
        KernelSpec.userData(
            System.getenv(),
            Path.of(System.getProperty("user.home")),
            System.getProperty("os.name")));
  }

  private static Path share(Path prefix) {
    return prefix.resolve("share").resolve("jupyter");
  }

  /** What Python itself says, since environments are marked in several ways. */
  private static Path pythonPrefix() throws IOException {
    Process python =
        new ProcessBuilder("python3", "-c", "import sys; print(sys.prefix)")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String answer =
        new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    try {
      if (!python.waitFor(PYTHON_SECONDS, TimeUnit.SECONDS) || python.exitValue() != 0) {
        throw new IOException("python3 does not say where its environment is");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while asking python3", e);
    }
    return Path.of(answer);
  }
}
