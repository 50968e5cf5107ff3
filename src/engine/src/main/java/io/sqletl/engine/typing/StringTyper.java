package io.sqletl.engine.typing;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Length and shape of a text; all rules are tested, so that a message names all that are broken.
 */
final class StringTyper extends Typer {

  static final String TARGET = "string";

  private final transient SchemaColumn.StringColumn column;
  private final transient int minLength;
  private final transient int maxLength;
  private final transient Pattern regex;

  StringTyper(SchemaColumn.StringColumn column) {
    super(column);
    this.column = column;
    this.minLength = column.minLength() == null ? 0 : column.minLength();
    this.maxLength = column.maxLength() == null ? Integer.MAX_VALUE : column.maxLength();
    this.regex = column.regex() == null ? null : Pattern.compile(column.regex());
  }

  @Override
  Object parse(UTF8String value) {
    if (column.minLength() != null || column.maxLength() != null) {
      int length = value.numChars();
      if (length < minLength || length > maxLength) {
        return null;
      }
    }
    return regex == null || regex.matcher(value.toString()).matches() ? value : null;
  }

  @Override
  boolean canFail() {
    return hasRules() || !column.nullable() && !replacesNull();
  }

  @Override
  boolean isIdentity() {
    return !hasRules() && column.nullable() && keepsText();
  }

  private boolean hasRules() {
    return column.minLength() != null || column.maxLength() != null || regex != null;
  }

  @Override
  String message(String value) {
    List<String> messages = new ArrayList<>();
    int length = value.codePointCount(0, value.length());
    String counted = "String '" + value + "' (" + length + " characters) is ";
    if (length < minLength) {
      messages.add(counted + "less than minLength (" + minLength + ").");
    }
    if (length > maxLength) {
      messages.add(counted + "greater than maxLength (" + maxLength + ").");
    }
    if (regex != null && !regex.matcher(value).matches()) {
      messages.add("String '" + value + "' does not match regex '" + column.regex() + "'.");
    }
    return String.join(" ", messages);
  }

  @Override
  String target() {
    return TARGET;
  }
}
