package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.IdleKeys;
import io.sqletl.engine.stage.InternalColumn;
import io.sqletl.engine.stage.LineLayout;
import io.sqletl.engine.stage.MalformedRecords;
import io.sqletl.engine.stage.RecordAccount;
import io.sqletl.engine.stage.RecordErrors;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import io.sqletl.engine.stage.http.HttpAnswer;
import io.sqletl.engine.stage.http.HttpSender;
import io.sqletl.engine.stage.http.HttpUri;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Makes a view of what servers answer. */
public final class HTTPExtractStage implements StageType<HTTPExtract> {

  private static final StructType COLUMNS =
      new StructType()
          .add("uri", DataTypes.StringType)
          .add("statusCode", DataTypes.IntegerType)
          .add("reasonPhrase", DataTypes.StringType)
          .add("contentType", DataTypes.StringType)
          .add("contentLength", DataTypes.LongType)
          .add("body", DataTypes.StringType);

  private static final String PROBLEM = InternalColumn.PREFIX + "problem";

  private static final StructType ANSWERS = COLUMNS.add(PROBLEM, DataTypes.StringType);

  private static final StructType REQUESTS =
      new StructType().add("uri", DataTypes.StringType).add("body", DataTypes.StringType);

  @Override
  public Class<HTTPExtract> configuration() {
    return HTTPExtract.class;
  }

  @Override
  public String description() {
    return "Makes a view of a server's answers, a row for each request: its status, type, length and"
        + " text; requests are sent anew whenever the view is used, unless it is persisted.";
  }

  @Override
  public Stage plan(HTTPExtract keys, StagePlanning planning) {
    if (keys.inputView().isEmpty()) {
      keys.inputURI()
          .ifPresentOrElse(
              uri -> HttpUri.check(planning, "inputURI", uri),
              () ->
                  planning.missing(
                      "inputURI", "HTTPExtract needs the key \"inputURI\" or \"inputView\""));
    }
    keys.request().check(planning);
    boolean isGet = keys.method() == HTTPExtract.Method.GET;
    boolean isOne = keys.inputView().isEmpty();
    String post = "with \"method\": \"POST\"";
    new IdleKeys(planning)
        .warn(isGet && keys.body().isPresent(), "body", post)
        .warn(isGet && keys.bodyField().isPresent(), "bodyField", post)
        .warn(
            !isGet && !isOne && keys.body().isPresent() && keys.bodyField().isPresent(),
            "body",
            "without \"bodyField\"")
        .warn(isOne && keys.uriField().isPresent(), "uriField", "with \"inputView\"")
        .warn(!isGet && isOne && keys.bodyField().isPresent(), "bodyField", "with \"inputView\"");
    return context -> Optional.of(extract(keys, context));
  }

  private static Dataset<Row> extract(HTTPExtract keys, StageContext context) {
    Dataset<Row> requests =
        keys.inputView().isPresent()
            ? ofView(keys, context)
            : context
                .spark()
                .createDataFrame(
                    List.of(
                        RowFactory.create(keys.inputURI().orElseThrow(), keys.body().orElse(null))),
                    REQUESTS)
                .coalesce(1);
    RecordAccount account = RecordAccount.open(MalformedRecords.REPORT, LineLayout.NONE, context);
    // Counted and named; rows have no _errors, which the format does not have here
    Dataset<Row> answers =
        account
            .check(
                requests.mapPartitions(new Ask(keys, account.errors()), Encoders.row(ANSWERS)),
                PROBLEM)
            .drop(InternalColumn.ERRORS);
    Dataset<Row> view = keys.output().register(answers, context);
    if (keys.output().persist() && keys.inputView().isEmpty() && !view.isStreaming()) {
      Row answer = context.view(keys.output().outputView()).select("contentLength").head();
      context.detail("contentLength", answer.getLong(0));
    }
    return view;
  }

  private static Dataset<Row> ofView(HTTPExtract keys, StageContext context) {
    Dataset<Row> view = context.view(keys.inputView().orElseThrow());
    StructField[] columns = view.schema().fields();
    String uri = keys.uriField().orElse(columns.length == 0 ? "" : columns[0].name());
    var address = requireText("uriField", uri, keys, columns).as("uri");
    var body =
        keys.bodyField()
            .map(field -> requireText("bodyField", field, keys, columns))
            .orElse(org.apache.spark.sql.functions.lit(keys.body().orElse(null)))
            .cast("string")
            .as("body");
    return view.select(address, body);
  }

  private static org.apache.spark.sql.Column requireText(
      String key, String name, HTTPExtract keys, StructField[] columns) {
    StructField column =
        Arrays.stream(columns)
            .filter(field -> field.name().equalsIgnoreCase(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new StageException(
                        "HTTPExtract requires a field named '"
                            + name
                            + "' of type 'string'. inputView '"
                            + keys.inputView().orElseThrow()
                            + "' has: ["
                            + String.join(
                                ", ", Arrays.stream(columns).map(StructField::name).toList())
                            + "]; name the column with '"
                            + key
                            + "'."));
    if (!(column.dataType() instanceof StringType)) {
      throw new StageException(
          "HTTPExtract requires a field named '"
              + name
              + "' of type 'string'. '"
              + name
              + "' is of type: '"
              + column.dataType().simpleString()
              + "'; name the column with '"
              + key
              + "'.");
    }
    return io.sqletl.engine.stage.ColumnName.column(column.name());
  }

  /** Sends the requests of a partition, one as its answer is asked for. */
  private static final class Ask implements MapPartitionsFunction<Row, Row> {

    private static final long serialVersionUID = 1L;

    private final boolean posts;
    private final Map<String, String> headers;
    private final List<Integer> validStatusCodes;
    private final RecordErrors errors;

    private Ask(HTTPExtract keys, RecordErrors errors) {
      this.errors = errors;
      this.posts = keys.method() == HTTPExtract.Method.POST;
      this.headers = Map.copyOf(keys.request().headers());
      this.validStatusCodes = List.copyOf(keys.request().validStatusCodes());
    }

    @Override
    public Iterator<Row> call(Iterator<Row> requests) {
      HttpSender sender = HttpSender.ofTask("HTTPExtract", headers);
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return requests.hasNext();
        }

        @Override
        public Row next() {
          return answer(requests.next(), sender);
        }
      };
    }

    private Row answer(Row request, HttpSender sender) {
      if (request.isNullAt(0)) {
        throw new StageException("HTTPExtract: a row of the view has no address to ask");
      }
      String uri = request.getString(0);
      String body = request.isNullAt(1) ? "" : request.getString(1);
      HttpAnswer answer = posts ? sender.post(uri, body) : sender.get(uri);
      answer.tell(uri, errors);
      sender
          .expecting(validStatusCodes, "HTTPExtract expects all response StatusCode(s)")
          .require(answer, uri, posts ? body : null);
      return RowFactory.create(
          uri,
          answer.status(),
          answer.reason(),
          answer.contentType(),
          answer.contentLength(),
          answer.body(),
          answer.problem(uri, answer.body()));
    }
  }
}
