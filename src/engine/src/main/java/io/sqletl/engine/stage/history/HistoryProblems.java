package io.sqletl.engine.stage.history;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.when;

import io.sqletl.engine.stage.ColumnName;
import io.sqletl.engine.stage.StageException;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;

/**
 * What is wrong with the versions of a table.
 *
 * @param marked all versions, with what is wrong with each
 * @param versions how many there are
 * @param wrong how many of them are wrong
 */
record HistoryProblems(Dataset<Row> marked, long versions, long wrong) {

  private static final int SHOWN = 10;
  private static final String PROBLEM = "problem";
  private static final String ROW = "r";

  static HistoryProblems of(Dataset<Row> rows, HistoryColumns columns, Choices.NullKeys nullKeys) {
    HistoryLayout layout = columns.layout();
    Dataset<Row> versions = columns.versions(rows, shown(columns).as(ROW));
    Optional<String> mark = layout.isCurrent().filter(name -> layout.validTo().isEmpty());
    if (mark.isPresent()) {
      versions =
          versions.withColumn(
              Names.MARKED, col(ROW).getField(mark.get()).eqNullSafe(Names.end().isNull()));
    }
    Column problem = HistoryVerification.problem(layout.type());
    if (nullKeys == Choices.NullKeys.fail) {
      Column isNull =
          columns.keys().stream()
              .map(field -> Names.key().getField(field.name()).isNull())
              .reduce(lit(false), Column::or);
      problem = when(isNull, "its key has NULL").otherwise(problem);
    }
    Dataset<Row> marked = versions.withColumn(PROBLEM, problem);
    Row counts = marked.agg(count(lit(1)), count(col(PROBLEM))).head();
    return new HistoryProblems(marked, counts.getLong(0), counts.getLong(1));
  }

  /** What a person is shown of a row: what it is a version of, and when. */
  private static Column shown(HistoryColumns columns) {
    Set<String> names = new LinkedHashSet<>();
    columns.keys().stream().map(StructField::name).forEach(names::add);
    columns.sequence().stream().map(StructField::name).forEach(names::add);
    names.addAll(columns.layout().made());
    return struct(
        names.stream().map(name -> ColumnName.column(name).as(name)).toArray(Column[]::new));
  }

  /**
   * @throws StageException with the first rows that are wrong, if any is
   */
  void require(String uri) {
    if (wrong == 0) {
      return;
    }
    String rows =
        marked
            .where(col(PROBLEM).isNotNull())
            .orderBy(Names.key(), Names.start())
            .limit(SHOWN)
            .select(to_json(col(ROW), Map.of("ignoreNullFields", "false")), col(PROBLEM))
            .collectAsList()
            .stream()
            .map(row -> "\n  " + row.getString(0) + ": " + row.getString(1))
            .collect(Collectors.joining());
    throw new StageException(
        String.format(
            Locale.ROOT,
            "The table at '%s' is not a sound history: %,d of %,d versions %s wrong.%s%s\n%s",
            uri,
            wrong,
            versions,
            wrong == 1 ? "is" : "are",
            rows,
            wrong > SHOWN ? "\n  …" : "",
            "Repair them, or go back to a version of the table that was sound (RESTORE TABLE)."));
  }
}
