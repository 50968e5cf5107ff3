package io.sqletl.engine.typing;

import org.apache.spark.unsafe.types.UTF8String;

/** Texts that mean true, then texts that mean false. */
final class BooleanTyper extends Typer {

  private final transient SchemaColumn.BooleanColumn column;
  private final transient UTF8String[] trueTexts;
  private final transient UTF8String[] falseTexts;

  BooleanTyper(SchemaColumn.BooleanColumn column) {
    super(column);
    this.column = column;
    this.trueTexts = utf8(column.trueValues());
    this.falseTexts = utf8(column.falseValues());
  }

  @Override
  Object parse(UTF8String value) {
    if (contains(trueTexts, value)) {
      return Boolean.TRUE;
    }
    return contains(falseTexts, value) ? Boolean.FALSE : null;
  }

  @Override
  String message(String value) {
    return "Unable to convert '"
        + value
        + "' to boolean using provided true values: ["
        + Texts.quoted(column.trueValues())
        + "] or false values: ["
        + Texts.quoted(column.falseValues())
        + "]";
  }

  @Override
  String target() {
    return "boolean ("
        + String.join(", ", column.trueValues())
        + " / "
        + String.join(", ", column.falseValues())
        + ")";
  }
}
