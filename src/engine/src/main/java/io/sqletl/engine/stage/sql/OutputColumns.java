package io.sqletl.engine.stage.sql;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAlias;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.analysis.UnresolvedHaving;
import org.apache.spark.sql.catalyst.analysis.UnresolvedInlineTable;
import org.apache.spark.sql.catalyst.analysis.UnresolvedRelation;
import org.apache.spark.sql.catalyst.analysis.UnresolvedStar;
import org.apache.spark.sql.catalyst.analysis.UnresolvedStarExceptOrReplace;
import org.apache.spark.sql.catalyst.analysis.UnresolvedSubqueryColumnAliases;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.plans.UsingJoin;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.Distinct;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.GlobalLimit;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.LocalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.RepartitionByExpression;
import org.apache.spark.sql.catalyst.plans.logical.Sort;
import org.apache.spark.sql.catalyst.plans.logical.SubqueryAlias;
import org.apache.spark.sql.catalyst.plans.logical.Union;
import org.apache.spark.sql.catalyst.plans.logical.UnresolvedHint;
import org.apache.spark.sql.catalyst.plans.logical.UnresolvedWith;
import org.apache.spark.sql.catalyst.plans.logical.WithWindowDefinition;
import scala.Option;
import scala.Tuple3;
import scala.collection.Iterator;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The names of a query's columns, where the text of the query says them. What is not certain is not
 * known: a name that Spark would make up, a table of a catalogue, any operator that is not listed
 * here.
 */
final class OutputColumns {

  private static final Pattern PATTERN = Pattern.compile("[()|*+?\\[\\]]");

  private static final Set<String> FUNCTIONS =
      Set.of(
          "current_date",
          "current_time",
          "current_timestamp",
          "localtimestamp",
          "current_user",
          "session_user",
          "user",
          "grouping__id");

  private final Function<String, Optional<List<String>>> views;
  private final Map<String, Optional<List<String>>> named = new HashMap<>();

  /**
   * @param views the columns of a view, as far as they are known
   */
  OutputColumns(Function<String, Optional<List<String>>> views) {
    this.views = views;
  }

  private OutputColumns(OutputColumns outer) {
    this.views = outer.views;
    this.named.putAll(outer.named);
  }

  /** All columns in their order; nothing if one of them is not known. */
  Optional<List<String>> of(LogicalPlan plan) {
    if (plan instanceof Project project) {
      return of(CollectionConverters.asJava(project.projectList()), project.child());
    }
    if (plan instanceof Aggregate aggregate) {
      return of(CollectionConverters.asJava(aggregate.aggregateExpressions()), aggregate.child());
    }
    if (plan instanceof Filter
        || plan instanceof Sort
        || plan instanceof GlobalLimit
        || plan instanceof LocalLimit
        || plan instanceof Distinct
        || plan instanceof UnresolvedHaving
        || plan instanceof RepartitionByExpression
        || plan instanceof UnresolvedHint
        || plan instanceof WithWindowDefinition
        || plan instanceof SubqueryAlias) {
      return of(plan.children().head());
    }
    if (plan instanceof UnresolvedSubqueryColumnAliases aliases) {
      return Optional.of(list(aliases.outputColumnNames()));
    }
    if (plan instanceof Union union) {
      return union.byName() ? Optional.empty() : of(union.children().head());
    }
    if (plan instanceof UnresolvedWith with) {
      return ofWith(with);
    }
    if (plan instanceof UnresolvedRelation relation) {
      Seq<String> name = relation.multipartIdentifier();
      return name.size() == 1 ? ofName(name.head()) : Optional.empty();
    }
    if (plan instanceof UnresolvedInlineTable table) {
      return Optional.of(list(table.names()));
    }
    if (plan instanceof LocalRelation relation) {
      return Optional.of(
          CollectionConverters.asJava(relation.output()).stream()
              .map(column -> column.name())
              .toList());
    }
    return plan instanceof Join join ? ofJoin(join) : Optional.empty();
  }

  private Optional<List<String>> ofName(String name) {
    String folded = folded(name);
    return named.containsKey(folded) ? named.get(folded) : views.apply(name);
  }

