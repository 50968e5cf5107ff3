package io.sqletl.engine.stage.sql;

import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import scala.Option;
import scala.Product;
import scala.collection.Iterable;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;

/** The expressions of a statement as Spark's parser makes them, those of subqueries too. */
final class ParsedParts {

  private ParsedParts() {}

  /** All of them, whole ones before their parts. */
  static Stream<Expression> expressions(LogicalPlan parsed) {
    return in(parsed);
  }

  private static Stream<Expression> in(Object part) {
    Stream<Expression> itself =
        part instanceof Expression expression ? Stream.of(expression) : Stream.empty();
    return Stream.concat(itself, within(part));
  }

  private static Stream<Expression> within(Object part) {
    if (part instanceof Iterable<?> elements) {
      return all(elements.iterator());
    }
    if (part instanceof Option<?> option) {
      return all(option.iterator());
    }
    return part instanceof Product product ? all(product.productIterator()) : Stream.empty();
  }

  private static Stream<Expression> all(Iterator<?> parts) {
    java.lang.Iterable<Object> each = () -> CollectionConverters.<Object>asJava(wide(parts));
    return StreamSupport.stream(each.spliterator(), false).flatMap(ParsedParts::in);
  }

  @SuppressWarnings("unchecked") // An iterator is only read
  private static Iterator<Object> wide(Iterator<?> parts) {
    return (Iterator<Object>) parts;
  }
}
