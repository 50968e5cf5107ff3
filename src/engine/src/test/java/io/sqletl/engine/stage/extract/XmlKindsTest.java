package io.sqletl.engine.stage.extract;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.stage;
import static org.assertj.core.api.Assertions.assertThat;

import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.SqlJob;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Elements that documents write with text, and with elements. */
class XmlKindsTest {

  @TempDir Path directory;

  private List<String> read(String... documents) throws Exception {
    Path in = Files.createDirectories(directory.resolve("in"));
    for (int i = 0; i < documents.length; i++) {
      Files.writeString(in.resolve(i + ".xml"), documents[i]);
    }
    return SqlJob.run(stage("XMLExtract", "outputView: v, inputURI: \"" + in + "\""))
        .runWarnings()
        .stream()
        .map(Problem::message)
        .map(message -> message.substring(message.indexOf(": ") + 2))
        .toList();
  }

  @Test
  void bothAreTold() throws Exception {
    assertThat(
            read(
                "<r><a>text</a><s><b>1</b></s></r>",
                "<r><a><b>1</b></a><s><b><c>2</c></b></s></r>"))
        .containsExactly(
            "the documents have text and elements within one element, which is therefore read as"
                + " text with its markup: 'a' is elements in 1.xml and text in 0.xml; 's.b' is"
                + " elements in 1.xml and text in 0.xml");
    assertThat(rows("select a from v order by 1")).containsExactly("[<b>1</b>]", "[text]");
  }

  @Test
  void markupWithinTextAndEmptyElementsAreNot() throws Exception {
    assertThat(
            read(
                "<r><a><![CDATA[<b>1</b>]]></a><s/><l>1</l><l>2 &lt; 3</l></r>",
                "<r><a>&lt;b&gt;</a><s><b>1</b></s><l>3</l></r>"))
        .isEmpty();
  }
}
