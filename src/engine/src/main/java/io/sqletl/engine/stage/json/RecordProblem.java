package io.sqletl.engine.stage.json;

import io.sqletl.engine.typing.AdjustedValues;

/**
 * What is wrong with a record, or a value of it that is taken with fewer digits than it has.
 *
 * @param field the path of the field, such as {@code a.b[2]}; empty for the record as a whole
 * @param message for a person, with what was expected and what was found
 * @param value the text that was found; null when there is none
 * @param target what it should have been, as {@code integer}; null when the message says all
 * @param change what became of a value that is no error; null for an error
 */
public record RecordProblem(
    String field, String message, String value, String target, AdjustedValues.Change change) {

  /** An error. */
  RecordProblem(String field, String message, String value, String target) {
    this(field, message, value, target, null);
  }

  /** A record that is broken as a whole. */
  static RecordProblem ofRecord(String message, String text) {
    return new RecordProblem("", message, text, null);
  }

  /** The same below a field, whose path is put before its own. */
  RecordProblem under(String parent) {
    String path = field.isEmpty() || field.startsWith("[") ? parent + field : parent + "." + field;
    return new RecordProblem(path, message, value, target, change);
  }
}
