package io.sqletl.engine.typing;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Types the texts of one column. Public because the code that Spark generates calls it; made and
 * used by {@link Typing} only.
 *
 * <p>Instances are shared between threads when Spark evaluates on the driver, so they hold nothing
 * that a call changes. They travel as their column: patterns are built again where they are used,
 * in the locale of that JVM.
 */
public abstract class Typer implements Serializable {

  static final String NULL_MESSAGE =
      "Non-null value expected and no nullReplacementValue value was provided";

  private final transient SchemaColumn.Scalar column;
  private final transient boolean trims;
  private final transient UTF8String[] nullTexts;
  private final transient UTF8String replacement;
  private transient AdjustedValues adjusted;

  Typer(SchemaColumn.Scalar column) {
    this.column = column;
    SchemaColumn.NullRules rules = column.nullRules();
    this.trims = rules.whitespace() == SchemaColumn.Whitespace.TRIMMED;
    this.nullTexts = utf8(rules.nullableValues());
    this.replacement = UTF8String.fromString(rules.replacement());
  }

  /**
   * The same as {@link #of(SchemaColumn.Scalar)}.
   *
   * @param adjusted told of values that are rounded or cut when they are typed; may be null
   */
  static Typer of(SchemaColumn.Scalar column, AdjustedValues adjusted) {
    Typer typer = of(column);
    typer.adjusted = adjusted;
    return typer;
  }

  static Typer of(SchemaColumn.Scalar column) {
    if (column instanceof SchemaColumn.StringColumn string) {
      return new StringTyper(string);
    }
    if (column instanceof SchemaColumn.IntegerColumn integer) {
      return new IntegralTyper(integer);
    }
    if (column instanceof SchemaColumn.LongColumn integer) {
      return new IntegralTyper(integer);
    }
    if (column instanceof SchemaColumn.DoubleColumn number) {
      return new DoubleTyper(number);
    }
    if (column instanceof SchemaColumn.DecimalColumn decimal) {
      return new DecimalTyper(decimal);
    }
    if (column instanceof SchemaColumn.BooleanColumn flag) {
      return new BooleanTyper(flag);
    }
    if (column instanceof SchemaColumn.DateColumn date) {
      return new DateTyper(date);
    }
    if (column instanceof SchemaColumn.TimeColumn time) {
      return new TimeTyper(time);
    }
    if (column instanceof SchemaColumn.TimestampColumn timestamp) {
      return new TimestampTyper(timestamp);
    }
    return new BinaryTyper((SchemaColumn.BinaryColumn) column);
  }

  /** The value as Catalyst holds it; null for null and for a text that does not fit. */
  public final Object type(UTF8String text) {
    return type(text, adjusted);
  }

  /**
   * The same.
   *
   * @param told of a text that is rounded, cut or taken as one of several; may be null
   */
  final Object type(UTF8String text, Adjustments told) {
    UTF8String value = meant(text);
    return value == null ? null : parse(value, told);
  }

  /** Whether a text that {@link #type} made null does not mean null. */
  public final boolean isNoNull(UTF8String text) {
    return meant(text) != null;
  }

  /** Whether there is an error to tell of a text. */
  public final boolean isWrong(UTF8String text) {
    return error(text) != null;
  }

  /** The value of a text without rules; null when it does not fit. */
  abstract Object parse(UTF8String value);

  /**
   * The same.
   *
   * @param told of a text that has more digits than the value; may be null
   */
  Object parse(UTF8String value, Adjustments told) {
    return parse(value);
  }

  /** Tells of a text that is taken as something else than it says, or than it may mean. */
  final void tell(Adjustments told, AdjustedValues.Change change, String text) {
    if (told != null) {
      told.add(new AdjustedValues.Value(column.name(), target(), change, text));
    }
  }

  /** Why a text does not fit, in Arc's words. */
  abstract String message(String value);

  /** Whether there are texts that do not fit. */
  boolean canFail() {
    return true;
  }

  /** Whether the text is the value. */
  boolean isIdentity() {
    return false;
  }

  /** What a text should have been, for people: {@code decimal(9, 2)}, {@code date (uuuu-MM-dd)}. */
  abstract String target();

  /** The same, with what is to say of one text. */
  String target(String value) {
    return target();
  }

  /** Whether null stays null and everything else is itself. */
  final boolean keepsText() {
    return !trims && nullTexts.length == 0 && replacement == null;
  }

  /** Whether there is always something to type. */
  final boolean replacesNull() {
    return replacement != null;
  }

  final SchemaColumn.Scalar column() {
    return column;
  }

  /** The text that is typed: trimmed, and replaced when it means null; null when it stays null. */
  final UTF8String meant(UTF8String text) {
    UTF8String value = trims && text != null ? Texts.trim(text) : text;
    return value == null || contains(nullTexts, value) ? replacement : value;
  }

  /** What is wrong with a text; null when nothing is. */
  final String error(UTF8String text) {
    UTF8String value = meant(text);
    if (value == null) {
      return column.nullable() ? null : NULL_MESSAGE;
    }
    return parse(value) == null ? message(value.toString()) : null;
  }

  static TypingException notNullable(RejectedValue rejected) {
    return new TypingException(
        "TypingTransform with non-nullable column '"
            + rejected.field()
            + "' cannot continue due to error: "
            + rejected.message()
            + ".",
        rejected);
  }

  static UTF8String[] utf8(List<String> texts) {
    return texts.stream().map(UTF8String::fromString).toArray(UTF8String[]::new);
  }

  static boolean contains(UTF8String[] texts, UTF8String value) {
    for (UTF8String text : texts) {
      if (text.binaryEquals(value)) {
        return true;
      }
    }
    return false;
  }

  /** Two typers of one rule are one to Spark, which then finds the plans equal. */
  @Override
  public final boolean equals(Object other) {
    return other instanceof Typer typer && typer.column.equals(column);
  }

  @Override
  public final int hashCode() {
    return column.hashCode();
  }

  /** What an explained plan shows. */
  @Override
  public final String toString() {
    return target();
  }

  /** Replaces the typer when it travels. */
  @SuppressWarnings("unused") // Called by Java's serialization
  protected final Object writeReplace() {
    return new Travelling(column, adjusted);
  }

  private record Travelling(SchemaColumn.Scalar column, AdjustedValues adjusted)
      implements Serializable {
    @SuppressWarnings("unused") // Called by Java's serialization
    private Object readResolve() {
      return of(column, adjusted);
    }
  }
}
