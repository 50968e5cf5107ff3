package io.sqletl.engine.stage.extract;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.spark;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.Folder;
import io.sqletl.engine.stage.SqlJob;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class XMLExtractStageTest {

  private static final String BOOKS =
      """
      <?xml version="1.0" encoding="%s"?>
      <shop city="Zürich">
        <book id="1"><title>Übung</title><price>9.5</price></book>
        <book id="2"><title>B</title><price>10</price></book>
      </shop>
      """;

  private static final String XSD =
      """
      <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
        <xs:element name="shop"><xs:complexType>
          <xs:sequence><xs:element name="book" maxOccurs="unbounded" type="xs:int"/></xs:sequence>
        </xs:complexType></xs:element>
      </xs:schema>
      """;

  @TempDir Path directory;
  private Folder folder;

  @BeforeEach
  void makeFolder() {
    folder = new Folder(directory);
  }

  private String extract(String keys) {
    return stage("XMLExtract", "outputView: xml\n" + keys);
  }

  private SqlJob run(String input, String keys) throws Exception {
    return SqlJob.run(extract("inputURI: \"" + folder.of(input) + "\"\n" + keys));
  }

  @Test
  void documentsAreRowsInTheEncodingThatTheyName() throws Exception {
    folder
        .with("in/utf8.xml", BOOKS.formatted("UTF-8"))
        .with("in/latin.xml", BOOKS.formatted("ISO-8859-1").getBytes(StandardCharsets.ISO_8859_1))
        .with("in/wide.xml", BOOKS.formatted("UTF-16").getBytes(StandardCharsets.UTF_16))
        .with("in/packed.xml.gz", Folder.gzip(BOOKS.formatted("UTF-8")))
        .with("in/blank.xml", "");
    SqlJob job = run("in", "");
    assertThat(
            rows(
                "select regexp_extract(_filename, '[^/]+$', 0), _index, _city, size(book) from xml"
                    + " order by 1"))
        .containsExactly(
            "[latin.xml,1,Zürich,2]",
            "[packed.xml.gz,1,Zürich,2]",
            "[utf8.xml,1,Zürich,2]",
            "[wide.xml,1,Zürich,2]");
    assertThat(
            rows(
                "select distinct b._id, b.title, b.price from xml lateral view explode(book) as b"
                    + " order by 1"))
        .containsExactly("[1,Übung,9.5]", "[2,B,10.0]");
    assertThat(job.detail()).containsEntry("inputFiles", 4);
    run("in", "contiguousIndex: false");
    assertThat(spark().table("xml").columns())
        .containsExactly("_city", "book", "_monotonically_increasing_id", "_filename", "_errors");
  }

  @Test
  void oneNamespaceUnderSeveralPrefixesIsTold() throws Exception {
    folder
        .with("in/a.xml", "<a:r xmlns:a=\"urn:a\"><a:id>1</a:id><x><a:n>1</a:n></x></a:r>")
        .with("in/b.xml", "<b:r xmlns:b=\"urn:a\"><b:id>2</b:id><x><b:n>1</b:n></x></b:r>")
        .with("in/c.xml", "<r xmlns=\"urn:a\"><id>3</id></r>");
    assertThat(run("in", "").runWarnings())
        .extracting(Problem::message)
        .filteredOn(message -> message.contains("namespace urn:a"))
        .satisfiesExactlyInAnyOrder(
            message -> assertThat(message).contains("the columns 'a:id', 'b:id', 'id' are one"),
            message -> assertThat(message).contains("the columns 'a:n', 'b:n' are one"));
    folder
        .with("other/a.xml", "<r xmlns:a=\"urn:a\"><a:id>1</a:id></r>")
        .with("other/b.xml", "<r xmlns:b=\"urn:b\"><b:id>2</b:id></r>");
    assertThat(run("other", "").runWarnings()).isEmpty();
  }

  @Test
  void anEntityOfTheDocumentsOwnIsNamedWithWhatToDo() {
    folder.with(
        "in/a.xml",
        "<!DOCTYPE r [<!ENTITY co \"Example\">]>\n<r><a>a &amp; b &#228;</a>\n<b>&co;</b></r>");
    assertThatThrownBy(() -> run("in", ""))
        .hasMessageStartingWith("XMLExtract cannot read 'file:")
        .hasMessageContaining("/in/a.xml': line 3: Undeclared general entity \"co\"; what a")
        .hasMessageContaining("write the text in place of &co; (xmllint --noent does)");
    folder.with("in/a.xml", "<!DOCTYPE r>\n<r><a>a &amp; b &#228;</a></r>");
    assertThatCode(() -> run("in", "")).doesNotThrowAnyException();
  }

  @Test
  void aBrokenDocumentAmongGoodOnesIsNamedWithItsLine() throws Exception {
    folder.with("in/a.xml", BOOKS.formatted("UTF-8")).with("in/b.xml", "<shop>\n<book>\n</shop>");
    assertThatThrownBy(() -> run("in", ""))
        .hasMessageStartingWith("XMLExtract cannot read 'file:")
        .hasMessageContaining("/in/b.xml': line 3: ")
        .hasMessageEndingWith("; repair it or take it out of the input");
  }

  @Test
  void noEntityOutsideOfTheDocumentIsFollowed() throws Exception {
    Path secret = Files.writeString(directory.resolve("secret"), "hunter2");
    folder.with(
        "in/a.xml",
        "<!DOCTYPE a [<!ENTITY x SYSTEM \"" + secret.toUri() + "\">]><a><b>&x;</b></a>");
    try {
      run("in", "");
      assertThat(rows("select * from xml").toString()).doesNotContain("hunter2");
    } catch (Exception e) {
      assertThat(e.getMessage()).contains("a.xml").doesNotContain("hunter2");
    }
  }

  @Test
  void documentsHaveToMeetTheXsd() throws Exception {
    folder.with("shop.xsd", XSD).with("in/a.xml", "<shop>\n<book>1</book>\n<book>x</book></shop>");
    String keys = "xsdURI: \"" + folder.of("shop.xsd") + "\"";
    assertThatThrownBy(() -> run("in", keys))
        .hasMessageContaining("/in/a.xml' does not meet the schema of 'xsdURI': line 3: ");
    folder.with("in/a.xml", "<shop><book>1</book></shop>");
    run("in", keys);
    assertThat(rows("select book from xml")).containsExactly("[1]");

    folder.with("shop.xsd", "<xs:schema/>");
    assertThat(SqlJob.problems(extract("inputURI: \"" + folder + "\"\n" + keys)))
        .singleElement()
        .satisfies(
            problem ->
                assertThat(problem.message())
                    .startsWith("The file " + folder.of("shop.xsd") + " is no XML schema: "));
  }

  @Test
  void documentsOfAViewAreRead() throws Exception {
    SqlJob.run(
        view("v", "select '<a><b>1</b></a>' as doc, 2 as `x.y`")
            + extract("inputView: v, inputField: doc"));
    assertThat(rows("select b, _filename, _index from xml")).containsExactly("[1,,1]");
  }

  @Test
  void elementsKeepNamesOfAnyKindAndGetTheMetadataOfTheSchema() throws Exception {
    folder
        .with("in/a.xml", "<a xmlns:n=\"urn:n\"><n:b.c>1</n:b.c><größe>2</größe></a>")
        .with(
            "schema.conf",
            "[ {name: größe, type: integer, nullable: true, metadata: {unit: cm}} ]");
    run("in", "schemaURI: \"" + folder.of("schema.conf") + "\"");
    assertThat(rows("select `größe` from xml")).containsExactly("[2]");
    assertThat(spark().table("xml").schema().apply("größe").metadata().getString("unit"))
        .isEqualTo("cm");
  }

  @Test
  void filesAreWrittenAndReadBackOrOneDocumentForEach() throws Exception {
    SqlJob.run(
        view("rows", "select 1 as _id, 'ü & <b>' as text union all select 2, null order by 1")
            + stage("XMLLoad", "inputView: rows, outputURI: \"" + folder.of("many") + "\"")
            + view(
                "documents",
                "select named_struct('shop', named_struct('_city', 'Bern', 'book', array(1, 2))) as"
                    + " value, 'one/b ü.xml' as filename")
            + stage(
                "XMLLoad",
                "inputView: documents, outputURI: \""
                    + folder.of("single")
                    + "\", singleFile: true, prefix: \"<?xml version='1.0'?>\\n\""));
    run("many", "");
    assertThat(rows("select r._id, r.text from xml lateral view explode(ROW) as r"))
        .containsExactlyInAnyOrder("[1,ü & <b>]", "[2,null]");
    assertThat(Files.readString(Path.of(folder.of("single/one/b ü.xml"))))
        .startsWith("<?xml version='1.0'?>\n<shop city=\"Bern\">")
        .contains("<book>1</book>")
        .endsWith("</shop>");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Smith & Sons", "AT&T Inc", "1 < 2"})
  void aSignThatHasToBeEscapedIsToldWithItsEscape(String text) throws Exception {
    folder.with("in/a.xml", "<r>\n<a>" + text + "</a></r>");
    assertThatThrownBy(
            () ->
                SqlJob.run(
                    stage("XMLExtract", "outputView: v, inputURI: \"" + folder.of("in") + "\"")))
        .hasStackTraceContaining("a.xml': line 2")
        .hasStackTraceContaining("an & that is meant as such is written &amp;");
  }
}
