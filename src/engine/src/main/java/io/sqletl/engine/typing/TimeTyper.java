package io.sqletl.engine.typing;

import java.nio.charset.StandardCharsets;
import org.apache.spark.unsafe.types.UTF8String;

/** Times of day, which become text again, in the form of ISO 8601. */
final class TimeTyper extends Typer {

  private static final int NANO_DIGITS = 9;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final transient SchemaColumn.TimeColumn column;
  private final transient TimePattern[] patterns;

  TimeTyper(SchemaColumn.TimeColumn column) {
    super(column);
    this.column = column;
    this.patterns =
        column.formatters().stream()
            .map(
                pattern ->
                    new TimePattern(pattern, TimeFields.SMART, SchemaColumn.LetterCase.IGNORED))
            .toArray(TimePattern[]::new);
  }

  @Override
  Object parse(UTF8String value) {
    for (TimePattern pattern : patterns) {
      long nano = pattern.nanoOfDay(value);
      if (nano != TimeFields.NONE) {
        return iso(nano);
      }
    }
    return null;
  }

  /** {@code 09:30:00}, with a fraction only if there is one. */
  private static UTF8String iso(long nanoOfDay) {
    int second = (int) (nanoOfDay / NANOS_PER_SECOND);
    int nano = (int) (nanoOfDay % NANOS_PER_SECOND);
    int digits = nano == 0 ? 0 : NANO_DIGITS;
    while (nano != 0 && nano % 10 == 0) {
      nano /= 10;
      digits--;
    }
    byte[] text =
        "00:00:00.000000000"
            .substring(0, digits == 0 ? 8 : 9 + digits)
            .getBytes(StandardCharsets.US_ASCII);
    put(text, 1, second / 3600);
    put(text, 4, second / 60 % 60);
    put(text, 7, second % 60);
    if (digits > 0) {
      put(text, 8 + digits, nano);
    }
    return UTF8String.fromBytes(text);
  }

  private static void put(byte[] text, int lastDigit, int number) {
    int rest = number;
    for (int i = lastDigit; rest > 0; i--) {
      text[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }

  @Override
  String message(String value) {
    return "Unable to convert '"
        + value
        + "' to time using formatters ["
        + Texts.quoted(column.formatters())
        + "]";
  }

  @Override
  String target() {
    return "time (" + String.join(" or ", column.formatters()) + ")";
  }
}
