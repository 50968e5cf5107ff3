package io.sqletl.engine.stage.sql;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.ViewReferences;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.spark.sql.catalyst.TableIdentifier;
import org.apache.spark.sql.catalyst.analysis.PlanWithUnresolvedIdentifier;
import org.apache.spark.sql.catalyst.analysis.UnresolvedExecuteImmediate;
import org.apache.spark.sql.catalyst.analysis.UnresolvedIdentifier;
import org.apache.spark.sql.catalyst.analysis.UnresolvedRelation;
import org.apache.spark.sql.catalyst.plans.logical.CacheTableAsSelect;
import org.apache.spark.sql.catalyst.plans.logical.CloneTableStatement;
import org.apache.spark.sql.catalyst.plans.logical.CreateTable;
import org.apache.spark.sql.catalyst.plans.logical.DeleteFromTable;
import org.apache.spark.sql.catalyst.plans.logical.DropTable;
import org.apache.spark.sql.catalyst.plans.logical.DropView;
import org.apache.spark.sql.catalyst.plans.logical.InsertIntoStatement;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.MergeIntoTable;
import org.apache.spark.sql.catalyst.plans.logical.OverwriteByExpression;
import org.apache.spark.sql.catalyst.plans.logical.RenameTable;
import org.apache.spark.sql.catalyst.plans.logical.SetCatalogAndNamespace;
import org.apache.spark.sql.catalyst.plans.logical.SubqueryAlias;
import org.apache.spark.sql.catalyst.plans.logical.TruncateTable;
import org.apache.spark.sql.catalyst.plans.logical.UncacheTable;
import org.apache.spark.sql.catalyst.plans.logical.UnresolvedTableSpec;
import org.apache.spark.sql.catalyst.plans.logical.UnresolvedWith;
import org.apache.spark.sql.catalyst.plans.logical.UpdateTable;
import org.apache.spark.sql.catalyst.trees.Origin;
import org.apache.spark.sql.catalyst.util.CaseInsensitiveMap;
import org.apache.spark.sql.execution.command.CreateViewCommand;
import org.apache.spark.sql.execution.command.SetCatalogCommand;
import org.apache.spark.sql.execution.command.SetNamespaceCommand;
import org.apache.spark.sql.execution.datasources.CreateTempViewUsing;
import scala.Option;
import scala.Product;
import scala.Tuple3;
import scala.collection.Iterable;
import scala.collection.Iterator;
import scala.collection.immutable.Seq;

/**
 * Finds the views that a statement reads and makes. A name with dots is that of a table in a
 * catalogue or of a path, and never a view's.
 *
 * <p>Plans are walked by all that their nodes hold, not by their children only: commands keep the
 * plans that they have to run beside their children.
 */
final class ReferenceCollector {

  private static final Set<String> FORMATS =
      Set.of("delta", "parquet", "orc", "avro", "csv", "json", "xml", "text");

  /** Formats of text of which Spark's readers account for no records, and what reads them. */
  private static final Map<String, String> EXTRACTS =
      Map.of("csv", "DelimitedExtract", "json", "JSONExtract", "xml", "XMLExtract");

  private final SqlStatement statement;
  private final ViewReferences views;
  private final Consumer<Problem> warnings;

  /** What the statement itself made so far, for scripts. */
  private final Set<String> made = new HashSet<>();

  private final Set<ViewReferences.Data> placed = new LinkedHashSet<>();

  ReferenceCollector(SqlStatement statement, ViewReferences views, Consumer<Problem> warnings) {
    this.statement = statement;
    this.views = views;
    this.warnings = warnings;
  }

  /**
   * @return what the statement names by format and place
   */
  Set<ViewReferences.Data> collect(LogicalPlan plan) {
    visit(plan, Set.of());
    return placed;
  }

  private void visit(Object part, Set<String> hidden) {
    if (part instanceof UnresolvedRelation relation) {
      reads(relation, hidden);
    } else if (part instanceof UnresolvedWith with) {
      visitWith(with, hidden);
    } else if (part instanceof CloneTableStatement copy) {
      visit(copy.source(), hidden);
      if (copy.target() instanceof UnresolvedRelation target) {
        makes(last(target.multipartIdentifier()));
      }
    } else if (part instanceof UncacheTable) {
      return; // Harmless for a name that nobody knows
    } else {
      visitParts(part, hidden);
      if (part instanceof LogicalPlan plan) {
        madeBy(plan);
        changedBy(plan).ifPresent(this::changes);
      }
    }
  }

  /** The table that a statement changes rows of; nothing for one that changes none. */
  private static Optional<LogicalPlan> changedBy(LogicalPlan plan) {
    if (plan instanceof MergeIntoTable merge) {
      return Optional.of(merge.targetTable());
    }
    if (plan instanceof UpdateTable update) {
      return Optional.of(update.table());
    }
    if (plan instanceof DeleteFromTable delete) {
      return Optional.of(delete.table());
    }
    if (plan instanceof InsertIntoStatement insert) {
      return Optional.of(insert.table());
    }
    if (plan instanceof OverwriteByExpression overwrite) {
      return Optional.of((LogicalPlan) overwrite.table());
    }
    return plan instanceof TruncateTable truncate
        ? Optional.of(truncate.table())
        : Optional.empty();
  }

  private void changes(LogicalPlan table) {
    LogicalPlan named = table instanceof SubqueryAlias alias ? alias.child() : table;
    if (named instanceof UnresolvedRelation relation) {
      Seq<String> name = relation.multipartIdentifier();
      if (name.size() == 1) {
        views.changes(name.head());
      }
      data(name).ifPresent(views::changesData);
    }
  }

