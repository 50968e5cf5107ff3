package io.sqletl.engine.stage.transform;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.StageContext;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.Crc32;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.HashExpression;
import org.apache.spark.sql.catalyst.expressions.Md5;
import org.apache.spark.sql.catalyst.expressions.Sha1;
import org.apache.spark.sql.catalyst.expressions.Sha2;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.View;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.StringType;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Checksums over the text of a floating point number. Java writes some of them with other digits
 * from version 19 on, so the checksum of the same row is another one after an upgrade.
 */
final class UnstableChecksums {

  private UnstableChecksums() {}

  /** Warns if a statement has one; what it reads from views is the matter of their stages. */
  static void warn(LogicalPlan plan, StageContext context) {
    find(plan)
        .ifPresent(
            number ->
                context.warn(
                    ErrorCode.UNSTABLE_TEXT,
                    "A checksum over the text of the "
                        + number.dataType().sql()
                        + " "
                        + number.sql().replace("`", "")
                        + " is another one on Java 17 than from Java 19 on",
                    "take xxhash64 of the number itself, or cast it to DECIMAL first"));
  }

  private static Optional<Expression> find(LogicalPlan plan) {
    if (plan instanceof View) {
      return Optional.empty();
    }
    for (Expression expression : CollectionConverters.asJava(plan.expressions())) {
      Optional<Expression> found = in(expression, /* summed */ false);
      if (found.isPresent()) {
        return found;
      }
    }
    return CollectionConverters.asJava(plan.children()).stream()
        .map(UnstableChecksums::find)
        .flatMap(Optional::stream)
        .findFirst();
  }

  /** The number whose text is summed. */
  private static Optional<Expression> in(Expression expression, boolean summed) {
    if (summed
        && expression instanceof Cast cast
        && cast.dataType() instanceof StringType
        && (cast.child().dataType() instanceof FloatType
            || cast.child().dataType() instanceof DoubleType)) {
      return Optional.of(cast.child());
    }
    boolean inside = summed || isChecksum(expression);
    List<Expression> children = CollectionConverters.asJava(expression.children());
    return children.stream().map(child -> in(child, inside)).flatMap(Optional::stream).findFirst();
  }

  private static boolean isChecksum(Expression expression) {
    return expression instanceof Md5
        || expression instanceof Sha1
        || expression instanceof Sha2
        || expression instanceof Crc32
        || expression instanceof HashExpression<?>;
  }
}
