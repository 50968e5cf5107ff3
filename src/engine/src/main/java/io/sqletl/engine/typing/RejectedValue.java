package io.sqletl.engine.typing;

import java.io.Serializable;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A text that its column would not have, or a record that does not have its form.
 *
 * @param file the URI of the file it stands in; null when the input does not say
 * @param block the byte of the file at which the part begins in which {@code index} counts; null
 *     when it counts through the file
 * @param index the record's number, from 1; null when the input does not say
 * @param position of the column in the schema, from 0; -1 for a record
 * @param field the column's name; empty for a record
 * @param value the text as it was typed, that is after trimming and replacing; null for a null
 * @param target what it should have been: {@code decimal(9, 2)}, {@code date (uuuu-MM-dd)}; null
 *     for a record, of which the message says all
 * @param message the message in the row's {@code _errors}
 */
public record RejectedValue(
    String file,
    Long block,
    Long index,
    int position,
    String field,
    String value,
    String target,
    String message)
    implements Serializable {

  private static final int LONGEST_SHOWN = 80;

  private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Z}&&[^ ]]");

  /** A value of a record that is numbered through its file. */
  public RejectedValue(
      String file,
      Long index,
      int position,
      String field,
      String value,
      String target,
      String message) {
    this(file, null, index, position, field, value, target, message);
  }

  /**
   * A record that does not have its form.
   *
   * @param block the byte at which the part of the file begins in which {@code index} counts
   */
  public static RejectedValue ofRecord(String file, Long block, Long index, String message) {
    return new RejectedValue(file, block, index, -1, "", null, null, message);
  }

  /** The same, where a person finds it. */
  public RejectedValue at(String place, Long line) {
    return new RejectedValue(place, null, line, position, field, value, target, message);
  }

  /**
   * In one line, as compilers name a place: {@code yellow_trips.csv:4711: trip_distance '3,4x' is
   * no decimal(9, 2)}.
   *
   * @param linesBefore how many lines of the file stand before the first record, such as a header
   */
  public String render(int linesBefore) {
    return place(linesBefore) + field + what();
  }

  /** Whether the value can be told from every other one. */
  boolean isPlaced() {
    return file != null && index != null;
  }

  private String place(int linesBefore) {
    if (file == null || file.isEmpty()) {
      return index == null ? "" : "row " + index + ": ";
    }
    String name = file.substring(file.lastIndexOf('/') + 1);
    return name + (index == null ? "" : ":" + (index + linesBefore)) + ": ";
  }

  private String what() {
    if (target == null) {
      return message;
    }
    if (value == null) {
      return " is null and may not be";
    }
    if (target.equals(StringTyper.TARGET)) {
      return ": " + message;
    }
    String shown = value.length() > LONGEST_SHOWN ? value.substring(0, LONGEST_SHOWN) + "…" : value;
    return " '" + visible(shown) + "' is no " + target;
  }

  /** Blanks that are none of the keyboard's, and marks without a width, by their numbers. */
  private static String visible(String text) {
    return UNSEEN
        .matcher(text)
        .replaceAll(sign -> String.format(Locale.ROOT, "\\\\u%04X", sign.group().codePointAt(0)));
  }
}