  /** Each query of a WITH sees those before it. */
  private Optional<List<String>> ofWith(UnresolvedWith with) {
    OutputColumns inner = new OutputColumns(this);
    Iterator<Tuple3<String, SubqueryAlias, Option<Object>>> queries =
        with.cteRelations().iterator();
    while (queries.hasNext()) {
      Tuple3<String, SubqueryAlias, Option<Object>> query = queries.next();
      if (with.allowRecursion()) {
        inner.named.put(folded(query._1()), Optional.empty());
      }
      inner.named.put(folded(query._1()), inner.of(query._2()));
    }
    return inner.of(with.child());
  }

  private Optional<List<String>> ofJoin(Join join) {
    String type = join.joinType().sql();
    if (type.equals("LEFT SEMI") || type.equals("LEFT ANTI")) {
      return of(join.left());
    }
    if (type.startsWith("NATURAL") || join.joinType() instanceof UsingJoin) {
      return Optional.empty();
    }
    Optional<List<String>> left = of(join.left());
    Optional<List<String>> right = of(join.right());
    if (left.isEmpty() || right.isEmpty()) {
      return Optional.empty();
    }
    List<String> both = new ArrayList<>(left.get());
    both.addAll(right.get());
    return Optional.of(both);
  }

  private Optional<List<String>> of(List<?> selected, LogicalPlan from) {
    List<String> names = new ArrayList<>();
    for (Object expression : selected) {
      Optional<List<String>> some = names(expression, from);
      if (some.isEmpty()) {
        return Optional.empty();
      }
      names.addAll(some.get());
    }
    return Optional.of(names);
  }

  private Optional<List<String>> names(Object expression, LogicalPlan from) {
    if (expression instanceof Alias alias) {
      return Optional.of(List.of(alias.name()));
    }
    if (expression instanceof UnresolvedAlias unnamed) {
      return names(unnamed.child(), from);
    }
    if (expression instanceof UnresolvedAttribute attribute) {
      return name(attribute);
    }
    if (expression instanceof UnresolvedStar star) {
      return star(star.target(), from);
    }
    if (expression instanceof UnresolvedStarExceptOrReplace star) {
      return star(star.target(), from).flatMap(all -> without(star, all));
    }
    return Optional.empty();
  }

  /** Some words are functions where no column has their name, and a pattern can mean columns. */
  private static Optional<List<String>> name(UnresolvedAttribute attribute) {
    String name = attribute.nameParts().last();
    boolean isCertain =
        !PATTERN.matcher(name).find()
            && (attribute.nameParts().size() > 1 || !FUNCTIONS.contains(folded(name)));
    return isCertain ? Optional.of(List.of(name)) : Optional.empty();
  }

  private static Optional<List<String>> without(
      UnresolvedStarExceptOrReplace star, List<String> all) {
    List<String> left = new ArrayList<>(all);
    for (Seq<String> name : CollectionConverters.asJava(star.excepts())) {
      // With several parts it is a field of a struct, or has the name of a table before it
      if (name.size() > 1) {
        return Optional.empty();
      }
      left.removeIf(name.head()::equalsIgnoreCase);
    }
    return Optional.of(left);
  }

  private Optional<List<String>> star(Option<Seq<String>> target, LogicalPlan from) {
    if (target.isEmpty()) {
      return of(from);
    }
    return target.get().size() == 1 ? ofSource(target.get().head(), from) : Optional.empty();
  }

  /** The columns of the table of a FROM that goes by this name. */
  private Optional<List<String>> ofSource(String name, LogicalPlan from) {
    if (from instanceof SubqueryAlias alias) {
      return alias.identifier().name().equalsIgnoreCase(name) ? of(alias) : Optional.empty();
    }
    if (from instanceof UnresolvedRelation relation) {
      return relation.multipartIdentifier().last().equalsIgnoreCase(name)
          ? of(relation)
          : Optional.empty();
    }
    if (from instanceof Filter) {
      return ofSource(name, from.children().head());
    }
    if (from instanceof Join join) {
      Optional<List<String>> left = ofSource(name, join.left());
      return left.isPresent() ? left : ofSource(name, join.right());
    }
    return Optional.empty();
  }

  private static List<String> list(Seq<String> names) {
    return List.copyOf(CollectionConverters.asJava(names));
  }

  private static String folded(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
