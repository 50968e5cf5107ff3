package io.sqletl.engine.stage.extract;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.spark;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.Folder;
import io.sqletl.engine.stage.SqlJob;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Avro that Avro's own library wrote. */
class AvroExtractStageTest {

  private static final String RIDE =
      """
      {"type": "record", "name": "Ride", "namespace": "taxi", "fields": [
        {"name": "id", "type": "long"},
        {"name": "größe", "type": ["null", "string"], "default": null},
        {"name": "day", "type": {"type": "int", "logicalType": "date"}},
        {"name": "state", "type": {"type": "enum", "name": "State", "symbols": ["ON", "OFF"]}}]}
      """;

  private static final String SMALL =
      """
      {"type": "record", "name": "Small", "fields": [
        {"name": "id", "type": "long"}, {"name": "name", "type": "string"}]}
      """;

  @TempDir Path directory;
  private Folder folder;

  @BeforeEach
  void makeFolder() {
    folder = new Folder(directory).with("ride.avsc", RIDE);
  }

  private static GenericRecord ride(Schema schema, long id, String size) {
    GenericRecord record = new GenericData.Record(schema);
    record.put("id", id);
    record.put("größe", size);
    record.put("day", 18262);
    record.put("state", new GenericData.EnumSymbol(schema.getField("state").schema(), "OFF"));
    return record;
  }

