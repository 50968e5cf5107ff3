package io.sqletl.engine.stage.load;

import io.sqletl.engine.typing.MethodCall;
import io.sqletl.engine.typing.MethodCall.Evaluation;
import io.sqletl.engine.typing.MethodCall.NullArgument;
import io.sqletl.engine.typing.MethodCall.Result;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Whether the bytes of a text are no UTF-8. Spark's {@code is_valid_utf8} says the same and looks
 * at each byte by itself, which is a tenth of the time of writing delimited text; here those of
 * ASCII, nearly all, are passed over in eights.
 */
public final class MalformedText implements Serializable {

  private static final long serialVersionUID = 1L;

  private static final long NOT_ASCII = 0x8080808080808080L;

  private static final MalformedText CHECK = new MalformedText();

  private MalformedText() {}

  /**
   * @param text of strings
   * @return true, false, or null for null
   */
  static Column in(Column text) {
    return new MethodCall(CHECK, MalformedText.class, "isIn")
        .column(
            DataTypes.BooleanType,
            List.of(ExpressionUtils.expression(text)),
            NullArgument.RETURNED,
            Result.NULLABLE,
            Evaluation.FREE);
  }

  /** Called by the code that Spark generates. */
  public boolean isIn(UTF8String text) {
    Object base = text.getBaseObject();
    long at = text.getBaseOffset();
    long end = at + text.numBytes();
    for (; at + Long.BYTES <= end; at += Long.BYTES) {
      if ((Platform.getLong(base, at) & NOT_ASCII) != 0) {
        return !text.isValid();
      }
    }
    for (; at < end; at++) {
      if (Platform.getByte(base, at) < 0) {
        return !text.isValid();
      }
    }
    return false;
  }
}
