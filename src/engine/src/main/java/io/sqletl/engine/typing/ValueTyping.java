package io.sqletl.engine.typing;

import java.io.Serializable;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Types single texts by the rules of a schema's column, for readers whose values come one by one.
 * Serializable; may be shared between threads.
 */
public final class ValueTyping implements Serializable {

  private static final long serialVersionUID = 1L;

  private final Typer typer;

  private ValueTyping(Typer typer) {
    this.typer = typer;
  }

  /** Texts as a TypingTransform takes them. */
  public static ValueTyping of(SchemaColumn.Scalar column) {
    return new ValueTyping(Typer.of(column));
  }

  /** Texts of numbers as programs write them, whatever patterns the column has for people's. */
  public static ValueTyping ofPlainNumbers(SchemaColumn.Scalar column) {
    SchemaColumn.Scalar plain = column;
    if (column instanceof SchemaColumn.IntegerColumn number) {
      plain = new SchemaColumn.IntegerColumn(number.attributes(), number.nullRules(), null);
    } else if (column instanceof SchemaColumn.LongColumn number) {
      plain = new SchemaColumn.LongColumn(number.attributes(), number.nullRules(), null);
    } else if (column instanceof SchemaColumn.DoubleColumn number) {
      plain = new SchemaColumn.DoubleColumn(number.attributes(), number.nullRules(), null);
    } else if (column instanceof SchemaColumn.DecimalColumn number) {
      plain =
          new SchemaColumn.DecimalColumn(
              number.attributes(), number.nullRules(), number.precision(), number.scale(), null);
    }
    return of(plain);
  }

  /** The value as Catalyst holds it; null for null, and for a text that does not fit. */
  public Object value(UTF8String text) {
    return typer.type(text);
  }

  /**
   * The same.
   *
   * @param told of a text that is rounded, cut or taken as one of several
   */
  public Object value(UTF8String text, Adjustments told) {
    return typer.type(text, told);
  }

  /**
   * What is wrong with a text, or with a null where there may be none; null when nothing is.
   *
   * @param text null for a value that is not there
   */
  public String error(UTF8String text) {
    return typer.error(text);
  }

  /** Whether a text is neither trimmed nor replaced, and null stays null. */
  public boolean keepsText() {
    return typer.keepsText();
  }

  /** Whether every text is the value. */
  public boolean isIdentity() {
    return typer.isIdentity();
  }

  /** What a text should have been, for people: {@code decimal(9, 2)}. */
  public String target() {
    return typer.target();
  }
}
