package io.sqletl.engine.stage.transform;

import io.sqletl.engine.stage.ColumnName;
import io.sqletl.engine.stage.MetadataView;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import io.sqletl.engine.stage.sql.SqlStatement;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Keeps the columns of a view that a query of their metadata names. */
public final class MetadataFilterTransformStage implements StageType<MetadataFilterTransform> {

  private static final String NAME = "name";

  @Override
  public Class<MetadataFilterTransform> configuration() {
    return MetadataFilterTransform.class;
  }

  @Override
  public String description() {
    return "Keeps the columns of a view that a query names in its column name; the query reads the"
        + " view metadata, which has a row for each column.";
  }

  @Override
  public Stage plan(MetadataFilterTransform keys, StagePlanning planning) {
    planning.views().provides(MetadataView.NAME);
    Optional<SqlStatement> statement = keys.query().plan(planning);
    return context -> filter(keys, statement.orElseThrow(), context);
  }

  private static Optional<Dataset<Row>> filter(
      MetadataFilterTransform keys, SqlStatement statement, StageContext context) {
    Dataset<Row> input = context.view(keys.inputView());
    Set<String> chosen = chosen(input, statement, context);
    List<String> columns = List.of(input.columns());
    context.detail("includedColumns", columns.stream().filter(chosen::contains).toList());
    context.detail(
        "excludedColumns", columns.stream().filter(name -> !chosen.contains(name)).toList());
    Column[] included =
        columns.stream().filter(chosen::contains).map(ColumnName::column).toArray(Column[]::new);
    List<String> unknown =
        chosen.stream().filter(name -> !columns.contains(name)).sorted().toList();
    if (included.length > 0 && !unknown.isEmpty()) {
      context.warnOfColumns(
          "the query names "
              + unknown
              + ", which the view \""
              + keys.inputView()
              + "\" does not have: "
              + columns,
          "correct the names; they are compared with their capitals");
    }
    if (included.length == 0) {
      context.warnOfColumns(
          "the query names no column of the view \""
              + keys.inputView()
              + "\", so that the new view has none",
          "look at %metadata "
              + keys.inputView()
              + ", or at SELECT * FROM metadata in the query; names and metadata are compared with"
              + " their capitals");
    }
    return Optional.of(keys.output().register(input.select(included), context));
  }

  private static Set<String> chosen(
      Dataset<Row> input, SqlStatement statement, StageContext context) {
    Runnable restore = MetadataView.restore(context.spark());
    MetadataView.register(input);
    try {
      Dataset<Row> result = statement.run(context);
      String field =
          Arrays.stream(result.columns())
              .filter(NAME::equalsIgnoreCase)
              .findFirst()
              .orElseThrow(
                  () ->
                      new StageException(
                          "result does not contain field 'name' so cannot be filtered"));
      Set<String> names = new HashSet<>();
      Stream.of((Row[]) result.select(ColumnName.column(field)).collect())
          .filter(row -> !row.isNullAt(0))
          .forEach(row -> names.add(String.valueOf(row.get(0))));
      return names;
    } finally {
      restore.run();
    }
  }
}
