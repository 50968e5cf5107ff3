package io.sqletl.engine.stage.extract;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.stage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.Folder;
import io.sqletl.engine.stage.Rejected;
import io.sqletl.engine.stage.SqlJob;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts of XML documents are read whole, and what cannot be told apart is an error of its row. */
class XmlRecordsTest {

  @TempDir Path directory;
  private Folder folder;

  @BeforeEach
  void makeFolder() {
    folder = new Folder(directory);
  }

  private SqlJob extract(String keys) throws Exception {
    return SqlJob.run(
        stage("XMLExtract", "inputURI: \"" + folder + "/in\"\noutputView: v\n" + keys));
  }

  private static List<String> told(SqlJob job) {
    Rejected rejected = job.rejected().orElseThrow();
    return rejected.values().value().first().stream().map(rejected::render).toList();
  }

  @Test
  void commentsAndInstructionsAndSectionsDoNotCutTexts() throws Exception {
    folder.with(
        "in/a.xml",
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <!-- before --><r><a>1<!-- x -->23</a><b k="1">x<![CDATA[<y> & ]]>z</b><c>4<?pi x?>2</c>
        <d>ü&amp;<!-- y -->&lt;&#10;</d></r>
        """);
    SqlJob job = extract("");
    assertThat(rows("select a, b._VALUE, b._k, c, d from v"))
        .containsExactly("[123,x<y> & z,1,42,ü&<\n]");
    assertThat(told(job)).isEmpty();
  }

  @Test
  void anElementThatSaysThatItIsNilIsNull() throws Exception {
    folder.with(
        "in/a.xml",
        "<r xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><v xsi:nil=\"true\"/><l>1</l>"
            + "<l xsi:nil=\"1\"></l><l>3</l><e/><n xsi:nil=\"false\">7</n></r>");
    folder.with("in/b.xml", "<r><v>5</v></r>");
    SqlJob job = extract("");
    assertThat(rows("select v, l, e, n from v order by n nulls first"))
        .containsExactly("[5,null,null,null]", "[null,ArraySeq(1, null, 3),,7]");
    assertThat(told(job)).isEmpty();
  }

  @Test
  void blanksBelongToTextsAndNotToNumbersThatAreDeclared() throws Exception {
    folder
        .with("schema.conf", "[{name: n, type: integer, nullable: true}]")
        .with(
            "in/a.xml",
            "<r>\n  <a> x </a>\n  <b k=\" \">\n    <c> y</c>\n  </b>\n  <n>\n    5\n  </n>\n"
                + "  <t>&#32;</t>\n</r>");
    SqlJob job = extract("schemaURI: \"" + folder + "/schema.conf\"");
    assertThat(rows("select a, b.c, b._k, n + 1, t from v")).containsExactly("[ x , y, ,6, ]");
    assertThat(told(job)).isEmpty();
    extract("malformedRecords: ignore");
    assertThat(rows("select a, b.c, n from v")).containsExactly("[x,y,5]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          <r a="1">~<_a>2</_a></r>             | line 2: the attribute 'a' and the element '_a' have
          <r><o a="1">~<_a>2</_a></o></r>      | line 2: the attribute 'a' and the element '_a' have
          <r>~<a>1</a>~<A>2</A></r>            | line 3: the elements 'a' and 'A' differ in case only
          <r><i><a>1</a><b/><A/></i></r>       | line 1: the elements 'a' and 'A' differ in case only
          <r a="1" A="2"/>                     | line 1: the attributes 'a' and 'A' differ in case
          <r><a>text<_VALUE>2</_VALUE></a></r> | line 1: a text and the element '_VALUE' have
          """)
  void whatHasOneColumnForTwoIsAnErrorOfItsDocument(String document, String message)
      throws Exception {
    folder
        .with("in/a.xml", document.replace('~', '\n'))
        .with("in/b.xml", "<r a=\"1\"><i>7</i><i>8</i></r>");
    SqlJob job = extract("");
    assertThat(
            rows("select regexp_extract(_filename, '[^/]+$', 0), size(_errors) from v order by 1"))
        .containsExactly("[a.xml,1]", "[b.xml,0]");
    assertThat(told(job)).singleElement().asString().startsWith("a.xml: record 1: " + message);
  }

  /** The column of an attribute begins with _, as do those that say where a row comes from. */
  @ParameterizedTest
  @CsvSource({
    "index,_index",
    "INDEX,_index",
    "filename,_filename",
    "errors,_errors",
    "Errors,_errors",
    "monotonically_increasing_id,_monotonically_increasing_id"
  })
  void attributesCalledAsTheColumnsOfAnExtractKeepTheirValues(String name, String column)
      throws Exception {
    folder
        .with("in/a.xml", "<r " + name + "=\"own\"><a>1</a></r>")
        .with("in/b.xml", "<r " + name + "=\"two\">\n<b>1</b><B>2</B></r>");
    for (String keys : List.of("", "contiguousIndex: false", "malformedRecords: ignore")) {
      SqlJob job = extract(keys);
      assertThat(rows("select " + column + ", a from v order by 1"))
          .containsExactly("[own,1]", "[two,null]");
      if (!keys.startsWith("malformed")) {
        assertThat(told(job))
            .singleElement()
            .asString()
            .startsWith("b.xml: record 1: line 2: the elements 'b' and 'B' differ in case only");
      }
    }
    folder.with("in/b.xml", "<r " + name + "=\"two\">\n<b>1</c></r>");
    assertThatThrownBy(() -> extract("")).hasMessageContaining("/in/b.xml': line 2: ");
  }

  /** The parser tells of these only as it looks at the text. */
  @ParameterizedTest
  @ValueSource(strings = {"A & B", "A &x B", "a ]]> b", "a \u0001 b"})
  void aTextThatIsBrokenIsNamedWithItsFileAndLine(String text) throws Exception {
    folder
        .with("in/a.xml", "<r><n>A</n></r>")
        .with("in/b.xml", "<r>\n<n>x</n>\n<n>" + text + "</n>\n</r>\n")
        .with("in/c.xml", "<r><n>C</n></r>");
    for (String keys : List.of("", "malformedRecords: ignore")) {
      assertThatThrownBy(() -> extract(keys))
          .hasMessageStartingWith("XMLExtract cannot read 'file:")
          .hasMessageContaining("/in/b.xml': line 3: ")
          .hasMessageEndingWith("; repair it or take it out of the input");
    }
  }

  @Test
  void foldersThatAreNoColumnsAreTold() throws Exception {
    folder.with("in/k=7/a.xml", "<r><a>1</a></r>");
    SqlJob job =
        SqlJob.run(
            SqlJob.stage("XMLExtract", "inputURI: \"" + folder.of("in") + "\", outputView: v"));
    assertThat(job.runWarnings())
        .singleElement()
        .extracting(Problem::remedy)
        .asString()
        .contains("regexp_extract(_filename, '/k=([^/]+)/', 1)");
    assertThat(SqlJob.rows("select regexp_extract(_filename, '/k=([^/]+)/', 1), a from v"))
        .containsExactly("[7,1]");
  }
}
