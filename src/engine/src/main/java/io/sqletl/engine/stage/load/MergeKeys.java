package io.sqletl.engine.stage.load;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.ColumnName;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.delta.AddedFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.BinaryComparison;
import org.apache.spark.sql.catalyst.expressions.EqualNullSafe;
import org.apache.spark.sql.catalyst.expressions.EqualTo;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The columns by which a merge's condition finds rows of the table: {@code source.a = target.b} or
 * {@code source.a <=> target.b} as part of an AND.
 *
 * @param areAll whether the condition says nothing else
 */
record MergeKeys(List<Pair> pairs, boolean areAll) {

  private static final String SOURCE = "source";
  private static final String TARGET = "target";

  /**
   * A column of the view and the one of the table that it has to equal.
   *
   * @param findsNull whether NULL equals NULL
   */
  record Pair(String source, String target, boolean findsNull) {}

  /** Those of a condition; none when it compares otherwise. */
  static MergeKeys of(String condition) {
    List<Pair> pairs = new ArrayList<>();
    boolean areAll =
        equalities(
            new CatalystSqlParser().parseExpression(condition),
            (source, target, findsNull) ->
                pair(source, target, findsNull).map(pairs::add).orElse(false));
    return new MergeKeys(pairs, areAll);
  }

  /** Takes one side of an equality for the source's and the other for the table's, if they are. */
  @FunctionalInterface
  interface Sides {
    boolean take(Expression source, Expression target, boolean findsNull);
  }

  /**
   * Gives each equality that a condition joins with AND, both ways round until one is taken.
   *
   * @return whether the condition is nothing but such equalities
   */
  static boolean equalities(Expression part, Sides sides) {
    if (part instanceof And and) {
      return equalities(and.left(), sides) & equalities(and.right(), sides);
    }
    if (part instanceof EqualTo || part instanceof EqualNullSafe) {
      BinaryComparison equal = (BinaryComparison) part;
      boolean findsNull = part instanceof EqualNullSafe;
      return sides.take(equal.left(), equal.right(), findsNull)
          || sides.take(equal.right(), equal.left(), findsNull);
    }
    return false;
  }

  private static Optional<Pair> pair(Expression source, Expression target, boolean findsNull) {
    return columnOf(source, SOURCE)
        .flatMap(mine -> columnOf(target, TARGET).map(other -> new Pair(mine, other, findsNull)));
  }

  private static Optional<String> columnOf(Expression expression, String side) {
    if (expression instanceof UnresolvedAttribute attribute) {
      List<String> name = CollectionConverters.asJava(attribute.nameParts());
      if (name.size() == 2 && name.get(0).equalsIgnoreCase(side)) {
        return Optional.of(name.get(1));
      }
    }
    return Optional.empty();
  }

  /** Warns of keys of two types of which several values are one as they are compared. */
  void warnOfTypes(StructType source, StructType target, StageContext context) {
    for (Pair pair : pairs) {
      Optional<StructField> mine = ColumnName.find(source, pair.source());
      Optional<StructField> other = ColumnName.find(target, pair.target());
      if (mine.isPresent() && other.isPresent()) {
        blurred(mine.get().dataType(), other.get().dataType())
            .ifPresent(
                why ->
                    context.warnOfColumns(
                        "\"condition\" compares source."
                            + pair.source()
                            + " ("
                            + mine.get().dataType().sql()
                            + ") with target."
                            + pair.target()
                            + " ("
                            + other.get().dataType().sql()
                            + "), and "
                            + why,
                        "give the view the table's type, in a TypingTransform or with cast"));
      }
    }
  }

  /** What becomes of two types where they are compared; nothing where each value is one. */
  static Optional<String> blurred(DataType one, DataType other) {
    if (one instanceof StringType != other instanceof StringType) {
      return Optional.of("several texts, such as 7 and 007, are one value");
    }
    if (isFloating(one) != isFloating(other)
        || one instanceof FloatType != other instanceof FloatType) {
      return Optional.of(
          "as doubles several whole numbers beyond 2^53 are one value, and fractions, such as 0.1,"
              + " are none of theirs");
    }
    if (one instanceof DateType && isMoment(other) || isMoment(one) && other instanceof DateType) {
      return Optional.of(
          "a date equals the midnight that it begins with alone, so that 2024-01-01 10:00 is not of"
              + " the day 2024-01-01");
    }
    return one instanceof TimestampNTZType != other instanceof TimestampNTZType
        ? Optional.of("a time without a zone is one of the session's zone")
        : Optional.empty();
  }

  private static boolean isMoment(DataType type) {
    return type instanceof TimestampType || type instanceof TimestampNTZType;
  }

  private static boolean isFloating(DataType type) {
    return type instanceof FloatType || type instanceof DoubleType;
  }

  /**
   * Warns of rows that a merge inserts again and again. Delta counts NULL for each file that it
   * writes; only where it found some, or does not say, are the rows looked at.
   *
   * @param inserted the rows that are inserted where they match none of the table
   * @param values what is inserted, by the columns of the table; empty for all as they are
   * @param added what the merge's commits say of NULL
   */
  void warnOfNulls(
      Dataset<Row> inserted, Map<String, String> values, AddedFiles added, StageContext context)
      throws IOException {
    List<Pair> plain = pairs.stream().filter(pair -> !pair.findsNull()).toList();
    for (Pair pair : plain) {
      if (!isKept(pair, values) || added.mayHoldNull(pair.target())) {
        Column isNull =
            plain.stream()
                .map(each -> functions.col(SOURCE + "." + quoted(each.source())).isNull())
                .reduce(Column::or)
                .orElseThrow();
        long rows = inserted.where(isNull).count();
        if (rows > 0) {
          tellOfNulls(
              rows,
              "view",
              pairs.stream().map(Pair::source).toList(),
              "leave them out before, or compare with <=> in \"condition\"",
              context);
        }
        return;
      }
    }
  }

  /**
   * Warns of keys that are in the table more than once now; only where the condition is about keys
   * alone, as a history has a row for each version, and where the table gets what it compares.
   *
   * @param values as above
   */
  void warnOfRepeated(Map<String, String> values, AddedFiles added, StageContext context) {
    if (areAll && pairs.stream().allMatch(pair -> isKept(pair, values))) {
      RepeatedKeys.warn(
          pairs.stream().map(Pair::target).toList(),
          pairs.stream().filter(pair -> !pair.findsNull()).map(Pair::target).toList(),
          added,
          context);
    }
  }

  /** Whether the table gets what the condition looks at. */
  private static boolean isKept(Pair pair, Map<String, String> values) {
    if (values.isEmpty()) {
      return pair.source().equalsIgnoreCase(pair.target());
    }
    return values.entrySet().stream()
        .filter(value -> value.getKey().equalsIgnoreCase(pair.target()))
        .map(value -> columnOf(new CatalystSqlParser().parseExpression(value.getValue()), SOURCE))
        .flatMap(Optional::stream)
        .anyMatch(pair.source()::equalsIgnoreCase);
  }

  /** Tells of them, by the name of what has them. */
  static void tellOfNulls(
      long rows, String where, List<String> keys, String remedy, StageContext context) {
    context.warn(
        ErrorCode.LOST_IN_LOAD,
        rows
            + (rows == 1 ? " row" : " rows")
            + " of the "
            + where
            + (rows == 1 ? " has" : " have")
            + " NULL in the key ("
            + String.join(", ", keys)
            + "). NULL equals nothing, so each run inserts them once more",
        remedy);
  }

  private static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }
}
