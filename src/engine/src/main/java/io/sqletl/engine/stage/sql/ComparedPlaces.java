package io.sqletl.engine.stage.sql;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.InternalColumn;
import io.sqletl.engine.stage.StageContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Crc32;
import org.apache.spark.sql.catalyst.expressions.EqualNullSafe;
import org.apache.spark.sql.catalyst.expressions.EqualTo;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.HashExpression;
import org.apache.spark.sql.catalyst.expressions.Md5;
import org.apache.spark.sql.catalyst.expressions.Sha1;
import org.apache.spark.sql.catalyst.expressions.Sha2;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateExpression;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.Distinct;
import org.apache.spark.sql.catalyst.plans.logical.Except;
import org.apache.spark.sql.catalyst.plans.logical.Intersect;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.View;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Statements that compare rows as a whole, and with them the columns in which an extract says where
 * each row stands: no row is the same as another one then. {@code *} brings these columns in
 * unseen; who names one means it.
 */
final class ComparedPlaces {

  private static final List<String> PLACES =
      List.of(InternalColumn.FILENAME, InternalColumn.INDEX, InternalColumn.ID);

  private ComparedPlaces() {}

  /** Warns if a statement has one; what it reads from views is the matter of their stages. */
  static void warn(String sql, LogicalPlan analyzed, StageContext context) {
    String text = sql.toLowerCase(Locale.ROOT);
    if (PLACES.stream().anyMatch(text::contains)) {
      return;
    }
    find(analyzed)
        .ifPresent(
            found ->
                context.warnOf(
                    ErrorCode.PLACE_COUNTS,
                    found.what()
                        + " compares rows with "
                        + String.join(" and ", found.columns())
                        + " too, which say where a row stands, so that no two rows are the same",
                    "name the columns that count, or write * EXCEPT ("
                        + String.join(", ", found.columns())
                        + ", "
                        + InternalColumn.ERRORS
                        + ")"));
  }

  /**
   * @param what the operator, as SQL writes it
   * @param columns those of places among what it compares
   */
  private record Found(String what, List<String> columns) {}

  private static Optional<Found> find(LogicalPlan plan) {
    if (plan instanceof View) {
      return Optional.empty();
    }
    return here(plan)
        .or(
            () ->
                Stream.concat(
                        CollectionConverters.asJava(plan.children()).stream(),
                        CollectionConverters.asJava(plan.subqueries()).stream()
                            .map(LogicalPlan.class::cast))
                    .map(ComparedPlaces::find)
                    .flatMap(Optional::stream)
                    .findFirst());
  }

  private static Optional<Found> here(LogicalPlan plan) {
    if (plan instanceof Distinct distinct) {
      return found("DISTINCT or UNION", attributes(distinct.output()));
    }
    if (plan instanceof Except except) {
      return found("EXCEPT", attributesOf(except.children()));
    }
    if (plan instanceof Intersect intersect) {
      return found("INTERSECT", attributesOf(intersect.children()));
    }
    if (plan instanceof Aggregate aggregate) {
      Optional<Found> groups =
          found(
              "GROUP BY", references(CollectionConverters.asJava(aggregate.groupingExpressions())));
      if (groups.isPresent()) {
        return groups;
      }
    }
    List<Expression> expressions = CollectionConverters.asJava(plan.expressions());
    if (plan instanceof Join join) {
      List<Expression> compared =
          expressions.stream()
              .flatMap(ComparedPlaces::parts)
              .filter(part -> part instanceof EqualTo || part instanceof EqualNullSafe)
              .filter(part -> comparesSides(part, join))
              .toList();
      return found("NATURAL JOIN", references(compared));
    }
    return expressions.stream()
        .flatMap(ComparedPlaces::parts)
        .map(ComparedPlaces::ofValue)
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static boolean comparesSides(Expression part, Join join) {
    return part.references().intersect(join.left().outputSet()).nonEmpty()
        && part.references().intersect(join.right().outputSet()).nonEmpty();
  }

  private static Optional<Found> ofValue(Expression part) {
    if (part instanceof AggregateExpression aggregate && aggregate.isDistinct()) {
      return found("an aggregate of DISTINCT rows", references(List.of(part)));
    }
    return isHash(part) ? found("a hash of the row", references(List.of(part))) : Optional.empty();
  }

  private static boolean isHash(Expression part) {
    return part instanceof HashExpression<?>
        || part instanceof Md5
        || part instanceof Sha1
        || part instanceof Sha2
        || part instanceof Crc32;
  }

  private static Stream<Expression> parts(Expression expression) {
    return Stream.concat(
        Stream.of(expression),
        CollectionConverters.asJava(expression.children()).stream().flatMap(ComparedPlaces::parts));
  }

  private static List<Attribute> attributes(scala.collection.Iterable<Attribute> output) {
    return new ArrayList<>(CollectionConverters.asJavaCollection(output));
  }

  private static List<Attribute> attributesOf(scala.collection.immutable.Seq<LogicalPlan> plans) {
    return CollectionConverters.asJava(plans).stream()
        .flatMap(plan -> attributes(plan.output()).stream())
        .toList();
  }

  private static List<Attribute> references(List<Expression> expressions) {
    return expressions.stream()
        .flatMap(expression -> attributes(expression.references()).stream())
        .toList();
  }

  /** By their marks, since a file may have columns of these names. */
  private static Optional<Found> found(String what, List<Attribute> compared) {
    Set<String> names =
        compared.stream()
            .filter(column -> InternalColumn.isInternal(column.metadata()))
            .map(Attribute::name)
            .collect(Collectors.toSet());
    List<String> places = PLACES.stream().filter(names::contains).toList();
    return places.isEmpty() ? Optional.empty() : Optional.of(new Found(what, places));
  }
}
