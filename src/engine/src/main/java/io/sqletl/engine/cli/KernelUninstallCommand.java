package io.sqletl.engine.cli;

import io.sqletl.engine.kernel.KernelSpec;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code etl kernel uninstall}: takes the kernel away from Jupyter. */
@Command(
    name = "uninstall",
    description = "Takes the kernel away from Jupyter.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class KernelUninstallCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private KernelPlace place;

  @Override
  public Integer call() {
    try {
      KernelSpec kernel = place.spec();
      boolean was = kernel.uninstall();
      spec.commandLine()
          .getOut()
          .println(
              was
                  ? "The kernel in " + kernel.folder() + " is removed."
                  : "There is no kernel in " + kernel.folder() + ".");
      return ExitStatus.DONE;
    } catch (IOException e) {
      spec.commandLine().getErr().println("The kernel is not removed: " + e.getMessage());
      return ExitStatus.WRONG;
    }
  }
}
