package io.sqletl.engine.cli;

import io.sqletl.engine.kernel.KernelSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code etl kernel install}: makes the kernel known to Jupyter. */
@Command(
    name = "install",
    description = "Makes the kernel known to Jupyter, under the name arc.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class KernelInstallCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private KernelPlace place;

  @Option(
      names = "--lake",
      paramLabel = "DIR",
      description = "The lake of every notebook (default: the nearest to the notebook).")
  private Path lake;

  @Option(names = "--s3", description = "Lets notebooks read and write s3a: on S3 itself.")
  private boolean s3;

  @Override
  public Integer call() {
    Path etl = Path.of(System.getProperty("sqletl.home", ".")).toAbsolutePath().resolve("etl");
    if (!Files.isExecutable(etl)) {
      spec.commandLine()
          .getErr()
          .println("There is no launcher " + etl + "; run this as `etl kernel install`.");
      return ExitStatus.WRONG;
    }
    List<String> options = new ArrayList<>();
    if (lake != null) {
      options.addAll(List.of("--lake", lake.toAbsolutePath().normalize().toString()));
    }
    if (s3) {
      options.add("--s3");
    }
    try {
      KernelSpec kernel = place.spec();
      kernel.install(etl.normalize(), options);
      spec.commandLine().getOut().println("The kernel Arc is installed in " + kernel.folder());
      return ExitStatus.DONE;
    } catch (IOException e) {
      spec.commandLine().getErr().println("The kernel cannot be installed: " + e.getMessage());
      return ExitStatus.WRONG;
    }
  }
}
