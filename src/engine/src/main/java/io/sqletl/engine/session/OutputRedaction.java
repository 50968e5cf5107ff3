package io.sqletl.engine.session;

import java.util.function.UnaryOperator;

/**
 * What takes secrets out of the texts that Spark hands out itself: its page and its event log. One
 * for this process, as Spark is, since Spark makes the objects that write them.
 */
final class OutputRedaction {

  private static volatile UnaryOperator<String> redaction = UnaryOperator.identity();

  private OutputRedaction() {}

  /** Takes another from now on. */
  static void use(UnaryOperator<String> other) {
    redaction = other;
  }

  /** The text without secrets. */
  static String apply(String text) {
    return redaction.apply(text);
  }
}
