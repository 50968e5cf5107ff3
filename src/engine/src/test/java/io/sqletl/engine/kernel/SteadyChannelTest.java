package io.sqletl.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.dflib.jjava.jupyter.kernel.KernelConnectionProperties;
import org.dflib.jjava.jupyter.messages.MessageType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What escapes while a request is answered is answered, or ends the process: a kernel of its own
 * whose completions fail as they are told to.
 */
class SteadyChannelTest {

  @TempDir private Path folder;

  private Process process;

  @Test
  void whatEscapesIsAnsweredOrEndsTheKernel() throws Exception {
    KernelClient kernel = new KernelClient(folder, this::start);
    for (Class<? extends Throwable> escaping :
        List.of(
            AssertionError.class,
            StackOverflowError.class,
            NoClassDefFoundError.class,
            IllegalStateException.class)) {
      assertThat(kernel.ask("complete_request", escaping.getName(), 0).path("ename").asText())
          .isEqualTo(escaping.getSimpleName());
      assertThat(kernel.kernelInfo().path("status").asText()).isEqualTo("ok");
    }

    kernel.sendCompletion(OutOfMemoryError.class.getName());

    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isEqualTo(70);
    kernel.leave();
  }

  @AfterEach
  void stop() {
    process.destroyForcibly();
  }

  private Runnable start(Path connectionFile) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> !option.startsWith("-javaagent"))
        .forEach(command::add);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(FailingKernel.class.getName(), connectionFile.toString()));
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile())
            .start();
    return process.onExit()::join;
  }

  /** A kernel whose completions throw what the code names. */
  static final class FailingKernel {

    private FailingKernel() {}

    public static void main(String[] arguments) throws Exception {
      KernelConnection connection =
          new KernelConnection(
              KernelConnectionProperties.parse(Files.readString(Path.of(arguments[0]))));
      KernelOptions options = new KernelOptions(Optional.empty(), "local[1]", Map.of(), Map.of());
      new ArcKernel(new CellRunner(options)).becomeHandlerForConnection(connection);
      connection.setHandler(
          MessageType.COMPLETE_REQUEST,
          (env, message) -> {
            env.setBusyDeferIdle();
            try {
              SteadyChannelTest.<RuntimeException>raise(
                  (Throwable)
                      Class.forName(message.getContent().getCode())
                          .getDeclaredConstructor()
                          .newInstance());
            } catch (ReflectiveOperationException e) {
              throw new IllegalArgumentException(e);
            }
          });
      connection.connect();
      connection.waitUntilClose();
    }
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void raise(Throwable thrown) throws T {
    throw (T) thrown;
  }
}
