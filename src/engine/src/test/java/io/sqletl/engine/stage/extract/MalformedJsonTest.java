package io.sqletl.engine.stage.extract;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.spark;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.stage.Folder;
import io.sqletl.engine.stage.Rejected;
import io.sqletl.engine.stage.SqlJob;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong with a record of JSON is told by file, line and field, and counted. */
class MalformedJsonTest {

  private static final String SCHEMA =
      """
      [ {name: id, type: integer, nullable: true}, {name: a, type: string, nullable: true} ]
      """;

  @TempDir Path directory;
  private Folder folder;

  @BeforeEach
  void makeFolder() {
    folder = new Folder(directory);
  }

  private SqlJob extract(String keys) throws Exception {
    return SqlJob.run(
        stage("JSONExtract", "inputURI: \"" + folder + "/in\"\noutputView: json\n" + keys));
  }

  private SqlJob extractBy(String schema, String keys) throws Exception {
    folder.with("schema.conf", schema);
    return extract("schemaURI: \"" + folder + "/schema.conf\"\n" + keys);
  }

  private static List<String> told(SqlJob job) {
    Rejected rejected = job.rejected().orElseThrow();
    return rejected.values().value().first().stream().map(rejected::render).toList();
  }

  private static long count(SqlJob job) {
    return job.rejected().orElseThrow().values().value().count();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatDoesNotFitItsTypeIsToldByLineAndField(boolean multiLine) throws Exception {
    folder.with(
        "in/a.json",
        """
        {"id":1,"a":"x"}
        {"id":3000000000,"a":"y"}
        {"id":"7","a":5}

        {"id":1.5,"a":null}
        {"ID":9,"a":"z"}
        """);
    SqlJob job = extractBy(SCHEMA, "multiLine: " + multiLine);
    assertThat(rows("select id, a, size(_errors) from json order by _index"))
        .containsExactly("[1,x,0]", "[null,y,1]", "[null,5,1]", "[null,null,1]", "[null,z,1]");
    assertThat(count(job)).isEqualTo(4);
    assertThat(told(job))
        .containsExactly(
            "a.json:2: id '3000000000' is no integer",
            "a.json:3: id: \"7\" is a text, no integer; give the column \"formatters\" to read"
                + " texts as numbers",
            "a.json:5: id '1.5' is no integer",
            "a.json:6: id: The record has 'ID', which differs in case");
  }

  @ParameterizedTest
  @ValueSource(strings = {"select count(*) from json", "select a from json", "select 1 from json"})
  void itCountsWhateverIsAskedFor(String query) throws Exception {
    folder.with("in/a.json", "{\"id\":\"x\"}\n{\"id\":2}\nnonsense\n");
    SqlJob job = extractBy(SCHEMA, "");
    assertThat(rows(query)).isNotEmpty();
    assertThat(count(job)).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"id":1}~{"id":2,"a":"y"~{"id":3}      | true  | 3 | 2
          {"id":1}~{"id":2,"a":"y"~{"id":3}      | false | 3 | 2
          {"id":1}~{"id":2,"a":"y}~{"id":3}      | true  | 3 | 2
          {"id":1}~{"id":2,~{"id":3}~{"id":4}    | true  | 4 | 2
          {"id":1}~{"id":tru}~{"id":3}           | true  | 3 | 2
          {"id":1}~nonsense~{"id":3}             | true  | 3 | 2
          {"id":1}~5~{"id":3}                    | false | 3 | 2
          {"id":1}~{"id":2}}~{"id":3}            | true  | 4 | 2
          {"id":1}~{"id":2                       | true  | 2 | 2
          [{"id":1},~{"id":2},,~{"id":,}]        | true  | 3 | 3
          [{"id":1},~{"id":2}                    | true  | 3 | 1
          [~{"id":1},~{"id":[}},~{"id":3}~]      | true  | 3 | 3
          """)
  void aBrokenRecordIsToldAndNoGoodOneIsLostWithIt(
      String text, boolean multiLine, int records, int line) throws Exception {
    folder.with("in/a.json", text.replace('~', '\n') + "\n");
    SqlJob job = extract("multiLine: " + multiLine);
    assertThat(rows("select count(*), count(id), count_if(size(_errors) > 0) from json"))
        .containsExactly("[" + records + "," + (records - 1) + ",1]");
    assertThat(count(job)).isEqualTo(1);
    assertThat(told(job)).singleElement().asString().startsWith("a.json:" + line + ": The record");
  }

  /** Every byte of the second record is the first behind a buffer once. */
  @Test
  void recordsAreWholeWhereverABufferEnds() throws Exception {
    String second = "{\"id\":2,\n\"a\":\"}\\\"[{é\",\"l\":[1,{\"u\":\"]\"}]}\n";
    int files = second.length() + 2;
    for (int i = 0; i < files; i++) {
      String first = "{\"id\":1,\"a\":\"" + "x".repeat((1 << 16) - 18 - i) + "\"}\n";
      String large = "{\"id\":3,\"a\":\"" + "y".repeat(200_000) + "\"}";
      folder.with("in/" + i + ".json", first + second + "{\"id\":\"no\"}\n" + large);
    }
    SqlJob job = extractBy(SCHEMA, "");
    assertThat(
            rows(
                "select _index, id, substr(a, 1, 9), length(a) > 65000, size(_errors),"
                    + " count(*) from json group by all order by 1"))
        .containsExactly(
            "[1,1,xxxxxxxxx,true,0," + files + "]",
            "[2,2,}\"[{é,false,0," + files + "]",
            "[3,null,null,null,1," + files + "]",
            "[4,3,yyyyyyyyy,true,0," + files + "]");
    assertThat(count(job)).isEqualTo(files);
    assertThat(told(job)).allMatch(text -> text.contains(".json:4: id"));
  }

  @Test
  void recordsThatCannotBeToldApartEndTheRunWithFileAndLine() throws Exception {
    folder.with("in/a.json", "[{\"id\":1},{\"id\":2{,{\"id\":3}]");
    assertThatThrownBy(() -> extract(""))
        .hasStackTraceContaining("a.json': line 1: ")
        .hasStackTraceContaining("where the next record begins cannot be told");
  }

  @Test
  void aFieldThatIsThereTwiceIsTold() throws Exception {
    folder.with("in/a.json", "{\"id\":1,\"id\":2,\"o\":{\"x\":1,\"x\":1}}");
    SqlJob job = extract("");
    assertThat(rows("select id, _errors.field from json")).hasSize(1);
    assertThat(told(job))
        .containsExactly(
            "a.json:1: id: The record has the field twice; the last counts",
            "a.json:1: o.x: The record has the field twice; the last counts");
  }

  @Test
  void wordsThatAreNoNumbersAreErrorsOfTheirField() throws Exception {
    folder.with("in/a.json", "{\"d\":NaN,\"e\":1}\n{\"d\":1.5,\"e\":-Infinity}");
    SqlJob job = extract("");
    assertThat(rows("select d, e from json order by _index"))
        .containsExactly("[null,1]", "[1.5,null]");
    assertThat(told(job))
        .containsExactly(
            "a.json:1: d: NaN is no number of JSON", "a.json:2: e: -Infinity is no number of JSON");
  }

  @Test
  void bytesThatAreNoUtf8AreAnErrorOfTheRecordUnlessTheEncodingIsNamed() throws Exception {
    folder.with(
        "in/a.json", "{\"a\":\"x\"}\n{\"a\":\"ü\"}\n".getBytes(StandardCharsets.ISO_8859_1));
    SqlJob job = extract("");
    assertThat(rows("select a from json order by _index")).containsExactly("[x]", "[null]");
    assertThat(told(job)).singleElement().asString().contains("a.json:2: ", "\"encoding\"");
    job = extract("encoding: ISO-8859-1");
    assertThat(rows("select a from json order by _index")).containsExactly("[x]", "[ü]");
    assertThat(count(job)).isZero();
  }

  @Test
  void theSchemaSaysHowTextsAreRead() throws Exception {
    folder.with(
        "in/a.json",
        """
        {"n":"1,234","d":"31.12.2024","b":"yes","t":" x ","u":-1,"o":{"i":[1,"2"]},"m":1.005}
        {"n":5,"d":"2024-12-31","b":true,"o":{"i":[3]},"m":"1"}
        """);
    SqlJob job =
        extractBy(
            """
            [ {name: n, type: integer, nullable: true, formatters: ["#,##0"]},
              {name: d, type: date, nullable: true, formatters: ["dd.MM.uuuu"]},
              {name: b, type: boolean, nullable: true, trueValues: ["yes"], falseValues: ["no"]},
              {name: t, type: string, nullable: false, trim: true, nullReplacementValue: none},
              {name: u, type: integer, nullable: true, nullableValues: ["-1"]},
              {name: m, type: decimal, nullable: true, precision: 9, scale: 3},
              {name: o, type: struct, nullable: true, fields: [
                {name: i, type: array, nullable: true,
                  elementType: {name: e, type: integer, nullable: true}} ]} ]
            """,
            "");
    assertThat(rows("select n, d, b, t, u, m, o.i from json order by _index"))
        .containsExactly(
            "[1234,2024-12-31,true,x,null,1.005,ArraySeq(1, null)]",
            "[5,null,true,none,null,null,ArraySeq(3)]");
    assertThat(told(job))
        .hasSize(3)
        .anyMatch(text -> text.startsWith("a.json:1: o.i[1]: \"2\" is a text"))
        .anyMatch(text -> text.startsWith("a.json:2: d '2024-12-31' is no date"))
        .anyMatch(text -> text.startsWith("a.json:2: m: \"1\" is a text"));
  }

  @Test
  void aMissingValueThatHasToBeThereIsTold() throws Exception {
    folder.with("in/a.json", "{\"id\":1}\n{}\n{\"id\":null}");
    SqlJob job = extractBy("[ {name: id, type: integer, nullable: false} ]", "");
    assertThat(rows("select id from json order by _index"))
        .containsExactly("[1]", "[null]", "[null]");
    assertThat(told(job))
        .containsExactly(
            "a.json:2: id is null and may not be", "a.json:3: id is null and may not be");
  }

  @Test
  void aFieldThatNoRecordHasIsToldOnce() throws Exception {
    folder.with("in/a.json", "{\"ID\":1}\n{\"ID\":2}");
    SqlJob job = extractBy(SCHEMA, "");
    assertThat(job.runWarnings())
        .hasSize(2)
        .anyMatch(
            problem ->
                problem.message().endsWith("has the schema's field 'id'")
                    && String.valueOf(problem.remedy()).contains("they have 'ID'"))
        .anyMatch(problem -> problem.message().endsWith("has the schema's field 'a'"));
  }

  @Test
  void aJobMayFailAtTheFirstOrLookAway() throws Exception {
    folder.with("in/a.json", "{\"id\":1}\n{\"id\":\"x\"}\n{\"id\":3}");
    extractBy(SCHEMA, "malformedRecords: fail");
    assertThatThrownBy(() -> rows("select count(*) from json"))
        .hasStackTraceContaining("a.json:2: id: \"x\" is a text, no integer");
    extractBy(SCHEMA, "malformedRecords: ignore, multiLine: false");
    assertThat(spark().table("json").columns()).containsExactly("id", "a", "_filename", "_index");
    assertThat(rows("select id from json order by _index")).containsExactly("[1]", "[null]", "[3]");
  }

  @Test
  void textsOfAViewAreAccountedForToo() throws Exception {
    folder.with("schema.conf", SCHEMA);
    SqlJob job =
        SqlJob.run(
            view("texts", "select '{\"id\": true}' as t")
                + stage(
                    "JSONExtract",
                    "inputView: texts, outputView: json, schemaURI: \""
                        + folder
                        + "/schema.conf\""));
    assertThat(rows("select id, _errors.field from json")).containsExactly("[null,ArraySeq(id)]");
    assertThat(count(job)).isEqualTo(1);
  }

  @Test
  void filesThatAreNoTextAreRefusedByName() throws Exception {
    for (String keys : List.of("", "multiLine: false")) {
      folder.with("in/a.json", Folder.gzip("{\"id\":1}"));
      assertThatThrownBy(() -> extract(keys))
          .hasStackTraceContaining("a.json': it is a gzip file; its name has to end with .gz");
      folder.with("in/a.json", "PK\u0003\u0004".getBytes(StandardCharsets.ISO_8859_1));
      assertThatThrownBy(() -> extract(keys)).hasStackTraceContaining("a.json': it is a zip");
    }
    byte[] packed = Folder.gzip("{\"id\":1}\n".repeat(10_000));
    folder.with("in/a.json", "{}").with("in/b.json.gz", java.util.Arrays.copyOf(packed, 40));
    assertThatThrownBy(() -> extract("")).hasStackTraceContaining("b.json.gz");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"id":1}~{"ID":2}                | 'ID' (file:%s/in/a.json:2) and 'id' (file:%s/in/a.json:1)
          {"id":1}~{"id":2,"a":1,"ID":2}   | 'ID' (file:%s/in/a.json:2) and 'id' (file:%s/in/a.json:1)
          {"o":[{"k":1}]}~~{"o":[{"K":2}]} | 'o.K' (file:%s/in/a.json:3) and 'o.k' (file:%s/in/a.json:1)
          """)
  void keysThatDifferInCaseOnlyAreNamedWithTheirPlaces(String text, String told) throws Exception {
    folder.with("in/a.json", text.replace('~', '\n'));
    assertThatThrownBy(() -> extract(""))
        .hasMessageStartingWith("JSONExtract cannot make columns of the keys ")
        .hasMessageContaining(told.replace("%s", directory.toString()))
        .hasMessageContaining(", which differ in case only; ");
  }

  @Test
  void halfACharacterIsTold() throws Exception {
    folder.with("in/a.json", "{\"a\":\"x\\ud83d\"}\n{\"a\":\"\\ud83d\\ude00\"}\n");
    SqlJob job = extract("");
    assertThat(rows("select a, size(_errors) from json order by _index"))
        .containsExactly("[x?,1]", "[\ud83d\ude00,0]");
    assertThat(told(job))
        .singleElement()
        .asString()
        .startsWith("a.json:1: a: \\ud83d at character 2");
    extractBy(SCHEMA, "");
    assertThat(rows("select a, size(_errors) from json order by _index"))
        .containsExactly("[x?,1]", "[\ud83d\ude00,0]");
  }

  @Test
  void anEncodingThatThereIsNotIsRefusedBeforeTheRun() {
    assertThat(
            SqlJob.problems(
                stage("JSONExtract", "inputURI: \"a\", outputView: v, encoding: \"utf 9\"")))
        .singleElement()
        .asString()
        .contains("encoding");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {~ "id":1~}~          | a.json:1: The record is no JSON: it has no end;
          [~{"id":1},~{"id":2}~]~ | a.json:1: The record is no JSON: the array that begins here has no end;
          """)
  void aRecordOfManyLinesThatIsReadByLineIsToldTheKey(String text, String message)
      throws Exception {
    folder.with("in/a.json", text.replace('~', '\n') + "{\"id\":9}\n");
    SqlJob job = extract("multiLine: false");
    assertThat(rows("select max(id) from json")).containsExactly("[9]");
    assertThat(told(job))
        .first()
        .asString()
        .startsWith(message + " if it goes on in the lines below, set \"multiLine\": true");
    job = extract("");
    assertThat(rows("select max(id) from json")).containsExactly("[9]");
    assertThat(told(job)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRecordWithoutAnyFieldOfTheSchemaIsAnError(boolean multiLine) throws Exception {
    folder.with("in/a.json", "{\"id\":1,\"a\":\"x\"}\n{}\n{\"id\":null}\n");
    folder.with("in/b.json", "{\"error\":\"unauthorized\",\"code\":401}\n{\"note\":1,\"id\":2}\n");
    SqlJob job = extractBy(SCHEMA, "multiLine: " + multiLine);
    assertThat(rows("select id, a, size(_errors) from json order by _filename, _index"))
        .containsExactly(
            "[1,x,0]", "[null,null,0]", "[null,null,0]", "[null,null,1]", "[2,null,0]");
    assertThat(told(job))
        .containsExactly(
            "b.json:1: The record has none of the fields of the schema: it has error, code");
  }

  @Test
  void aTextWithoutAnyFieldOfTheSchemaIsAnError() throws Exception {
    folder.with("schema.conf", SCHEMA);
    SqlJob job =
        SqlJob.run(
            view("texts", "select '{\"error\":1}' as t union all select '{\"id\":1,\"b\":2}'")
                + stage(
                    "JSONExtract",
                    "inputView: texts, outputView: json, schemaURI: \""
                        + folder
                        + "/schema.conf\""));
    assertThat(rows("select id, size(_errors) from json order by id"))
        .containsExactly("[null,1]", "[1,0]");
    assertThat(told(job))
        .singleElement()
        .asString()
        .contains("The record has none of the fields of the schema: it has error");
    assertThat(job.adjusted().describeNotRead())
        .isEqualTo("'b' (a text of the view), 'error' (a text of the view)");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void fieldsThatTheSchemaLacksAreToldOnceWithTheFirstFile(boolean multiLine) throws Exception {
    folder.with("in/a.json", "{\"id\":1,\"a\":\"x\"}\n".repeat(3));
    folder.with("in/b.json", "{\"id\":1,\"added\":{\"x\":1},\"a\":\"x\",\"more\":[]}\n".repeat(3));
    folder.with("in/c.json", "{\"id\":1,\"added\":2,\"a\":\"x\"}\n".repeat(3));
    SqlJob job = extractBy(SCHEMA, "multiLine: " + multiLine);
    assertThat(rows("select count(*), count_if(size(_errors) > 0) from json"))
        .containsExactly("[9,0]");
    assertThat(count(job)).isZero();
    assertThat(job.adjusted().describeNotRead())
        .matches("'added' \\(\\S+/[bc].json\\), 'more' \\(\\S+/b.json\\)");
    assertThat(job.adjusted().describeDigits()).isEmpty();
  }

  @Test
  void recordsOfNothingButFieldsOfTheSchemaAreToldOfNothing() throws Exception {
    folder.with("in/a.json", "{\"id\":1,\"a\":\"x\"}\n{\"a\":\"y\"}\n{}\n");
    SqlJob job = extractBy(SCHEMA, "");
    assertThat(rows("select count(*) from json")).containsExactly("[3]");
    assertThat(count(job)).isZero();
    assertThat(job.adjusted().describeNotRead()).isEmpty();
    assertThat(job.runWarnings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void valuesOfDifferentKindsThatMakeAFieldTextAreTold(boolean multiLine) throws Exception {
    folder.with(
        "in/a.json",
        "{\"n\":1,\"o\":{\"x\":true},\"l\":[1,null]}\n{\"n\":2.5,\"o\":{\"x\":null},\"l\":[]}\n");
    folder.with(
        "in/b.json", "{\"n\":null,\"t\":\"x\"}\n{\"n\":\"11,5\",\"o\":{\"x\":1},\"l\":[\"x\"]}\n");
    SqlJob job = extract("multiLine: " + multiLine);
    assertThat(rows("select n from json order by n nulls first"))
        .containsExactly("[null]", "[1]", "[11,5]", "[2.5]");
    assertThat(job.runWarnings())
        .singleElement()
        .extracting(problem -> problem.message().replaceAll("in \\S+/", "in "))
        .asString()
        .endsWith(
            "which is therefore read as text: 'l[]' is a number in a.json:1 and a text in b.json:2;"
                + " 'n' is a number in a.json:1 and a text in b.json:2;"
                + " 'o.x' is a boolean in a.json:1 and a number in b.json:2");
  }

  @Test
  void wholeNumbersMayBeWrittenAsDoubles() throws Exception {
    folder.with(
        "schema.conf",
        """
        [ {name: id, type: integer, nullable: true}, {name: n, type: long, nullable: true} ]
        """);
    folder.with(
        "in/a.json",
        """
        {"id":1.0,"n":1.7e1}
        {"id":-0.0,"n":9223372036854775807.00}
        {"id":1.5,"n":1e19}
        {"id":3e9,"n":1e999999999}
        """);
    SqlJob job = extract("schemaURI: \"" + folder + "/schema.conf\"");
    assertThat(rows("select id, n, size(_errors) from json order by _index"))
        .containsExactly("[1,17,0]", "[0,9223372036854775807,0]", "[null,null,2]", "[null,null,2]");
    assertThat(told(job))
        .contains("a.json:3: id '1.5' is no integer", "a.json:4: n '1e999999999' is no long");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          [1]           | a number
          ["x"]         | a text
          [null]        | null
          [true]        | a boolean
          [[{"id":1}]]  | an array in an array
          5             | a number
          """)
  void aValueThatIsNoObjectIsToldAsWhatItIs(String text, String kind) throws Exception {
    folder.with("in/a.json", text + "\n");
    SqlJob job = extractBy(SCHEMA, "");
    assertThat(rows("select id from json")).isNotEmpty();
    assertThat(told(job))
        .singleElement()
        .asString()
        .startsWith("a.json:1: The record is " + kind + ", and no object with fields");
  }

  @Test
  void aTextOfAViewIsToldByTheViewAndHowItBegins() throws Exception {
    SqlJob job =
        SqlJob.run(
            view("pages", "select explode(array('<html>', '{\"id\":1}', null)) as body")
                + stage("JSONExtract", "inputView: pages, outputView: json"));
    assertThat(rows("select id from json where id is not null")).containsExactly("[1]");
    assertThat(told(job))
        .anyMatch(
            text ->
                text.startsWith(
                    "a text of view 'pages' (it begins: <html>): The record is no JSON"))
        .contains("a text of view 'pages': The text is NULL.");
  }
}
