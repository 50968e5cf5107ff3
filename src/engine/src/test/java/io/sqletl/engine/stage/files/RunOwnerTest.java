package io.sqletl.engine.stage.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class RunOwnerTest {

  @Test
  void thisProcessIsAlive() {
    assertThat(RunOwner.current().isAlive()).isTrue();
    assertThat(RunOwner.current().isGone()).isFalse();
  }

  /** A parent that never asks how its child ended, as a container's first process may be. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void aKilledProcessThatNobodyWaitsForIsGone() throws Exception {
    Process parent =
        new ProcessBuilder("sh", "-c", "sleep 100 & echo $!; read go; kill -9 $!; exec sleep 100")
            .redirectErrorStream(true)
            .start();
    try (BufferedReader told = parent.inputReader()) {
      long child = Long.parseLong(told.readLine());
      RunOwner owner =
          new RunOwner(RunOwner.current().host(), child, System.currentTimeMillis() + 1_000);
      assertThat(owner.isAlive()).isTrue();
      parent.outputWriter().append("go\n").flush();
      while (!state(child).equals("Z")) {
        Thread.onSpinWait();
      }
      assertThat(ProcessHandle.of(child)).isPresent();
      assertThat(owner.isAlive()).isFalse();
      assertThat(owner.isGone()).isTrue();
    } finally {
      parent.destroyForcibly().waitFor();
    }
  }

  private static String state(long pid) throws Exception {
    Process ps = new ProcessBuilder("ps", "-o", "state=", "-p", Long.toString(pid)).start();
    try (BufferedReader told = ps.inputReader()) {
      return String.valueOf(told.readLine()).strip();
    }
  }
}
