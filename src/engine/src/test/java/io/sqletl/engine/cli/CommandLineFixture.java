package io.sqletl.engine.cli;

import io.sqletl.engine.session.OtherTests;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;

/** Runs the command inside the test's process, and keeps what it says. */
final class CommandLineFixture {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final int status;

  private CommandLineFixture(String... arguments) {
    OtherTests.stopSession();
    status = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
  }

  static CommandLineFixture etl(String... arguments) {
    return new CommandLineFixture(arguments);
  }

  static CommandLineFixture etl(List<String> first, String... more) {
    List<String> arguments = new ArrayList<>(first);
    arguments.addAll(List.of(more));
    return new CommandLineFixture(arguments.toArray(String[]::new));
  }

  int status() {
    return status;
  }

  String out() {
    return out.toString();
  }

  String err() {
    return err.toString();
  }
}
