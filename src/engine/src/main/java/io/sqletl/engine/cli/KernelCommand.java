package io.sqletl.engine.cli;

import io.sqletl.engine.kernel.KernelOptions;
import io.sqletl.engine.kernel.KernelServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code etl kernel}: the Jupyter kernel; Jupyter itself starts it. */
@Command(
    name = "kernel",
    description = "Installs the Jupyter kernel for jobs, or is that kernel.",
    subcommands = {KernelInstallCommand.class, KernelUninstallCommand.class},
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class KernelCommand implements Callable<Integer> {

  /** The folder of a lake, where no option names one. */
  private static final String LAKE = ".lake";

  @Spec private CommandSpec spec;

  @Option(
      names = "--connection",
      paramLabel = "FILE",
      description = "Jupyter's connection file; Jupyter gives it.")
  private Path connectionFile;

  @Option(
      names = "--lake",
      paramLabel = "DIR",
      description =
          "The folder whose subfolders are the buckets of s3a: (default: the nearest .lake from the"
              + " notebook's folder upwards, or a new one beside the notebook).")
  private Path lake;

  @Option(
      names = "--s3",
      description = "Reads and writes s3a: on S3 itself, with the usual AWS credentials.")
  private boolean s3;

  @Option(
      names = "--master",
      paramLabel = "URL",
      defaultValue = "local[*]",
      description = "Spark's master (default: local[*]).")
  private String master;

  @Option(
      names = "--spark-conf",
      paramLabel = "NAME=VALUE",
      description = "A setting of Spark's; wins over all others. Repeatable.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Override
  public Integer call() {
    if (connectionFile == null) {
      throw new ParameterException(
          spec.commandLine(),
          "Jupyter starts the kernel; `etl kernel install` makes it known there");
    }
    KernelOptions options =
        new KernelOptions(
            s3 ? Optional.empty() : Optional.of(lake == null ? nearestLake() : lake),
            master,
            settings,
            System.getenv());
    try (KernelServer server = KernelServer.start(connectionFile, options)) {
      Runtime.getRuntime().addShutdownHook(new Thread(server::close, "kernel-close"));
      endWithJupyter();
      server.await();
      return ExitStatus.DONE;
    } catch (IOException e) {
      spec.commandLine().getErr().println(e.getMessage());
      return ExitStatus.WRONG;
    }
  }

  /** A server that was killed cannot tell its kernels to end. */
  private static void endWithJupyter() {
    Optional.ofNullable(System.getenv("JPY_PARENT_PID"))
        .filter(pid -> pid.matches("[1-9]\\d*"))
        .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)))
        .ifPresent(parent -> parent.onExit().thenRun(() -> System.exit(ExitStatus.DONE)));
  }

  /** So that notebooks in folders of a project share its lake with `etl run`. */
  private static Path nearestLake() {
    Path here = Path.of("").toAbsolutePath();
    for (Path folder = here; folder != null; folder = folder.getParent()) {
      if (Files.isDirectory(folder.resolve(LAKE))) {
        return folder.resolve(LAKE);
      }
    }
    return here.resolve(LAKE);
  }
}
