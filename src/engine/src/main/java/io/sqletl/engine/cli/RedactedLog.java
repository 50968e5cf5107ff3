package io.sqletl.engine.cli;

import io.sqletl.engine.run.Redaction;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Where Spark's own log goes: to a stream, line by line, without secrets. Spark writes parts of
 * plans, and plans hold what variables stood for.
 */
final class RedactedLog extends OutputStream {

  private final PrintStream to;
  private final Redaction redaction;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  private RedactedLog(PrintStream to, Redaction redaction) {
    this.to = to;
    this.redaction = redaction;
  }

  /** A stream that takes secrets out of what is printed to another. */
  static PrintStream on(PrintStream to, Redaction redaction) {
    return new PrintStream(
        new RedactedLog(to, redaction), /* autoFlush */ true, StandardCharsets.UTF_8);
  }

  @Override
  public synchronized void write(int part) {
    if (part == '\n') {
      to.println(redaction.apply(line.toString(StandardCharsets.UTF_8)));
      line.reset();
    } else if (part != '\r') {
      line.write(part);
    }
  }
}
