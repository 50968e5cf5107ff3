package io.sqletl.engine.stage.transform;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sqletl.engine.stage.RecordErrors;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.http.Batches;
import io.sqletl.engine.stage.http.HttpAnswer;
import io.sqletl.engine.stage.http.HttpSender;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.unsafe.types.UTF8String;

/** Sends the rows of a partition to a model, group by group, and adds its predictions. */
final class PredictRows implements MapPartitionsFunction<Row, Row> {

  private static final String STAGE = "TensorFlowServingTransform";
  private static final Set<Integer> VALID = Set.of(200, 201, 202);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String uri;
  private final int field;
  private final int batchSize;
  private final String signature;
  private final TensorFlowServingTransform.Prediction prediction;
  private final RecordErrors errors;

  /**
   * @param errors told of predictions that are no text
   */
  PredictRows(int field, TensorFlowServingTransform keys, RecordErrors errors) {
    this.errors = errors;
    this.uri = keys.uri();
    this.field = field;
    this.batchSize = keys.batchSize();
    this.signature = keys.signatureName().orElse(null);
    this.prediction = keys.responseType();
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    HttpSender sender = HttpSender.ofTask(STAGE, Map.of());
    return new Batches(rows, batchSize, group -> predict(group, sender));
  }

  private List<Row> predict(List<Row> group, HttpSender sender) {
    List<Row> sent = group.stream().filter(row -> !row.isNullAt(field)).toList();
    HttpAnswer answer = sent.isEmpty() ? null : ask(sent, sender);
    Iterator<JsonNode> predictions =
        answer == null ? List.<JsonNode>of().iterator() : predictions(answer, sent).iterator();
    List<Row> predicted = new ArrayList<>();
    for (Row row : group) {
      Object result = row.isNullAt(field) ? null : value(predictions.next());
      // For good rows too, which it counts
      errors.of(
          result instanceof String text ? UTF8String.fromString(answer.problem(uri, text)) : null);
      predicted.add(extended(row, result));
    }
    return predicted;
  }

  private HttpAnswer ask(List<Row> rows, HttpSender sender) {
    ObjectNode request = JSON.createObjectNode();
    if (signature != null) {
      request.put("signature_name", signature);
    }
    ArrayNode instances = request.putArray("instances");
    rows.forEach(row -> instances.add(instance(row.get(field))));
    return sender.postJson(uri, request.toString());
  }

  private ArrayNode predictions(HttpAnswer answer, List<Row> rows) {
    String body = answer.body() == null ? "" : answer.body();
    if (!VALID.contains(answer.status())) {
      String status =
          STAGE + " was answered with " + answer.status() + " (" + answer.reason() + ").";
      // The text of a redirect is for browsers
      String said = body.isBlank() || answer.movedTo() != null ? status : body;
      throw new StageException(
          answer.movedTo() == null ? said : said + " " + answer.redirect() + ".");
    }
    JsonNode predictions = parse(body, "the answer of " + uri).path("predictions");
    if (!(predictions instanceof ArrayNode list)) {
      throw new StageException(
          STAGE + " expects an answer with a list of 'predictions', but " + uri + " gave: " + body);
    }
    if (list.size() != rows.size()) {
      throw new StageException(
          STAGE
              + " sent "
              + rows.size()
              + " rows to "
              + uri
              + " but it gave "
              + list.size()
              + " predictions.");
    }
    return list;
  }

  private static JsonNode instance(Object value) {
    if (value instanceof String text) {
      return parse(text, "the value '" + text + "'");
    }
    return value instanceof BigDecimal decimal
        ? JSON.getNodeFactory().numberNode(decimal)
        : JSON.valueToTree(value);
  }

  private static JsonNode parse(String text, String what) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new StageException(
          STAGE + " cannot read " + what + " as JSON: " + e.getOriginalMessage(), e);
    }
  }

  private Object value(JsonNode node) {
    if (node.isNull()) {
      return null;
    }
    return switch (prediction) {
      case INTEGER -> number(node).intValue();
      case DOUBLE -> number(node).doubleValue();
      case OBJECT -> node.isTextual() ? node.textValue() : node.toString();
    };
  }

  /** A number, or a list of the one number that a layer of one output gives. */
  private Number number(JsonNode node) {
    JsonNode number = node.isArray() && node.size() == 1 ? node.get(0) : node;
    if (!number.isNumber()) {
      throw new StageException(
          STAGE
              + " expects predictions of 'responseType' "
              + prediction.text()
              + ", but got "
              + node);
    }
    return number.numberValue();
  }

  private static Row extended(Row row, Object result) {
    Object[] values = new Object[row.length() + 1];
    for (int i = 0; i < row.length(); i++) {
      values[i] = row.get(i);
    }
    values[row.length()] = result;
    return RowFactory.create(values);
  }
}
