package io.sqletl.engine.stage.extract;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.stage;
import static org.assertj.core.api.Assertions.assertThat;

import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.Folder;
import io.sqletl.engine.stage.Rejected;
import io.sqletl.engine.stage.SqlJob;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names of a schema that XML documents write with other capitals, or do not have. */
class DeclaredElementsTest {

  @TempDir Path directory;
  private Folder folder;

  @BeforeEach
  void makeFolder() {
    folder = new Folder(directory);
  }

  private SqlJob read(String schema, String... documents) throws Exception {
    folder.with("schema.conf", schema);
    for (int i = 0; i < documents.length; i++) {
      folder.with("in/" + i + ".xml", documents[i]);
    }
    return SqlJob.run(
        stage(
            "XMLExtract",
            "outputView: v, inputURI: \"%s\", schemaURI: \"%s\""
                .formatted(folder.of("in"), folder.of("schema.conf"))));
  }

  private static List<String> warnings(SqlJob job) {
    return job.runWarnings().stream()
        .map(Problem::message)
        .map(message -> message.substring(message.indexOf(": ") + 2))
        .toList();
  }

  private static List<String> told(SqlJob job) {
    Rejected rejected = job.rejected().orElseThrow();
    return rejected.values().value().first().stream().map(rejected::render).toList();
  }

  private static final String AMOUNTS =
      """
      [{name: id, type: integer, nullable: true},
       {name: amount, type: decimal, precision: 9, scale: 2, nullable: true},
       {name: _Unit, type: integer, nullable: true},
       {name: o, type: struct, nullable: true, fields: [
         {name: qty, type: integer, nullable: true}]},
       {name: l, type: array, nullable: true, elementType: {name: e, type: struct, nullable: true,
         fields: [{name: x, type: integer, nullable: true}]}}]
      """;

  @Test
  void theSchemasNamesAndTypesWinOverCapitals() throws Exception {
    SqlJob job =
        read(
            AMOUNTS,
            "<r unit='1'><id>1</id><amount>5</amount><o><Qty>1</Qty></o><l><X>1</X></l></r>",
            "<r Unit='2'><id>2</id><Amount>6</Amount><O><qty>2</qty></O><l><x>2</x></l></r>",
            "<r><id>3</id><AMOUNT>1,5</AMOUNT><o><QTY>y</QTY></o><L><X>3</X></L><L><x>4</x></L></r>");
    assertThat(rows("select * except (_filename, _index, _errors) from v where false").size())
        .isZero();
    assertThat(List.of(SqlJob.spark().table("v").columns()))
        .containsExactlyInAnyOrder(
            "_Unit", "amount", "id", "l", "o", "_filename", "_index", "_errors");
    assertThat(rows("select id, amount, _Unit, o.qty, l.x, size(_errors) from v order by id"))
        .containsExactly(
            "[1,5.00,1,1,ArraySeq(1),0]",
            "[2,6.00,2,2,ArraySeq(2),0]",
            "[3,null,null,null,ArraySeq(3, 4),2]");
    assertThat(told(job))
        .hasSize(2)
        .anyMatch(text -> text.contains("2.xml") && text.contains("amount '1,5' is no decimal"))
        .anyMatch(text -> text.contains("o.qty 'y' is no integer"));
    assertThat(warnings(job)).isEmpty();
  }

  @Test
  void bothInOneDocumentAreAnErrorOfIt() throws Exception {
    SqlJob job =
        read(
            "[{name: a, type: integer, nullable: true}]",
            "<r><A>1</A></r>",
            "<r><a>2</a><A>3</A></r>");
    assertThat(rows("select size(_errors) from v order by _filename"))
        .containsExactly("[0]", "[1]");
    assertThat(told(job))
        .singleElement()
        .asString()
        .contains("the elements 'a' and 'A' differ in case only");
  }

  @Test
  void aFieldInWhosePlaceAnotherStandsIsToldWithinElementsToo() throws Exception {
    String schema =
        """
        [{name: o, type: struct, nullable: true, fields: [
           {name: qty, type: integer, nullable: true}, {name: u, type: string, nullable: true}]},
         {name: l, type: array, nullable: true, elementType: {name: e, type: struct,
           nullable: true, fields: [{name: x, type: integer, nullable: true}]}}]
        """;
    assertThat(
            warnings(read(schema, "<r><o><quantity>5</quantity><u>a</u></o><l><y>1</y></l></r>")))
        .containsExactly(
            "no document has the schema's 'o.qty'", "no document has the schema's 'l[].x'");
    assertThat(warnings(read(schema, "<r><o><u>a</u></o><l><x>1</x></l></r>"))).isEmpty();
  }
}