  private static byte[] file(CodecFactory codec, long... ids) throws IOException {
    Schema schema = new Schema.Parser().parse(RIDE);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<>(new GenericDatumWriter<GenericRecord>(schema))) {
      writer.setCodec(codec).create(schema, bytes);
      for (long id : ids) {
        writer.append(ride(schema, id, id == 2 ? null : "ü" + id));
      }
    }
    return bytes.toByteArray();
  }

  private SqlJob extract(String keys) throws Exception {
    return SqlJob.run(stage("AvroExtract", "outputView: avro\n" + keys));
  }

  private void write(String name, String schema, String... records) throws IOException {
    Schema parsed = new Schema.Parser().parse(schema);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataFileWriter<Object> writer =
        new DataFileWriter<>(new GenericDatumWriter<Object>(parsed))) {
      writer.create(parsed, bytes);
      for (String record : records) {
        writer.append(
            new GenericDatumReader<>(parsed)
                .read(null, DecoderFactory.get().jsonDecoder(parsed, record)));
      }
    }
    folder.with(name, bytes.toByteArray());
  }

  @Test
  void fieldsOfTheSchemaThatNoFileHasAreTold() throws Exception {
    String written =
        "{'type':'record','name':'R','fields':[{'name':'id','type':'long'},"
            + "{'name':'amount','type':'int'},{'name':'s','type':{'type':'record','name':'S',"
            + "'fields':[{'name':'x','type':'int'}]}}]}";
    String declared =
        "{'type':'record','name':'R','fields':[{'name':'id','type':'long'},"
            + "{'name':'amuont','type':'int','default':-1},"
            + "{'name':'total','type':'int','default':0,'aliases':['amount']},"
            + "{'name':'s','type':{'type':'record','name':'S',"
            + "'fields':[{'name':'y','type':'int','default':7}]}}]}";
    write("in/a.avro", written.replace('\'', '"'), "{\"id\":1,\"amount\":5,\"s\":{\"x\":2}}");
    folder.with("declared.avsc", declared.replace('\'', '"'));
    String keys = input("in") + "avroSchemaURI: \"" + folder.of("declared.avsc") + "\"";
    assertThat(extract(keys).runWarnings())
        .extracting(Problem::message)
        .satisfiesExactly(
            message ->
                assertThat(message)
                    .contains("no file has the field 'amuont'", "every row gets its default, -1"),
            message -> assertThat(message).contains("no file has the field 's.y'"));
    assertThat(rows("select amuont, total, s.y from avro")).containsExactly("[-1,5,7]");
    write(
        "in/b.avro",
        written.replace('\'', '"').replace("amount", "amuont").replace("\"x\"", "\"y\""));
    assertThat(extract(keys).runWarnings()).isEmpty();
  }

  @Test
  void aRecordWithinItselfIsNamedWithWhatToDo() throws Exception {
    String tree =
        "{\"type\":\"record\",\"name\":\"T\",\"fields\":[{\"name\":\"v\",\"type\":\"int\"},"
            + "{\"name\":\"sub\",\"type\":{\"type\":\"array\",\"items\":\"T\"}}]}";
    write("tree/a.avro", tree, "{\"v\":1,\"sub\":[]}");
    folder
        .with("tree.avsc", tree)
        .with(
            "flat.avsc",
            "{\"type\":\"record\",\"name\":\"T\",\"fields\":[{\"name\":\"v\",\"type\":\"int\"}]}");
    assertThatThrownBy(() -> extract(input("tree")))
        .hasMessageStartingWith("AvroExtract cannot read 'file:")
        .hasMessageContaining("by the field 'sub'")
        .hasMessageEndingWith(
            "give \"avroSchemaURI\" a schema without that field, and the rest is read");
    extract(input("tree") + "avroSchemaURI: \"" + folder.of("flat.avsc") + "\"");
    assertThat(rows("select v from avro")).containsExactly("[1]");
    assertThat(
            SqlJob.problems(
                stage(
                    "AvroExtract",
                    "outputView: avro\n"
                        + input("tree")
                        + "avroSchemaURI: \""
                        + folder.of("tree.avsc")
                        + "\"")))
        .extracting(Problem::message)
        .singleElement()
        .asString()
        .contains("has a record within itself, by the field 'sub'");
  }

  private String input(String name) {
    return "inputURI: \"" + folder.of(name) + "\"\n";
  }

  @Test
  void filesAreReadAsTheySayThemselves() throws Exception {
    folder
        .with("in/a.avro", file(CodecFactory.deflateCodec(6), 1, 2))
        .with("in/no-ending", file(CodecFactory.nullCodec(), 3));
    extract(input("in"));
    assertThat(rows("select id, `größe`, day, state, _index from avro order by id"))
        .containsExactly(
            "[1,ü1,2020-01-01,OFF,1]", "[2,null,2020-01-01,OFF,2]", "[3,ü3,2020-01-01,OFF,1]");
    extract(input("in") + "contiguousIndex: false");
    assertThat(spark().table("avro").columns())
        .endsWith("_monotonically_increasing_id", "_filename");
  }

  @Test
  void anAvroSchemaDecidesWhichFieldsAreRead() throws Exception {
    folder
        .with("in/a.avro", file(CodecFactory.nullCodec(), 1))
        .with(
            "less.avsc",
            """
            {"type": "record", "name": "Ride", "namespace": "taxi", "fields": [
              {"name": "id", "type": "long"},
              {"name": "added", "type": "string", "default": "none"}]}
            """);
    extract(input("in") + "avroSchemaURI: \"" + folder.of("less.avsc") + "\"");
    assertThat(rows("select id, added from avro")).containsExactly("[1,none]");
  }

  private static byte[] file(String fields, Object... values) throws IOException {
    Schema schema =
        new Schema.Parser()
            .parse("{\"type\": \"record\", \"name\": \"R\", \"fields\": [" + fields + "]}");
    GenericRecord record = new GenericData.Record(schema);
    for (int i = 0; i < values.length; i++) {
      record.put(i, values[i]);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<>(new GenericDatumWriter<GenericRecord>(schema))) {
      writer.create(schema, bytes);
      writer.append(record);
    }
    return bytes.toByteArray();
  }

  private static String field(String name, String type) {
    return "{\"name\": \"" + name + "\", \"type\": " + type + "}";
  }

  @Test
  void typesThatSparkDoesNotKnowAreToldWhereverTheyAre() throws Exception {
    String nanos = "{\"type\": \"long\", \"logicalType\": \"timestamp-nanos\"}";
    String clock = "{\"type\": \"int\", \"logicalType\": \"time-millis\"}";
    String inner =
        "{\"type\": \"record\", \"name\": \"I\", \"fields\": [" + field("at", nanos) + "]}";
    Schema record = new Schema.Parser().parse(inner);
    GenericRecord nested = new GenericData.Record(record);
    nested.put("at", 7L);
    String fields =
        String.join(
            ",",
            field("t", "[\"null\", " + nanos + "]"),
            field("s", inner),
            field("l", "{\"type\": \"array\", \"items\": [\"null\", " + clock + "]}"),
            field("m", "{\"type\": \"map\", \"values\": \"I\"}"),
            field("day", "{\"type\": \"int\", \"logicalType\": \"date\"}"));
    folder.with("in/a.avro", file(fields, 7L, nested, List.of(7), Map.of("k", nested), 18262));
    folder.with(
        "all.avsc", "{\"type\": \"record\", \"name\": \"R\", \"fields\": [" + fields + "]}");
    for (String keys : List.of("", "avroSchemaURI: \"" + folder.of("all.avsc") + "\"")) {
      SqlJob job = extract(input("in") + keys);
      assertThat(rows("select s.at, l[0], m['k'].at from avro")).containsExactly("[7,7,7]");
      assertThat(job.runWarnings().stream().map(Problem::message))
          .hasSize(4)
          .anyMatch(text -> text.contains("column 't' is timestamp-nanos of Avro"))
          .anyMatch(text -> text.contains("column 's.at' is timestamp-nanos of Avro"))
          .anyMatch(text -> text.contains("column 'l[]' is time-millis of Avro"))
          .anyMatch(text -> text.contains("column 'm{}.at' is timestamp-nanos of Avro"));
    }
  }

  @Test
  void bytesAndTextsThatMeanSomethingElseAreTold() throws Exception {
    String fields =
        String.join(
            ",",
            field("big", "{\"type\": \"bytes\", \"logicalType\": \"big-decimal\"}"),
            field("own", "[\"null\", {\"type\": \"bytes\", \"logicalType\": \"money\"}]"),
            field("wide", "{\"type\": \"bytes\", \"logicalType\": \"decimal\"}"),
            field("clock", "{\"type\": \"string\", \"logicalType\": \"time-micros\"}"),
            field(
                "price",
                "{\"type\": \"bytes\", \"logicalType\": \"decimal\", \"precision\": 4, \"scale\":"
                    + " 2}"),
            field("id", "{\"type\": \"string\", \"logicalType\": \"uuid\"}"),
            field("code", "{\"type\": \"string\", \"logicalType\": \"varchar\"}"),
            field("raw", "\"bytes\""));
    ByteBuffer one = ByteBuffer.wrap(new byte[] {1});
    folder.with("in/a.avro", file(fields, one, one, one, "12:00", one, "u", "c", one));
    SqlJob job = extract(input("in"));
    assertThat(rows("select big, clock, price, id, code from avro"))
        .singleElement()
        .asString()
        .endsWith(",12:00,0.01,u,c]");
    assertThat(job.runWarnings())
        .extracting(Problem::message)
        .satisfiesExactlyInAnyOrder(
            text ->
                assertThat(text)
                    .contains(
                        "column 'big' is big-decimal of Avro, and read as the bytes that it is"
                            + " written as"),
            text -> assertThat(text).contains("column 'own' is money of Avro, and read as the"),
            text -> assertThat(text).contains("column 'wide' is decimal of Avro, and read as the"),
            text ->
                assertThat(text)
                    .contains("column 'clock' is time-micros of Avro, and read as the string"));
  }

  @Test
  void filesOfSeveralWritersAreReadByNameOfTheWidestTypes() throws Exception {
    String inner = "{\"type\": \"record\", \"name\": \"I\", \"fields\": [%s]}";
    Schema small = new Schema.Parser().parse(inner.formatted(field("x", "\"int\"")));
    GenericRecord nested = new GenericData.Record(small);
    nested.put("x", 7);
    folder
        .with(
            "in/day=1/a.avro",
            file(field("id", "\"int\"") + "," + field("n", "\"string\""), 1, "one"))
        .with(
            "in/day=2/b.avro",
            file(
                field("n", "[\"null\", \"string\"]")
                    + ","
                    + field("id", "\"long\"")
                    + ","
                    + field("o", small.toString()),
                "two",
                1L << 40,
                nested))
        .with("in/day=1/c.avro", file(field("ID", "\"int\""), 3));
    SqlJob job = extract(input("in"));
    assertThat(
            rows(
                "select id, n, o.x, day, regexp_extract(_filename, '[^/]+$', 0), _index from avro"
                    + " order by id"))
        .containsExactly(
            "[1,one,null,1,a.avro,1]",
            "[3,null,null,1,c.avro,1]",
            "[1099511627776,two,7,2,b.avro,1]");
    assertThat(spark().table("avro").columns())
        .containsExactly("id", "n", "o", "day", "_filename", "_index");
    assertThat(job.detail()).containsEntry("inputFiles", 3);
    assertThat(job.runWarnings().stream().map(Problem::message).toList())
        .anyMatch(told -> told.contains("'id' is int and bigint in different files, and read as"))
        .anyMatch(told -> told.contains("'o' is not in 2 of 3 files"))
        .anyMatch(told -> told.contains("'n' is not in 1 of 3 files"));
    extract(input("in") + "contiguousIndex: false");
    assertThat(rows("select count(distinct _monotonically_increasing_id) from avro"))
        .containsExactly("[3]");
  }

  @Test
  void columnsOfSeveralWritersThatNoTypeHoldsAreRefusedByFile() throws Exception {
    folder
        .with("in/a.avro", file(field("id", "\"int\""), 1))
        .with("in/b.avro", file(field("id", "\"string\""), "x"));
    assertThatThrownBy(() -> extract(input("in")))
        .hasMessageContaining("column 'id' is int in 'file:")
        .hasMessageContaining("/in/b.avro', and no type holds both");
    folder.with("in/b.avro", "some text that is no Avro");
    assertThatThrownBy(() -> extract(input("in"))).hasMessageContaining("/in/b.avro");
  }

  @Test
  void timesThatSparkDoesNotKnowAreToldAsNumbers() throws Exception {
    folder.with(
        "in/a.avro",
        file(
            field("n", "{\"type\": \"long\", \"logicalType\": \"timestamp-nanos\"}")
                + ","
                + field("t", "{\"type\": \"int\", \"logicalType\": \"time-millis\"}"),
            1L,
            2));
    SqlJob job = extract(input("in"));
    assertThat(rows("select n, t from avro")).containsExactly("[1,2]");
    assertThat(job.runWarnings().stream().map(Problem::message).toList())
        .anyMatch(told -> told.contains("column 'n' is timestamp-nanos of Avro, and read as the"))
        .anyMatch(told -> told.contains("column 't' is time-millis of Avro, and read as the int"));
  }

  @Test
  void recordsInAViewAreDecodedInPlace() throws Exception {
    Schema schema = new Schema.Parser().parse(RIDE);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    new GenericDatumWriter<GenericRecord>(schema).write(ride(schema, 7, "x"), encoder);
    encoder.flush();
    // As a schema registry answers
    folder
        .with("in/record.bin", bytes.toByteArray())
        .with(
            "registry.json",
            "{\"id\": 1, \"schema\": \"" + RIDE.replace("\n", " ").replace("\"", "\\\"") + "\"}");
    SqlJob.run(
        stage("BytesExtract", "outputView: bytes, " + input("in").strip())
            + stage(
                "AvroExtract",
                "inputView: bytes, outputView: avro, avroSchemaURI: \""
                    + folder.of("registry.json")
                    + "\""));
    assertThat(rows("select value.id, value.state from avro")).containsExactly("[7,OFF]");
    assertThat(spark().table("avro").columns()).containsExactly("value", "_filename");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          X'02046162DEAD' | (6 bytes: 02 04 61 62 DE AD) by "avroSchemaURI": 2 bytes are left behind the last field. Set "avroSchemaURI" to the schema that it was written by
          X'0204'         | (2 bytes: 02 04) by "avroSchemaURI": it ends before its last field does. Set "avroSchemaURI" to
          X''             | (0 bytes: ) by "avroSchemaURI": it ends before its last field does
          X'0201'         | (2 bytes: 02 01) by "avroSchemaURI": Malformed data. Length is negative
          X'000000000102046162' | 7 bytes are left behind the last field. It may begin with the header of Confluent's schema registry, a zero and the number of its schema, 1: take that off in a SQLTransform, substring(value, 6), and set "avroSchemaURI" to schema 1 of the registry.
          X'C301000000000000000002046162' | It begins with Avro's header of a single object
          """)
  void aRecordOfAnotherFormIsNamed(String bytes, String message) {
    folder.with("small.avsc", SMALL);
    String keys =
        "inputView: v, outputView: avro, avroSchemaURI: \"" + folder.of("small.avsc") + "\"";
    String rows = "select * from values (X'02046162'), (" + bytes + ") as t(value)";
    assertThatThrownBy(
            () -> SqlJob.run(view("v", rows) + stage("AvroExtract", keys + ", persist: true")))
        .hasStackTraceContaining(
            "AvroExtract cannot decode a record in column 'value' of inputView 'v'")
        .hasStackTraceContaining(message);
    String kafka = "select *, 'rides' as topic, 3 as partition, 7L as offset from (" + rows + ")";
    assertThatThrownBy(
            () -> SqlJob.run(view("v", kafka) + stage("AvroExtract", keys + ", persist: true")))
        .hasStackTraceContaining(", of topic rides, partition 3, offset 7)");
  }

  @Test
  void whatIsNoRecordIsLeftOutByTheView() throws Exception {
    folder.with("small.avsc", SMALL).with("long.avsc", "\"long\"");
    String header = "select substring(value, 6) as value from values (X'000000000102046162')";
    SqlJob.run(
        view("v", header + ", (null) as t(value)")
            + stage(
                "AvroExtract",
                "inputView: v, outputView: avro, avroSchemaURI: \""
                    + folder.of("small.avsc")
                    + "\"")
            + view("w", "select X'04' as value")
            + stage(
                "AvroExtract",
                "inputView: w, outputView: number, avroSchemaURI: \""
                    + folder.of("long.avsc")
                    + "\""));
    assertThat(rows("select value.id, value.name, value is null from avro order by 3"))
        .containsExactly("[1,ab,false]", "[null,null,true]");
    assertThat(rows("select value from number")).containsExactly("[2]");
  }

  @Test
  void aViewNeedsABinaryColumnAndASchema() {
    String keys =
        "inputView: v, outputView: avro, avroSchemaURI: \"" + folder.of("ride.avsc") + "\"";
    assertThatThrownBy(
            () ->
                SqlJob.run(view("v", "select 1 as value, 2 as `a.b`") + stage("AvroExtract", keys)))
        .hasMessage(
            "AvroExtract decodes binary, but column 'value' of inputView 'v' is of type int; name"
                + " the binary column with 'inputField'.");
    assertThatThrownBy(
            () -> SqlJob.run(view("v", "select 2 as `a.b`") + stage("AvroExtract", keys)))
        .hasMessage(
            "inputView 'v' has no column 'value', only [a.b]; name the binary column with"
                + " 'inputField'.");
    assertThat(
            SqlJob.problems(
                view("v", "select 1") + stage("AvroExtract", "inputView: v, outputView: avro")))
        .extracting(Problem::message)
        .containsExactly(
            "AvroExtract requires the 'avroSchemaURI' to be provided when reading from an"
                + " 'inputView'");
    folder.with("bad.avsc", "{\"type\": \"recrd\"}");
    assertThat(
            SqlJob.problems(
                stage(
                    "AvroExtract",
                    "outputView: avro, "
                        + input("in")
                        + "avroSchemaURI: \""
                        + folder.of("bad.avsc")
                        + "\"")))
        .singleElement()
        .satisfies(
            problem ->
                assertThat(problem.message())
                    .startsWith("The file " + folder.of("bad.avsc") + " is no Avro schema: "));
  }

  @Test
  void namesThatAvroLacksAreRefusedWithTheRemedy() {
    assertThatThrownBy(
            () ->
                SqlJob.run(
                    view("v", "select 1 as `größe`, 2 as `a b`")
                        + stage(
                            "AvroLoad", "inputView: v, outputURI: \"" + folder.of("out") + "\"")))
        .hasMessage(
            "AvroLoad cannot write the column 'a b' of inputView 'v': names in Avro are letters,"
                + " digits and _; rename it in a SQLTransform.");
  }

  @Test
  void whatIsWrittenIsReadBack() throws Exception {
    SqlJob.run(
        view(
                "v",
                "select 1 as `größe`, date'2020-01-01' as d, array(1, null) as a, null as n,"
                    + " cast(1.50 as decimal(9,2)) as m")
            + stage("AvroLoad", "inputView: v, outputURI: \"" + folder.of("out") + "\""));
    extract(input("out"));
    assertThat(rows("select `größe`, d, a, m from avro"))
        .containsExactly("[1,2020-01-01,ArraySeq(1, null),1.50]");
  }

  @Test
  void filesWithoutAByteAreTold() throws Exception {
    folder
        .with("in/a.avro", file(CodecFactory.nullCodec(), 1))
        .with("in/b.avro", "")
        .with("in/c.avro", "");
    for (String keys : new String[] {"", "avroSchemaURI: \"" + folder.of("ride.avsc") + "\""}) {
      SqlJob job = extract(input("in") + keys);
      assertThat(rows("select id from avro")).containsExactly("[1]");
      assertThat(job.runWarnings())
          .extracting(Problem::code, Problem::message)
          .containsExactly(
              tuple(
                  ErrorCode.FILES_NOT_READ,
                  "2 files are not read, having no byte: 'b.avro', 'c.avro'"));
    }
  }
}
