package io.sqletl.engine.stage.extract;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.stage;
import static org.assertj.core.api.Assertions.assertThat;

import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.Folder;
import io.sqletl.engine.stage.SqlJob;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fields of a schema that the first records of JSON do not have. */
class UnmatchedJsonFieldsTest {

  private static final String SCHEMA =
      """
      [{name: id, type: integer, nullable: true},
       {name: o, type: struct, nullable: true, fields: [
         {name: qty, type: integer, nullable: true}, {name: unit, type: string, nullable: true}]},
       {name: l, type: array, nullable: true, elementType:
         {name: e, type: struct, nullable: true, fields: [
           {name: x, type: integer, nullable: true}]}}]
      """;

  @TempDir Path directory;
  private Folder folder;

  @BeforeEach
  void makeFolder() {
    folder = new Folder(directory).with("schema.conf", SCHEMA);
  }

  private List<String> read(String records) throws Exception {
    folder.with("in/a.json", records);
    return SqlJob.run(
            stage(
                "JSONExtract",
                "outputView: v, inputURI: \"%s\", schemaURI: \"%s\""
                    .formatted(folder.of("in"), folder.of("schema.conf"))))
        .runWarnings()
        .stream()
        .map(Problem::message)
        .map(message -> message.substring(message.indexOf(": ") + 2))
        .toList();
  }

  private static String none(String field) {
    return "none of the first records, up to 1000, has the schema's field '" + field + "'";
  }

  @Test
  void thoseWithinObjectsAndListsAreTold() throws Exception {
    assertThat(
            read(
                "{\"id\":1,\"o\":{\"quantity\":5,\"unit\":\"kg\"},\"l\":[{\"y\":1},{}]}\n".repeat(2)
                    + "{\"id\":2,\"o\":null,\"l\":[]}\n"))
        .containsExactly(none("o.qty"), none("l[].x"));
    assertThat(rows("select o.qty, o.unit, l[0].x from v where id = 1 limit 1"))
        .containsExactly("[null,kg,null]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"id":1,"o":null,"l":null}      |
          {"id":1,"o":{"qty":1},"l":[]}   | o.unit
          {"id":1,"o":{},"l":[]}          | o.qty, o.unit
          {"id":1,"l":[{"x":1},{}]}       | o
          {"id":1,"o":5,"l":[{"x":1}]}    |
          """)
  void anObjectThatIsNotThereIsToldItselfOrNotAtAll(String record, String fields) throws Exception {
    assertThat(read(record + "\n"))
        .containsExactlyElementsOf(
            fields == null
                ? List.of()
                : List.of(fields.split(", ")).stream().map(UnmatchedJsonFieldsTest::none).toList());
  }

  @Test
  void aRareObjectWithoutAFieldIsNoSignUnlessItHasAnother() throws Exception {
    String others = "{\"id\":1,\"l\":[]}\n".repeat(50);
    assertThat(read(others + "{\"id\":2,\"o\":{\"unit\":\"kg\"}}\n")).isEmpty();
    assertThat(read(others + "{\"id\":2,\"o\":{\"quantity\":1,\"unit\":\"kg\"}}\n"))
        .containsExactly(none("o.qty"));
  }

  @Test
  void namesInAnotherCaseAreToldWithinObjectsToo() throws Exception {
    assertThat(read("{\"id\":1,\"o\":{\"qty\":1,\"QTY\":2,\"Unit\":\"kg\"},\"l\":[]}\n"))
        .containsExactly(
            "the records have 'o.qty' and 'o.QTY', which differ in case only; the schema's 'o.qty'"
                + " is read, and the other is not",
            none("o.unit"));
  }
}
