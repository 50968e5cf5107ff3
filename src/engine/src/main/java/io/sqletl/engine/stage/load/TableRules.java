package io.sqletl.engine.stage.load;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.ColumnName;
import io.sqletl.engine.stage.StageContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * What a Delta table says of its columns besides their types: NOT NULL, expressions, defaults,
 * limits and comments. A load that makes the columns anew takes them from the view, which has none
 * of that.
 */
final class TableRules {

  private static final String GENERATED = "delta.generationExpression";
  private static final String IDENTITY = "delta.identity.start";
  private static final String DEFAULT = "CURRENT_DEFAULT";
  private static final String COMMENT = "comment";
  private static final String LIMIT = "__CHAR_VARCHAR_TYPE_STRING";

  private TableRules() {}

  /**
   * Whether the rows of a view may replace those of a table whose columns stay: they are the same
   * in names, order and types.
   */
  static boolean haveSameColumns(StructType view, StructType table) {
    return DataType.equalsIgnoreNullability(view, table);
  }

  /**
   * What is no longer so of the columns that both have, each in a phrase.
   *
   * @param before columns of the table
   * @param now the columns that replace them
   */
  static List<String> lost(StructType before, StructType now) {
    List<String> lost = new ArrayList<>();
    addLost("", before, now, lost);
    return lost;
  }

  private static void addLost(String path, DataType before, DataType now, List<String> lost) {
    if (before instanceof StructType mine && now instanceof StructType other) {
      for (StructField field : mine.fields()) {
        ColumnName.find(other, field.name())
            .ifPresent(found -> addLost(path + field.name(), field, found, lost));
      }
    } else if (before instanceof ArrayType mine && now instanceof ArrayType other) {
      addLost(path + "element.", mine.elementType(), other.elementType(), lost);
    } else if (before instanceof MapType mine && now instanceof MapType other) {
      addLost(path + "key.", mine.keyType(), other.keyType(), lost);
      addLost(path + "value.", mine.valueType(), other.valueType(), lost);
    }
  }

  private static void addLost(String path, StructField before, StructField now, List<String> lost) {
    Metadata rules = before.metadata();
    if (!before.nullable() && now.nullable()) {
      lost.add("NOT NULL of '" + path + "'");
    }
    text(GENERATED, before, now)
        .ifPresent(text -> lost.add("the expression of '" + path + "' (" + text + ")"));
    if (rules.contains(IDENTITY) && !now.metadata().contains(IDENTITY)) {
      lost.add("the identity of '" + path + "'");
    }
    text(DEFAULT, before, now)
        .ifPresent(text -> lost.add("the default of '" + path + "' (" + text + ")"));
    text(LIMIT, before, now)
        .ifPresent(text -> lost.add("the limit of '" + path + "' (" + text + ")"));
    text(COMMENT, before, now)
        .ifPresent(text -> lost.add("the comment of '" + path + "' (" + text + ")"));
    addLost(path + ".", before.dataType(), now.dataType(), lost);
  }

  /** A text that only the column of before has; one that has another has it on purpose. */
  private static Optional<String> text(String name, StructField before, StructField now) {
    return before.metadata().contains(name) && !now.metadata().contains(name)
        ? Optional.of(before.metadata().getString(name))
        : Optional.empty();
  }

  /**
   * Warns of what a load took from the columns that it replaced.
   *
   * @param version the last one with the columns of before
   */
  static void tell(
      StructType before, StructType now, long version, String uri, StageContext context) {
    List<String> lost = lost(before, now);
    if (!lost.isEmpty()) {
      context.warn(
          ErrorCode.LOST_IN_LOAD,
          "The load made the columns of the table "
              + uri
              + " anew, and this of those that were there is gone: "
              + String.join("; ", lost),
          "give the view the table's columns in their order and types, with the same"
              + " \"partitionBy\" and without \"overwriteSchema\", which keeps the table's rules;"
              + " bring it back with %sql RESTORE TABLE delta.`"
              + uri
              + "` TO VERSION AS OF "
              + version);
    }
  }
}
