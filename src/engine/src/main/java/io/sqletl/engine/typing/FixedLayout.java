package io.sqletl.engine.typing;

import java.util.Optional;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * A date or time pattern whose texts all have one length and every digit in its place, such as
 * {@code uuuu-MM-dd HH:mm:ss}. Such texts are read from their bytes; a text of another shape is
 * left to java.time, which may still accept it.
 */
final class FixedLayout {

  /** The letters of the fields, in the order of the constants below. */
  private static final String FIELDS = "uMdHmsS";

  private static final int YEAR = 0;
  private static final int MONTH = 1;
  private static final int DAY = 2;
  private static final int HOUR = 3;
  private static final int MINUTE = 4;
  private static final int SECOND = 5;
  private static final int FRACTION = 6;

  private static final byte DIGIT = 0;
  private static final int ABSENT = -1;
  private static final int NANO_DIGITS = 9;

  private final byte[] template;
  private final int[] starts = {ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT};
  private final int[] widths = new int[FIELDS.length()];
  private boolean yearOfEra;

  private FixedLayout(int length) {
    this.template = new byte[length];
  }

  /** Empty when texts of the pattern may differ in length or hold anything but these fields. */
  static Optional<FixedLayout> of(String pattern) {
    FixedLayout layout = new FixedLayout(pattern.replace("'", "").length());
    return !pattern.contains("''") && layout.read(pattern) && layout.isWhole()
        ? Optional.of(layout)
        : Optional.empty();
  }

  private boolean read(String pattern) {
    int place = 0;
    boolean literal = false;
    for (int i = 0; i < pattern.length(); ) {
      char c = pattern.charAt(i);
      if (c == '\'') {
        literal = !literal;
        i++;
      } else if (literal || c < 0x80 && !Character.isLetter(c) && "[]{}#".indexOf(c) < 0) {
        if (c >= 0x80 || c == DIGIT) {
          return false;
        }
        template[place++] = (byte) c;
        i++;
      } else {
        int width = 1;
        while (i + width < pattern.length() && pattern.charAt(i + width) == c) {
          width++;
        }
        if (!addField(c, place, width)) {
          return false;
        }
        place += width;
        i += width;
      }
    }
    return true;
  }

  private boolean addField(char letter, int place, int width) {
    int field = FIELDS.indexOf(letter == 'y' ? 'u' : letter);
    if (field < 0 || starts[field] != ABSENT) {
      return false;
    }
    boolean fits =
        switch (field) {
          case YEAR -> width == 4;
          case FRACTION -> width <= NANO_DIGITS;
          default -> width == 2;
        };
    yearOfEra |= letter == 'y';
    starts[field] = place;
    widths[field] = width;
    return fits;
  }

  /** A date is whole or absent, and a time goes down to its last field without a gap. */
  private boolean isWhole() {
    boolean date = starts[YEAR] != ABSENT && starts[MONTH] != ABSENT && starts[DAY] != ABSENT;
    boolean noDate = starts[YEAR] == ABSENT && starts[MONTH] == ABSENT && starts[DAY] == ABSENT;
    boolean time = starts[HOUR] != ABSENT && starts[MINUTE] != ABSENT;
    boolean noTime = starts[HOUR] == ABSENT && starts[MINUTE] == ABSENT;
    boolean noSecond = starts[SECOND] == ABSENT;
    boolean noFraction = starts[FRACTION] == ABSENT;
    return (date || noDate)
        && (time || noTime && noSecond)
        && (noFraction || !noSecond)
        && (date || time);
  }

  boolean hasDate() {
    return starts[YEAR] != ABSENT;
  }

  boolean hasTime() {
    return starts[HOUR] != ABSENT;
  }

  /** Whether the text has every digit and every other character in its place. */
  boolean matches(UTF8String text) {
    if (text.numBytes() != template.length) {
      return false;
    }
    for (int i = 0; i < template.length; i++) {
      byte b = text.getByte(i);
      if (template[i] == DIGIT ? !Texts.isDigit(b) : b != template[i]) {
        return false;
      }
    }
    return true;
  }

  /** The date of a text that {@linkplain #matches matches}, as {@link TimeFields#epochDay}. */
  long epochDay(UTF8String text, TimeFields fields) {
    int year = number(text, YEAR);
    int month = number(text, MONTH);
    int day = number(text, DAY);
    return yearOfEra ? fields.epochDayOfEra(year, month, day) : fields.epochDay(year, month, day);
  }

  /** The time of a text that {@linkplain #matches matches}, as {@link TimeFields#nanoOfDay}. */
  long nanoOfDay(UTF8String text, TimeFields fields) {
    int nano = starts[FRACTION] == ABSENT ? 0 : number(text, FRACTION);
    for (int width = widths[FRACTION]; width < NANO_DIGITS; width++) {
      nano *= 10;
    }
    int second = starts[SECOND] == ABSENT ? 0 : number(text, SECOND);
    return fields.nanoOfDay(number(text, HOUR), number(text, MINUTE), second, nano);
  }

  private int number(UTF8String text, int field) {
    int number = 0;
    int end = starts[field] + widths[field];
    for (int i = starts[field]; i < end; i++) {
      number = number * 10 + (text.getByte(i) - '0');
    }
    return number;
  }
}
