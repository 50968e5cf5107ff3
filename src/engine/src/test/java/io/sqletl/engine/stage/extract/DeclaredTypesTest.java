package io.sqletl.engine.stage.extract;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.spark;
import static io.sqletl.engine.stage.SqlJob.stage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.stage.Folder;
import io.sqletl.engine.stage.Rejected;
import io.sqletl.engine.stage.SqlJob;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts of XML and of text files: types that are declared win, and nothing is lost without. */
class DeclaredTypesTest {

  @TempDir Path directory;
  private Folder folder;

  @BeforeEach
  void makeFolder() {
    folder = new Folder(directory);
  }

  private SqlJob extract(String type, String keys) throws Exception {
    return SqlJob.run(stage(type, "inputURI: \"" + folder + "/in\"\noutputView: v\n" + keys));
  }

  private static List<String> told(SqlJob job) {
    Rejected rejected = job.rejected().orElseThrow();
    return rejected.values().value().first().stream().map(rejected::render).toList();
  }

  private static final String DIGITS =
      "[{name: amount, type: decimal, precision: 9, scale: 2, nullable: true},"
          + " {name: code, type: double, nullable: true},"
          + " {name: o, type: struct, nullable: true, fields: [{name: l, type: array, nullable: true,"
          + "  elementType: {name: e, type: decimal, precision: 5, scale: 1, nullable: true}}]}]";

  @ParameterizedTest
  @ValueSource(strings = {"", "malformedRecords: fail"})
  void digitsThatADeclaredTypeHasNoPlaceForAreTold(String keys) throws Exception {
    folder.with("schema.conf", DIGITS);
    folder
        .with(
            "json/a.json",
            "{\"amount\":1.005,\"code\":9007199254740993,\"o\":{\"l\":[1.25,2.55]}}\n"
                + "{\"amount\":2.500,\"code\":0.1,\"o\":{\"l\":[1.50]}}\n")
        .with(
            "xml/a.xml",
            "<r><amount>1.005</amount><code>9007199254740993</code>"
                + "<o><l>1.25</l><l>2.55</l></o></r>")
        .with("xml/b.xml", "<r><amount>2.500</amount><code>0.1</code><o><l>1.50</l></o></r>");
    for (String type : List.of("JSON", "XML")) {
      SqlJob job =
          SqlJob.run(
              stage(
                  type + "Extract",
                  "inputURI: \""
                      + folder.of(type.toLowerCase(Locale.ROOT))
                      + "\"\noutputView: v\nschemaURI: \""
                      + folder.of("schema.conf")
                      + "\""
                      + "\n"
                      + keys));
      assertThat(rows("select amount, o.l[0] from v order by amount"))
          .containsExactly("[1.01,1.3]", "[2.50,1.5]");
      assertThat(rows("select count(*) from v")).containsExactly("[2]");
      assertThat(job.adjusted().describeDigits())
          .isEqualTo(
              "'amount': 1 value was rounded to the digits of decimal(9, 2), such as '1.005';"
                  + " 'code': 1 value was taken as the nearest number of double, such as"
                  + " '9007199254740993';"
                  + " 'o.l[]': 2 values were rounded to the digits of decimal(5, 1), such as"
                  + " '1.25'");
      assertThat(told(job)).isEmpty();
    }
  }

  @Test
  void aJsonFieldBesideOneThatDiffersInCaseIsTold() throws Exception {
    folder.with("in/a.json", "{\"id\":1,\"ID\":2}\n{\"id\":3}\n");
    folder.with("schema.conf", "[{name: id, type: integer, nullable: true}]");
    SqlJob job = extract("JSONExtract", "schemaURI: \"" + folder.of("schema.conf") + "\"");
    assertThat(rows("select id, size(_errors) from v order by id"))
        .containsExactly("[1,0]", "[3,0]");
    assertThat(job.runWarnings())
        .singleElement()
        .satisfies(
            warning ->
                assertThat(warning.message())
                    .contains("the records have 'id' and 'ID', which differ in case only"));
  }

  @ParameterizedTest
  @CsvSource({
    "00123, 7, string",
    "1.10, 2.5, string",
    "1e5, 3, string",
    "12345678901234567890, 1, 'decimal(20,0)'",
    "12, -7, bigint",
    "9.5, 10, double",
    "true, false, boolean",
    "True, false, string",
    "2024-02-29, 2024-03-01, date",
    "2024-02-29T10:00:00+05:00, 2024-02-29T10:00:00Z, string",
    "2024-02-29T10:00:00Z, 2024-02-29T10:00:01.5Z, string",
    "2024-02-29T10:00:00Z, 2024-02-29T10:00:01Z, timestamp",
    "12, x, string",
  })
  void xmlIsTypedOnlyByWhatGivesBackItsTexts(String one, String other, String type)
      throws Exception {
    folder.with("in/a.xml", "<d><r a=\"" + one + "\"><x>" + one + "</x></r></d>");
    folder.with("in/b.xml", "<d><r a=\"" + other + "\"><x>" + other + "</x></r></d>");
    extract("XMLExtract", "");
    assertThat(spark().table("v").schema().apply("r").dataType().simpleString())
        .isEqualTo("struct<_a:" + type + ",x:" + type + ">");
    if (type.equals("string") || type.startsWith("decimal")) {
      assertThat(rows("select cast(r.x as string) from v"))
          .containsExactlyInAnyOrder("[" + one + "]", "[" + other + "]");
    }
  }

