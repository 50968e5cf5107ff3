package io.sqletl.engine.stage.load;

import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.stage.Folder;
import io.sqletl.engine.stage.SqlJob;
import io.sqletl.engine.stage.StageException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Extracts read files of one format, and those of a table only with what knows the table. */
class MixedFormatsTest {

  @TempDir Path directory;
  private Folder folder;

  @BeforeEach
  void makeFolder() {
    folder = new Folder(directory);
  }

  private String extract(String type, String in) {
    return stage(type, "inputURI: \"" + folder.of(in) + "\", outputView: seen");
  }

  private void refused(String type, String in, String message) {
    assertThatThrownBy(() -> SqlJob.run(extract(type, in)))
        .isInstanceOf(StageException.class)
        .hasMessageContaining(message);
  }

  @Test
  void filesOfADeltaTableAreNotReadAsFiles() throws Exception {
    SqlJob.run(
        view("rows", "select 'x' as a, 1 as p")
            + stage(
                "DeltaLakeLoad",
                "inputView: rows, partitionBy: [p], outputURI: \"" + folder.of("t") + "\""));
    for (String type :
        new String[] {"ParquetExtract", "ORCExtract", "AvroExtract", "JSONExtract"}) {
      refused(type, "t", "Read it with DeltaLakeExtract.");
    }
    refused("DelimitedExtract", "t", "holds files of a Delta table");
    refused("TextExtract", "t", "holds files of a Delta table");
    refused("ParquetExtract", "t/p=1", "holds files of a Delta table");
    refused("ParquetExtract", "t/p=1/*.parquet", "holds files of a Delta table");
    SqlJob.run(extract("JSONExtract", "t/_delta_log/*.json"));
    SqlJob.run(extract("DeltaLakeExtract", "t"));
  }

  @Test
  void tablesOfOtherFormatsAreNamed() {
    folder.with("ice/metadata/v1.metadata.json", "{}").with("ice/data/a.parquet", "x");
    refused("ParquetExtract", "ice", "an Iceberg table");
    folder.with("hudi/.hoodie/hoodie.properties", "x").with("hudi/a.parquet", "x");
    refused("ParquetExtract", "hudi", "a Hudi table");
  }

  @Test
  void filesOfTwoFormatsAreNotReadTogether() throws Exception {
    folder.with("two/a.csv", "1,2\n").with("two/b.json", "{\"a\": 1}\n").with("two/c.txt", "1,2\n");
    refused("DelimitedExtract", "two", "as delimited text: it holds delimited text ('");
    refused("JSONExtract", "two", "JSON ('");
    SqlJob.run(extract("TextExtract", "two"));
    SqlJob.run(extract("DelimitedExtract", "two/*.csv"));
    folder.with("three/a.csv", "1,2\n").with("three/b.parquet", "PAR1");
    refused("DelimitedExtract", "three", "Parquet ('");
  }
}