  /** Data by its place; nothing for the name of a table. */
  private static Optional<ViewReferences.Data> data(Seq<String> name) {
    return name.size() == 2 && FORMATS.contains(folded(name.head()))
        ? Optional.of(new ViewReferences.Data(folded(name.head()), name.apply(1)))
        : Optional.empty();
  }

  private void visitParts(Object part, Set<String> hidden) {
    if (part instanceof Iterable<?> elements) {
      visitAll(elements.iterator(), hidden);
    } else if (part instanceof Option<?> option) {
      visitAll(option.iterator(), hidden);
    } else if (part instanceof Product product) {
      visitAll(product.productIterator(), hidden);
    }
  }

  private void visitAll(Iterator<?> parts, Set<String> hidden) {
    while (parts.hasNext()) {
      visit(parts.next(), hidden);
    }
  }

  /** Each query of a WITH sees those before it, and itself when it may be recursive. */
  private void visitWith(UnresolvedWith with, Set<String> hidden) {
    Set<String> inner = new HashSet<>(hidden);
    Iterator<Tuple3<String, SubqueryAlias, Option<Object>>> queries =
        with.cteRelations().iterator();
    while (queries.hasNext()) {
      Tuple3<String, SubqueryAlias, Option<Object>> query = queries.next();
      if (with.allowRecursion()) {
        inner.add(folded(query._1()));
      }
      visit(query._2(), inner);
      inner.add(folded(query._1()));
    }
    visit(with.child(), inner);
  }

  private void reads(UnresolvedRelation relation, Set<String> hidden) {
    Optional<ViewReferences.Data> data = data(relation.multipartIdentifier());
    data.ifPresent(placed::add);
    data.ifPresent(views::readsData);
    data.ifPresent(files -> warnOfReader(files.format(), relation.origin()));
    if (relation.multipartIdentifier().size() != 1) {
      return;
    }
    String name = relation.multipartIdentifier().head();
    if (hidden.contains(folded(name)) || made.contains(folded(name))) {
      return;
    }
    int offset = offset(relation.origin());
    views.reads(name, statement.at(offset, writtenLength(name, offset)));
  }

  private int offset(Origin origin) {
    return origin.line().isDefined() && origin.startPosition().isDefined()
        ? SqlSyntax.offset(
            statement.text(), (Integer) origin.line().get(), (Integer) origin.startPosition().get())
        : 0;
  }

  private void warnOfReader(String format, Origin origin) {
    String extract = EXTRACTS.get(folded(format));
    if (extract != null) {
      warnings.accept(
          Problem.of(
                  ErrorCode.UNTOLD,
                  statement.at(offset(origin), format.length()),
                  "SQL reads files of "
                      + folded(format)
                      + " by Spark's own reader, which accounts for no records: what a short one"
                      + " lacks is NULL, what a long one has too much is cut, and neither is told")
              .withRemedy("read them with " + extract + ", and its view here"));
    }
  }

  private int writtenLength(String name, int offset) {
    return statement.text().startsWith("`", offset)
        ? name.replace("`", "``").length() + 2
        : name.length();
  }

  private void madeBy(LogicalPlan plan) {
    if (plan instanceof CreateViewCommand create) {
      makes(name(create.name()));
    } else if (plan instanceof CreateTempViewUsing create) {
      makes(name(create.tableIdent()));
      warnOfReader(create.provider(), create.origin());
      placed(create.provider(), new CaseInsensitiveMap<>(create.options()).get("path"));
    } else if (plan instanceof CacheTableAsSelect cache) {
      makes(cache.tempViewName());
    } else if (plan instanceof RenameTable rename) {
      makes(last(rename.newName()));
    } else if (plan instanceof SetCatalogAndNamespace
        || plan instanceof SetNamespaceCommand
        || plan instanceof SetCatalogCommand
        || plan instanceof UnresolvedExecuteImmediate
        || plan instanceof PlanWithUnresolvedIdentifier) {
      views.makesUnknown();
    } else if (!(plan instanceof DropTable) && !(plan instanceof DropView)) {
      // CREATE VIEW, CREATE TABLE, CREATE TABLE AS, REPLACE TABLE: the name is a child
      Iterator<LogicalPlan> children = plan.children().iterator();
      while (children.hasNext()) {
        if (children.next() instanceof UnresolvedIdentifier identifier) {
          if (plan instanceof CreateTable table
              && table.tableSpec() instanceof UnresolvedTableSpec spec
              && spec.provider().isDefined()) {
            placed(spec.provider().get(), spec.location());
          }
          makes(last(identifier.nameParts()));
          data(identifier.nameParts()).ifPresent(views::changesData);
        }
      }
    }
  }

  /**
   * {@code USING parquet OPTIONS (path '/data/x')} names data as {@code parquet.`/data/x`} does.
   */
  private void placed(String format, Option<String> path) {
    if (FORMATS.contains(folded(format)) && path.isDefined()) {
      ViewReferences.Data data = new ViewReferences.Data(folded(format), path.get());
      placed.add(data);
      views.readsData(data);
    }
  }

  private void makes(String name) {
    made.add(folded(name));
    views.makes(name);
  }

  private static String name(TableIdentifier identifier) {
    return identifier.table();
  }

  private static String last(Seq<String> name) {
    return name.apply(name.size() - 1);
  }

  private static String folded(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
