package io.sqletl.engine.stage;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.rpad;
import static org.apache.spark.sql.functions.rtrim;
import static org.apache.spark.sql.functions.when;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;

/**
 * Columns of the type CHAR(n), which Spark takes for texts and marks in their metadata. A table
 * holds their values with blanks up to the length.
 */
public final class CharType {

  private static final String TYPE = "__CHAR_VARCHAR_TYPE_STRING";
  private static final Pattern CHAR = Pattern.compile("char\\((\\d{1,9})\\)");

  private CharType() {}

  /** How many characters each value of the column has; nothing for a column of another type. */
  public static OptionalInt length(StructField field) {
    if (!field.metadata().contains(TYPE)) {
      return OptionalInt.empty();
    }
    Matcher type = CHAR.matcher(field.metadata().getString(TYPE));
    return type.matches() ? OptionalInt.of(Integer.parseInt(type.group(1))) : OptionalInt.empty();
  }

  /** The text as the column holds it; one that is too long for it, and null, as they are. */
  public static Column padded(Column text, StructField field) {
    OptionalInt length = length(field);
    if (length.isEmpty()) {
      return text;
    }
    Column bare = rtrim(text);
    return when(
            functions.length(bare).leq(lit(length.getAsInt())), rpad(bare, length.getAsInt(), " "))
        .otherwise(text);
  }
}
