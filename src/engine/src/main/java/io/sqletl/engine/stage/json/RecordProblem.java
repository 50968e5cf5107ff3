package io.sqletl.engine.stage.json;

/**
 * What is wrong with a record.
 *
 * @param field the path of the field, such as {@code a.b[2]}; empty for the record as a whole
 * @param message for a person, with what was expected and what was found
 * @param value the text that was found; null when there is none
 * @param target what it should have been, as {@code integer}; null when the message says all
 */
public record RecordProblem(String field, String message, String value, String target) {

  /** A record that is broken as a whole. */
  static RecordProblem ofRecord(String message, String text) {
    return new RecordProblem("", message, text, null);
  }

  /** The same below a field, whose path is put before its own. */
  RecordProblem under(String parent) {
    String path = field.isEmpty() || field.startsWith("[") ? parent + field : parent + "." + field;
    return new RecordProblem(path, message, value, target);
  }
}
