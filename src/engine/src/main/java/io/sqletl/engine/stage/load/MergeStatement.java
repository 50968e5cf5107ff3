package io.sqletl.engine.stage.load;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.ColumnName;
import io.sqletl.engine.stage.InternalColumn;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.delta.AddedFiles;
import io.sqletl.engine.stage.delta.DeltaCommits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.DeltaMergeAction;
import org.apache.spark.sql.catalyst.plans.logical.DeltaMergeIntoNotMatchedInsertClause;
import org.apache.spark.sql.delta.commands.MergeIntoCommand;
import org.apache.spark.sql.types.StructField;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Columns and keys of a MERGE into a Delta table that is written as SQL. It tells of them what a
 * DeltaLakeMergeLoad does.
 */
final class MergeStatement {

  private static final String INSERTED = "num_inserted_rows";

  private final MergeIntoCommand merge;
  private final boolean takesAll;
  private final String uri;
  private final StageContext context;
  private final long before;
  private final List<Pair> pairs = new ArrayList<>();
  private final boolean areAll;

  /** A column of the source and the one of the table that it has to equal. */
  private record Pair(Attribute source, Attribute target, boolean findsNull) {}

  /**
   * @param merge has not run
   * @param takesAll whether a clause says * for every column
   * @param uri where the table is
   */
  MergeStatement(MergeIntoCommand merge, boolean takesAll, String uri, StageContext context) {
    this.merge = merge;
    this.takesAll = takesAll;
    this.uri = uri;
    this.context = context;
    this.areAll =
        MergeKeys.equalities(
            merge.condition(),
            (source, target, findsNull) ->
                pair(source, target, findsNull).map(pairs::add).orElse(false));
    this.before = DeltaCommits.of(context.spark(), uri).latest();
  }

  private Optional<Pair> pair(Expression source, Expression target, boolean findsNull) {
    return plain(source) instanceof Attribute mine
            && plain(target) instanceof Attribute other
            && merge.source().outputSet().contains(mine)
            && merge.target().outputSet().contains(other)
        ? Optional.of(new Pair(mine, other, findsNull))
        : Optional.empty();
  }

  /** Without the casts that nobody wrote. */
  private static Expression plain(Expression expression) {
    Expression bare = expression;
    while (bare instanceof Cast cast && cast.getTagValue(Cast.USER_SPECIFIED_CAST()).isEmpty()) {
      bare = cast.child();
    }
    return bare;
  }

  /** Warns of keys of two types, and of columns that have no place in the table. */
  void warnOfColumns() {
    for (Pair pair : pairs) {
      MergeKeys.blurred(pair.source().dataType(), pair.target().dataType())
          .ifPresent(
              why ->
                  context.warnOfColumns(
                      "ON compares "
                          + pair.source().name()
                          + " of the source ("
                          + pair.source().dataType().sql()
                          + ") with "
                          + pair.target().name()
                          + " of the table ("
                          + pair.target().dataType().sql()
                          + "), and "
                          + why,
                      "give the source the table's type, in a TypingTransform or with CAST"));
    }
    if (takesAll) {
      warnOfNewColumns();
    }
  }

  /** A column that the statement names anywhere has its use; what * leaves out has none. */
  private void warnOfNewColumns() {
    Set<String> known =
        Stream.concat(
                Arrays.stream(
                    merge.migratedSchema().isDefined()
                        ? merge.migratedSchema().get().fieldNames()
                        : merge.target().schema().fieldNames()),
                CollectionConverters.asJava(merge.expressions()).stream()
                    .flatMap(
                        part -> CollectionConverters.asJava(part.references().toSeq()).stream())
                    .map(Attribute::name))
            .map(MergeStatement::inLowerCase)
            .collect(Collectors.toSet());
    List<String> left =
        Arrays.stream(merge.source().schema().fields())
            .filter(field -> !InternalColumn.isRecordErrors(field))
            .map(StructField::name)
            .filter(name -> !known.contains(inLowerCase(name)))
            .toList();
    if (left.isEmpty()) {
      return;
    }
    boolean isOne = left.size() == 1;
    context.warn(
        ErrorCode.LOST_IN_LOAD,
        "The table "
            + uri
            + " has no "
            + (isOne ? "column " : "columns ")
            + String.join(", ", left)
            + " of the source, so the merge leaves "
            + (isOne ? "it" : "them")
            + " out",
        "write MERGE WITH SCHEMA EVOLUTION INTO … to add "
            + (isOne ? "it" : "them")
            + ", or leave "
            + (isOne ? "it" : "them")
            + " out of the source");
  }

  private static String inLowerCase(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /**
   * Warns of rows with NULL in the key that were inserted, and of keys that are in the table more
   * than once now.
   *
   * @param result what the statement gave
   */
  void warnOfKeys(Dataset<Row> result) throws IOException {
    List<DeltaMergeIntoNotMatchedInsertClause> inserts =
        CollectionConverters.asJava(merge.notMatchedClauses()).stream()
            .filter(DeltaMergeIntoNotMatchedInsertClause.class::isInstance)
            .map(DeltaMergeIntoNotMatchedInsertClause.class::cast)
            .toList();
    List<Pair> kept =
        pairs.stream()
            .filter(pair -> inserts.stream().allMatch(insert -> isKept(pair, insert)))
            .toList();
    long inserted = inserted(result);
    if (inserts.isEmpty() || kept.isEmpty() || inserted == 0) {
      return;
    }
    AddedFiles added = AddedFiles.since(context.spark(), uri, before);
    List<String> plain =
        kept.stream().filter(pair -> !pair.findsNull()).map(pair -> pair.target().name()).toList();
    warnOfNulls(plain, added);
    if (areAll && kept.size() == pairs.size() && inserted > 1) {
      RepeatedKeys.warn(
          kept.stream().map(pair -> pair.target().name()).toList(), plain, added, context);
    }
  }

  private static long inserted(Dataset<Row> result) {
    return Arrays.asList(result.columns()).contains(INSERTED)
        ? result.select(INSERTED).first().getLong(0)
        : 0;
  }

  /**
   * Whether the table gets what the condition looks at. Where it gets another column, rows whose
   * key is NULL are inserted on purpose: the new versions of a history, which are to match nothing.
   */
  private static boolean isKept(Pair pair, DeltaMergeIntoNotMatchedInsertClause insert) {
    for (DeltaMergeAction action : CollectionConverters.asJava(insert.resolvedActions())) {
      List<String> column = CollectionConverters.asJava(action.targetColNameParts());
      if (column.size() == 1 && column.get(0).equalsIgnoreCase(pair.target().name())) {
        return plain(action.expr()).semanticEquals(pair.source());
      }
    }
    return false;
  }

  /** The source may be another one by now, as it may read the table. */
  private void warnOfNulls(List<String> keys, AddedFiles added) throws IOException {
    boolean mayBe = false;
    for (String key : keys) {
      mayBe |= added.mayHoldNull(key);
    }
    if (!mayBe) {
      return;
    }
    Column isNull =
        keys.stream().map(key -> ColumnName.column(key).isNull()).reduce(Column::or).orElseThrow();
    long rows =
        table(DeltaCommits.known(context.spark(), uri).latest()).where(isNull).count()
            - table(before).where(isNull).count();
    if (rows > 0) {
      MergeKeys.tellOfNulls(
          rows, "source", keys, "leave them out before, or compare with <=> in ON", context);
    }
  }

  private Dataset<Row> table(long version) {
    return context.spark().read().format("delta").option("versionAsOf", version).load(uri);
  }
}
