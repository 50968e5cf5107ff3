package io.sqletl.engine.stage.load;

import io.sqletl.engine.stage.ColumnName;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import io.sqletl.engine.stage.http.ExpectedStatus;
import io.sqletl.engine.stage.http.HttpSender;
import io.sqletl.engine.stage.http.HttpUri;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.spark.api.java.function.ForeachPartitionFunction;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.util.LongAccumulator;

/** Posts rows to a server. */
public final class HTTPLoadStage implements StageType<HTTPLoad> {

  @Override
  public Class<HTTPLoad> configuration() {
    return HTTPLoad.class;
  }

  @Override
  public String description() {
    return "Posts each row of a view of one string column to a server; another status than those"
        + " that are valid fails the run.";
  }

  @Override
  public Stage plan(HTTPLoad keys, StagePlanning planning) {
    HttpUri.check(planning, "outputURI", keys.outputURI());
    keys.request().check(planning);
    return context -> Optional.of(load(keys, context));
  }

  private static Dataset<Row> load(HTTPLoad keys, StageContext context) throws TimeoutException {
    Dataset<Row> rows = context.view(keys.inputView());
    requireTexts(rows.schema().fields(), keys.inputView());
    StructField value = rows.schema().fields()[0];
    Dataset<Row> sound =
        rows.select(
            TextValues.sound(ColumnName.column(value.name()), value, "HTTPLoad").as(value.name()));
    LongAccumulator sent = context.spark().sparkContext().longAccumulator();
    Post post = new Post(keys, sent);
    if (rows.isStreaming()) {
      VoidFunction2<Dataset<Row>, Long> batch = (texts, number) -> texts.foreachPartition(post);
      sound.writeStream().foreachBatch(batch).start();
    } else {
      sound.foreachPartition(post);
      context.detail("requests", sent.value());
    }
    context.wrote(keys.outputURI());
    return rows;
  }

  private static void requireTexts(StructField[] columns, String inputView) {
    if (columns.length != 1
        || !columns[0].name().equals("value")
        || !(columns[0].dataType() instanceof StringType)) {
      throw new StageException(
          "HTTPLoad requires inputView to be dataset with [value: string] signature. inputView '"
              + inputView
              + "' has "
              + columns.length
              + " columns of type ["
              + Arrays.stream(columns)
                  .map(column -> column.name() + ": " + column.dataType().simpleString())
                  .collect(Collectors.joining(", "))
              + "].");
    }
  }

  /** Posts the rows of a partition over one pool of connections. */
  private static final class Post implements ForeachPartitionFunction<Row> {

    private static final long serialVersionUID = 1L;

    private final String uri;
    private final Map<String, String> headers;
    private final List<Integer> validStatusCodes;
    private final LongAccumulator sent;

    private Post(HTTPLoad keys, LongAccumulator sent) {
      this.uri = keys.outputURI();
      this.headers = Map.copyOf(keys.request().headers());
      this.validStatusCodes = List.copyOf(keys.request().validStatusCodes());
      this.sent = sent;
    }

    @Override
    public void call(Iterator<Row> rows) {
      HttpSender sender = HttpSender.ofTask("HTTPLoad", headers);
      ExpectedStatus expected =
          sender.expecting(validStatusCodes, "HTTPLoad expects all response StatusCode(s)");
      while (rows.hasNext()) {
        Row row = rows.next();
        String value = row.isNullAt(0) ? "" : row.getString(0);
        expected.require(sender.post(uri, value), uri, value);
        sent.add(1);
      }
    }
  }
}
