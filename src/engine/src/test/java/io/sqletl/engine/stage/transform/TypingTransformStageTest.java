package io.sqletl.engine.stage.transform;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.stage;
import static org.assertj.core.api.Assertions.assertThat;

import io.sqletl.engine.stage.Folder;
import io.sqletl.engine.stage.SqlJob;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TypingTransformStageTest {

  private static final String SCHEMA =
      """
      [ {name: id, type: integer, nullable: true},
        {name: price, type: decimal, precision: 5, scale: 2, nullable: true} ]
      """;

  @TempDir Path directory;

  @Test
  void extractTypeLoad() throws Exception {
    Folder folder = new Folder(directory).with("in.csv", "1,2.50\nx,3,4\n").with("s.json", SCHEMA);
    SqlJob.run(
        stage("DelimitedExtract", "inputURI: \"" + folder.of("in.csv") + "\", outputView: raw")
            + stage(
                "TypingTransform",
                "inputView: raw, outputView: typed, schemaURI: \"" + folder.of("s.json") + "\"")
            + stage(
                "ParquetLoad", "inputView: typed, outputURI: \"" + folder.of("out.parquet") + "\"")
            + stage(
                "ParquetExtract",
                "inputURI: \"" + folder.of("out.parquet") + "\", outputView: again"));
    assertThat(rows("select id, price, _index, _errors from again order by _index"))
        .containsExactly(
            "[1,2.50,1,ArraySeq()]",
            "[null,3.00,2,ArraySeq([id,Unable to convert 'x' to integer using formatters"
                + " ['#,##0;-#,##0']])]");
  }
}
