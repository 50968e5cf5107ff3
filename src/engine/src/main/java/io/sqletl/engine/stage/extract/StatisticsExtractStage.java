package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.OutputView;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Measures the columns of a view in one pass over it. */
public final class StatisticsExtractStage implements StageType<StatisticsExtract> {

  @Override
  public Class<StatisticsExtract> configuration() {
    return StatisticsExtract.class;
  }

  @Override
  public String description() {
    return "Makes a view of figures about the columns of a view, a row for each: counts, nulls,"
        + " distinct values, ranges; of texts only their lengths, never their contents. The"
        + " average length is the whole number below it.";
  }

  @Override
  public Stage plan(StatisticsExtract keys, StagePlanning planning) {
    if (keys.hllRelativeSD() <= 0) {
      planning.invalid(
          "hllRelativeSD",
          "\"hllRelativeSD\" is " + keys.hllRelativeSD(),
          "give a number above 0, such as 0.05");
    }
    return context -> Optional.of(measure(keys, context));
  }

  private static Dataset<Row> measure(StatisticsExtract keys, StageContext context) {
    Dataset<Row> rows = context.view(keys.inputView());
    if (rows.isStreaming()) {
      throw new StageException(
          "StatisticsExtract cannot measure the stream '"
              + keys.inputView()
              + "', which has no end; measure what was loaded.");
    }
    List<ColumnStatistics> columns =
        Arrays.stream(rows.schema().fields())
            .filter(ColumnStatistics::isMeasured)
            .map(field -> new ColumnStatistics(field, keys))
            .toList();
    List<Row> result = new ArrayList<>();
    Map<String, Object> told = new LinkedHashMap<>();
    if (!columns.isEmpty()) {
      Column[] figures =
          columns.stream().flatMap(column -> column.figures().stream()).toArray(Column[]::new);
      Row values = rows.agg(figures[0], Arrays.copyOfRange(figures, 1, figures.length)).head();
      int at = 0;
      for (ColumnStatistics column : columns) {
        Map<String, String> texts = column.texts(values, at);
        at += column.figures().size();
        List<String> row = new ArrayList<>(List.of(column.name()));
        row.addAll(texts.values());
        result.add(RowFactory.create(row.toArray()));
        told.put(column.name(), parsed(texts));
      }
    }
    Dataset<Row> view =
        OutputView.named(keys.outputView())
            .register(context.spark().createDataFrame(result, schema(keys.histogram())), context);
    if (keys.persist()) {
      context.detail("statistics", told);
    }
    return view;
  }

  private static StructType schema(boolean histogram) {
    StructType schema = new StructType().add("col_name", DataTypes.StringType);
    for (String name : ColumnStatistics.names(histogram)) {
      schema = schema.add(name, DataTypes.StringType);
    }
    return schema;
  }

  /** Figures as the log has them: numbers and booleans where the texts are such. */
  private static Map<String, Object> parsed(Map<String, String> texts) {
    Map<String, Object> values = new LinkedHashMap<>();
    texts.forEach((name, text) -> values.put(name, parsed(text)));
    return values;
  }

  private static Object parsed(String text) {
    if (text == null) {
      return null;
    }
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException e) {
      try {
        return Double.valueOf(text);
      } catch (NumberFormatException notANumber) {
        return text.equals("true") || text.equals("false") ? Boolean.valueOf(text) : text;
      }
    }
  }
}