  @Test
  void xmlHasTheTypesOfTheSchemaAndTellsWhatDoesNotFit() throws Exception {
    folder.with(
        "schema.conf",
        """
        [ {name: z, type: string, nullable: true},
          {name: n, type: integer, nullable: true},
          {name: item, type: array, nullable: true, elementType:
            {name: e, type: struct, nullable: true, fields: [
              {name: _id, type: string, nullable: true},
              {name: d, type: date, nullable: true, formatters: ["dd.MM.uuuu"]} ]}},
          {name: none, type: string, nullable: true} ]
        """);
    folder.with(
        "in/a.xml", "<d><z>123</z><n>7</n><item id=\"01\"><d>31.12.2024</d></item><w>007</w></d>");
    folder.with("in/b.xml", "<d><z>45</z><n>x7</n><item id=\"2\"><d>2024-12-31</d></item></d>");
    SqlJob job = extract("XMLExtract", "schemaURI: \"" + folder + "/schema.conf\"");
    assertThat(
            rows(
                "select z, n, item[0]._id, cast(item[0].d as string), w, size(_errors) from v"
                    + " order by z"))
        .containsExactly("[123,7,01,2024-12-31,007,0]", "[45,null,2,null,null,2]");
    assertThat(told(job))
        .hasSize(2)
        .anyMatch(text -> text.contains("b.xml") && text.contains("n 'x7' is no integer"))
        .anyMatch(text -> text.contains("item[0].d '2024-12-31' is no date"));
    assertThat(job.runWarnings())
        .singleElement()
        .satisfies(
            warning ->
                assertThat(warning.message()).endsWith("no document has the schema's 'none'"));
  }

  @Test
  void xmlOfAnotherEncodingThanItDeclaresIsRefusedByName() throws Exception {
    folder.with("in/a.xml", "<d><x>ü</x></d>".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(
            () -> {
              extract("XMLExtract", "");
              rows("select * from v");
            })
        .hasStackTraceContaining("a.xml");
  }

  @Test
  void documentsOfTwoKindsAreTold() throws Exception {
    folder
        .with(
            "in/a.xml",
            "<?xml version=\"1.0\"?><!-- c --><o:orders xmlns:o=\"u\"><id>1</id></o:orders>")
        .with("in/b.xml.gz", Folder.gzip("<orders><id>2</id></orders>"))
        .with("in/c.xml", "");
    assertThat(extract("XMLExtract", "").runWarnings())
        .noneMatch(warning -> warning.message().contains("begin with"));
    folder.with("in/d.xml", "<error><code>500</code></error>");
    assertThat(extract("XMLExtract", "").runWarnings())
        .anyMatch(
            warning ->
                warning
                    .message()
                    .contains("different elements, 'orders' in a.xml, 'error' in d.xml; each is"));
    assertThat(rows("select id, code from v where code is not null")).containsExactly("[null,500]");
  }

  @Test
  void aTextFileOfAnotherEncodingIsFoundAmongManyThatAreGood() throws Exception {
    for (int i = 10; i < 50; i++) {
      folder.with("in/" + i + ".txt", "a\nb\n");
    }
    extract("TextExtract", "");
    assertThat(rows("select count(*) from v")).containsExactly("[80]");
    // Without a mark its bytes are UTF-8 too, and each line of it one with NUL characters
    folder.with("in/99.txt", "a\nb\n".repeat(9).getBytes(StandardCharsets.UTF_16LE));
    assertThatThrownBy(() -> extract("TextExtract", ""))
        .hasMessageContaining(
            "99.txt' looks like text in UTF-16 or like no text; convert the file");
  }

  @Test
  void filesThatAreNoTextAreRefusedByName() throws Exception {
    folder.with("in/a.txt", "a\nb\n".repeat(9).getBytes(StandardCharsets.UTF_16));
    assertThatThrownBy(() -> extract("TextExtract", ""))
        .hasMessageContaining("a.txt' looks like text in UTF-16; convert the file, or read it");
    folder.with("in/a.txt", Folder.gzip("a\nb\n"));
    assertThatThrownBy(() -> extract("TextExtract", ""))
        .hasMessageContaining("a.txt' looks like a gzip file; its name has to end with .gz");
    extract("TextExtract", "malformedRecords: ignore");
  }

  @Test
  void linesThatAreNoTextAreTold() throws Exception {
    folder.with("in/a.txt", "x\nfür\n\nlast".getBytes(StandardCharsets.ISO_8859_1));
    SqlJob job = extract("TextExtract", "");
    assertThat(rows("select size(_errors) from v order by _index"))
        .containsExactly("[0]", "[1]", "[0]", "[0]");
    assertThat(told(job)).singleElement().asString().startsWith("a.txt:2: its bytes are no UTF-8");
    extract("TextExtract", "malformedRecords: ignore");
    assertThat(spark().table("v").columns()).containsExactly("value", "_filename", "_index");
  }
}
