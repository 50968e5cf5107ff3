package io.sqletl.engine.stage.transform;

import io.sqletl.engine.stage.RecordErrors;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.http.Batches;
import io.sqletl.engine.stage.http.Excerpt;
import io.sqletl.engine.stage.http.HttpAnswer;
import io.sqletl.engine.stage.http.HttpSender;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.unsafe.types.UTF8String;

/** Posts the rows of a partition, group by group, and adds the answers. */
final class PostRows implements MapPartitionsFunction<Row, Row> {

  private static final String STAGE = "HTTPTransform";

  private static final int LONGEST_SHOWN = 80;

  private final String uri;
  private final int field;
  private final String inputField;
  private final Map<String, String> headers;
  private final List<Integer> validStatusCodes;
  private final int batchSize;
  private final String delimiter;
  private final boolean failfast;
  private final RecordErrors errors;

  /**
   * @param errors told of answers that are no text
   */
  PostRows(String uri, int field, HTTPTransform keys, RecordErrors errors) {
    this.errors = errors;
    this.uri = uri;
    this.field = field;
    this.inputField = keys.inputField();
    this.headers = Map.copyOf(keys.request().headers());
    this.validStatusCodes = List.copyOf(keys.request().validStatusCodes());
    this.batchSize = keys.batchSize();
    this.delimiter = keys.delimiter();
    this.failfast = keys.failMode() == HTTPTransform.OnStatus.FAILFAST;
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    HttpSender sender = HttpSender.ofTask(STAGE, headers);
    return new Batches(rows, batchSize, group -> answer(group, sender));
  }

  private List<Row> answer(List<Row> group, HttpSender sender) {
    List<Row> sent = group.stream().filter(row -> !row.isNullAt(field)).toList();
    if (sent.isEmpty()) {
      group.forEach(row -> errors.of(null));
      return group.stream().map(row -> extended(row, null, null)).toList();
    }
    byte[] body = body(sent);
    HttpAnswer answer = sender.post(uri, body);
    answer.tell(uri, errors);
    if (failfast) {
      sender
          .expecting(validStatusCodes, STAGE + " expects all response StatusCode(s)")
          .require(answer, uri, new String(body, StandardCharsets.UTF_8));
    }
    Iterator<String> parts = parts(answer, sent.size()).iterator();
    List<Row> answered = new ArrayList<>();
    for (Row row : group) {
      boolean isSent = !row.isNullAt(field);
      String part = isSent ? parts.next() : null;
      // For good rows too, which it counts
      errors.of(UTF8String.fromString(answer.problem(uri, part)));
      answered.add(extended(row, part, isSent ? response(answer) : null));
    }
    return answered;
  }

  private byte[] body(List<Row> rows) {
    byte[] between = delimiter.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int i = 0; i < rows.size(); i++) {
      if (i > 0) {
        body.writeBytes(between);
      }
      Object value = rows.get(i).get(field);
      byte[] sent =
          value instanceof byte[] bytes ? bytes : value.toString().getBytes(StandardCharsets.UTF_8);
      if (batchSize > 1) {
        requireOneRow(sent);
      }
      body.writeBytes(sent);
    }
    return body.toByteArray();
  }

  /** Refuses a value that the server would take for several, and answer as several. */
  private void requireOneRow(byte[] value) {
    // One byte is one character here, so that bytes that are no text are compared too
    String sent = new String(value, StandardCharsets.ISO_8859_1);
    String between =
        new String(delimiter.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    // With the delimiter behind it: "a|" and "||" are "a" and a value that begins with "|"
    if ((sent + between).indexOf(between) < sent.length()) {
      throw new StageException(
          STAGE
              + " cannot send the value '"
              + Excerpt.of(new String(value, StandardCharsets.UTF_8), LONGEST_SHOWN)
              + "' of the column '"
              + inputField
              + "' in a batch: it holds the delimiter '"
              + Excerpt.of(delimiter, LONGEST_SHOWN)
              + "', so that the server would see more rows than it is sent. Set \"delimiter\" to"
              + " something that no value holds, or \"batchSize\" to 1.");
    }
  }

  private List<String> parts(HttpAnswer answer, int expected) {
    String body = answer.body() == null ? "" : answer.body();
    if (batchSize == 1) {
      return List.of(body);
    }
    // Answers may be empty, the last ones too
    List<String> parts = List.of(Pattern.compile(delimiter).split(body, -1));
    if (parts.size() == expected + 1 && parts.get(expected).isEmpty()) {
      // The server ends each answer with the delimiter, as lines are
      parts = parts.subList(0, expected);
    }
    if (parts.size() != expected) {
      throw new StageException(
          STAGE
              + " expects the response to contain same number of results as 'batchSize' ("
              + batchSize
              + ") but server responded with "
              + parts.size()
              + (expected == batchSize ? "." : "; this request had " + expected + " rows."));
    }
    return parts;
  }

  private static Row response(HttpAnswer answer) {
    return RowFactory.create(
        answer.status(), answer.reason(), answer.contentType(), answer.milliseconds());
  }

  private Row extended(Row row, String body, Row response) {
    Object[] values = new Object[row.length() + (failfast ? 1 : 2)];
    for (int i = 0; i < row.length(); i++) {
      values[i] = row.get(i);
    }
    values[row.length()] = body;
    if (!failfast) {
      values[row.length() + 1] = response;
    }
    return RowFactory.create(values);
  }
}
