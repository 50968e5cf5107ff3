package io.sqletl.engine.stage.load;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser;
import org.apache.spark.sql.catalyst.parser.ParseException;
import scala.jdk.javaapi.CollectionConverters;

/** The sides of a merge, the view and the table, whose columns a condition names. */
record MergeSides(String condition) {

  private static final Set<String> ALIASES = Set.of("source", "target");

  /**
   * The one side that all columns are of, as its alias.
   *
   * @return nothing where both are named, no column is, or one does not say whose it is; and for a
   *     condition that is no SQL, which is told elsewhere
   */
  Optional<String> only() {
    Set<String> sides = new HashSet<>();
    try {
      collect(new CatalystSqlParser().parseExpression(condition), sides);
    } catch (Exception e) {
      if (e instanceof ParseException) {
        return Optional.empty();
      }
      throw e;
    }
    return sides.size() == 1
        ? sides.stream().filter(ALIASES::contains).findFirst()
        : Optional.empty();
  }

  private static void collect(Expression expression, Set<String> sides) {
    if (expression instanceof UnresolvedAttribute attribute) {
      List<String> name = CollectionConverters.asJava(attribute.nameParts());
      sides.add(name.size() > 1 ? name.get(0).toLowerCase(Locale.ROOT) : "");
    }
    CollectionConverters.asJava(expression.children()).forEach(child -> collect(child, sides));
  }
}
