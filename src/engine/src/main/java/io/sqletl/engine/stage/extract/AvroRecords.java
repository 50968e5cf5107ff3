package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.ColumnName;
import io.sqletl.engine.stage.FaultText;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.typing.MethodCall;
import io.sqletl.engine.typing.MethodCall.Evaluation;
import io.sqletl.engine.typing.MethodCall.NullArgument;
import io.sqletl.engine.typing.MethodCall.Result;
import java.io.EOFException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.avro.AvroDeserializer;
import org.apache.spark.sql.avro.AvroOptions;
import org.apache.spark.sql.avro.functions;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Decodes Avro records without a header of their own. Spark's {@code from_avro} passes over what is
 * left of a record behind the last field of the schema, so that a record behind a header, or one of
 * another schema, is taken for one of empty values; here it is an error that names the record.
 *
 * <p>Public because the code that Spark generates calls it.
 */
public final class AvroRecords implements Serializable {

  private static final long serialVersionUID = 1L;

  /** A zero and the number of the schema, which serializers of Confluent write. */
  private static final int CONFLUENT_HEADER = 5;

  /** Two bytes and the fingerprint of the schema, Avro's own for single objects. */
  private static final int SINGLE_OBJECT_HEADER = 10;

  private static final byte[] SINGLE_OBJECT = {(byte) 0xC3, 1};

  private static final int MOST_SHOWN = 16;

  /** Where Kafka has a row. */
  private static final Map<String, DataType> PLACE =
      Map.of(
          "topic", DataTypes.StringType,
          "partition", DataTypes.IntegerType,
          "offset", DataTypes.LongType);

  private final String column;
  private final String view;
  private final String schema;
  private final DataType type;
  private final String rebaseMode;
  private final boolean stableIds;
  private final String idPrefix;
  private final int recursions;
  private transient GenericDatumReader<Object> reader;
  private transient AvroDeserializer deserializer;
  private transient BinaryDecoder decoder;
  private transient Object value;

  private AvroRecords(String column, String view, String schema, DataType type) {
    this.column = column;
    this.view = view;
    this.schema = schema;
    this.type = type;
    // As from_avro without options, of which the type is
    AvroOptions options = AvroOptions.apply(scala.collection.immutable.Map$.MODULE$.empty());
    this.rebaseMode = options.datetimeRebaseModeInRead();
    this.stableIds = options.useStableIdForUnionType();
    this.idPrefix = options.stableIdPrefixForUnionType();
    this.recursions = options.recursiveFieldMaxDepth();
  }

  /**
   * The column of the records that a binary column holds; null for null.
   *
   * @param view the name of the view, for messages
   * @param schema by which the records were written
   */
  static Column decoded(Dataset<Row> rows, String view, String column, String schema) {
    Column bytes = ColumnName.column(column);
    DataType type = rows.select(functions.from_avro(bytes, schema)).schema().fields()[0].dataType();
    List<Expression> arguments = new ArrayList<>(List.of(ExpressionUtils.expression(bytes)));
    boolean isOfKafka = isOfKafka(rows.schema().fields());
    if (isOfKafka) {
      for (String name : List.of("topic", "partition", "offset")) {
        arguments.add(ExpressionUtils.expression(ColumnName.column(name)));
      }
    }
    return new MethodCall(
            new AvroRecords(column, view, schema, type),
            AvroRecords.class,
            isOfKafka ? "decodeOfKafka" : "decode")
        .column(type, arguments, NullArgument.PASSED, Result.NULLABLE, Evaluation.FREE);
  }

  private static boolean isOfKafka(StructField[] fields) {
    return Arrays.stream(fields)
            .filter(field -> field.dataType().equals(PLACE.get(field.name())))
            .count()
        == PLACE.size();
  }

  /** A record of a view that does not say where it is from. */
  public Object decode(byte[] bytes) {
    return decode(bytes, "");
  }

  /** A record with its place in Kafka. */
  public Object decodeOfKafka(byte[] bytes, UTF8String topic, int partition, long offset) {
    try {
      return decode(bytes);
    } catch (StageException e) {
      // Once more, as a text for each record costs more than decoding it
      return decode(
          bytes, ", of topic " + topic + ", partition " + partition + ", offset " + offset);
    }
  }

  private Object decode(byte[] bytes, String place) {
    if (bytes == null) {
      return null;
    }
    if (reader == null) {
      Schema parsed = new Schema.Parser().parse(schema);
      reader = new GenericDatumReader<>(parsed);
      deserializer =
          new AvroDeserializer(parsed, type, rebaseMode, stableIds, idPrefix, recursions);
    }
    decoder = DecoderFactory.get().binaryDecoder(bytes, 0, bytes.length, decoder);
    try {
      value = reader.read(value, decoder);
      Object decoded = deserializer.deserialize(value).get();
      int left = decoder.inputStream().available();
      if (left == 0) {
        return decoded;
      }
      throw refused(bytes, place, left + " bytes are left behind the last field", null);
    } catch (EOFException e) {
      throw refused(bytes, place, "it ends before its last field does", e);
    } catch (StageException e) {
      throw e;
    } catch (Exception e) {
      // Whatever a record of another schema makes the readers of Avro and Spark throw
      throw refused(bytes, place, FaultText.of(e), e);
    }
  }

  private StageException refused(byte[] bytes, String place, String reason, Exception cause) {
    byte[] first = Arrays.copyOf(bytes, Math.min(bytes.length, MOST_SHOWN));
    return new StageException(
        "AvroExtract cannot decode a record in column '"
            + column
            + "' of inputView '"
            + view
            + "' ("
            + bytes.length
            + " bytes: "
            + HexFormat.ofDelimiter(" ").withUpperCase().formatHex(first)
            + (first.length < bytes.length ? " …" : "")
            + place
            + ") by \"avroSchemaURI\": "
            + reason
            + ". "
            + remedy(bytes),
        cause);
  }

  private static String remedy(byte[] bytes) {
    if (bytes.length >= CONFLUENT_HEADER && bytes[0] == 0) {
      int number = ByteBuffer.wrap(bytes).getInt(1);
      return "It may begin with the header of Confluent's schema registry, a zero and the number"
          + " of its schema, "
          + number
          + ": take that off in a SQLTransform, substring(value, "
          + (CONFLUENT_HEADER + 1)
          + "), and set \"avroSchemaURI\" to schema "
          + number
          + " of the registry.";
    }
    if (bytes.length >= SINGLE_OBJECT_HEADER
        && Arrays.equals(bytes, 0, SINGLE_OBJECT.length, SINGLE_OBJECT, 0, SINGLE_OBJECT.length)) {
      return "It begins with Avro's header of a single object, a mark and the fingerprint of its"
          + " schema: take that off in a SQLTransform, substring(value, "
          + (SINGLE_OBJECT_HEADER + 1)
          + ").";
    }
    return "Set \"avroSchemaURI\" to the schema that it was written by, and leave out in a"
        + " SQLTransform what is no such record.";
  }

  @Override
  public String toString() {
    return "records of " + column;
  }
}
