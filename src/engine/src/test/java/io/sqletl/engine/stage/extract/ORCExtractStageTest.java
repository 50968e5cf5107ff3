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
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hive.ql.exec.vector.BytesColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.LongColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;
import org.apache.orc.CompressionKind;
import org.apache.orc.OrcFile;
import org.apache.orc.TypeDescription;
import org.apache.orc.Writer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ORC that ORC's own library wrote. */
class ORCExtractStageTest {

  private static final String SCHEMA = "[ {name: id, type: long, nullable: true} ]";

  @TempDir Path directory;
  private Folder folder;

  @BeforeEach
  void makeFolder() throws IOException {
    folder = new Folder(directory).with("schema.conf", SCHEMA);
    Files.createDirectories(directory.resolve("in"));
  }

  private void write(String name, String type, int rows) throws IOException {
    TypeDescription schema = TypeDescription.fromString(type);
    try (Writer writer =
        OrcFile.createWriter(
            new org.apache.hadoop.fs.Path(folder.of(name)),
            OrcFile.writerOptions(new Configuration())
                .setSchema(schema)
                .compress(CompressionKind.ZLIB))) {
      VectorizedRowBatch batch = schema.createRowBatch();
      LongColumnVector ids = (LongColumnVector) batch.cols[0];
      for (int i = 0; i < rows; i++) {
        ids.vector[i] = i + 1L;
        if (batch.cols.length > 1) {
          ((BytesColumnVector) batch.cols[1])
              .setVal(i, ("ü" + (i + 1)).getBytes(StandardCharsets.UTF_8));
        }
      }
      batch.size = rows;
      writer.addRowBatch(batch);
    }
  }

  private SqlJob extract(String keys) throws Exception {
    return SqlJob.run(
        stage("ORCExtract", "outputView: orc, inputURI: \"" + folder.of("in") + "\"\n" + keys));
  }

  @Test
  void columnsOfAllFilesAreMergedAndRowsNumberedInTheirFile() throws Exception {
    write("in/a.orc", "struct<id:bigint,`na me`:string>", 2);
    write("in/b.orc", "struct<id:bigint>", 3);
    SqlJob job = extract("");
    assertThat(
            rows(
                "select regexp_extract(_filename, '[^/]+$', 0), _index, id, `na me` from orc"
                    + " order by 1, 2"))
        .containsExactly(
            "[a.orc,1,1,ü1]",
            "[a.orc,2,2,ü2]",
            "[b.orc,1,1,null]",
            "[b.orc,2,2,null]",
            "[b.orc,3,3,null]");
    assertThat(job.detail()).containsEntry("inputFiles", 2);
  }

  @Test
  void columnsOfTwoTypesHaveTheOneThatHoldsBoth() throws Exception {
    write("in/a.orc", "struct<id:int,name:string>", 2);
    write("in/b.orc", "struct<ID:bigint>", 1);
    SqlJob job = extract("");
    assertThat(rows("select id, name, _index from orc order by name nulls first, id"))
        .containsExactly("[1,null,1]", "[1,ü1,1]", "[2,ü2,2]");
    assertThat(spark().table("orc").schema().apply("id").dataType().simpleString())
        .isEqualTo("bigint");
    assertThat(job.runWarnings())
        .anyMatch(warning -> warning.message().contains("'id' is int and bigint in different"));
    write("in/c.orc", "struct<id:date>", 1);
    assertThatThrownBy(() -> extract(""))
        .hasMessageContaining("column 'id' is bigint in 'file:")
        .hasMessageContaining("/in/c.orc', and no type holds both");
  }

  @Test
  void aTypeThatSparkDoesNotHaveIsNamedWithItsColumnAndFile() throws Exception {
    write("in/a.orc", "struct<id:int,at:timestamp with local time zone>", 0);
    assertThatThrownBy(() -> extract(""))
        .hasMessageContaining("cannot read column 'at' of 'file:")
        .hasMessageContaining("a.orc': Spark has no type for timestamp with local time zone");
  }

  @Test
  void aFileWithoutAByteIsAFileWithoutRows() throws Exception {
    folder.with("in/blank.orc", "");
    SqlJob job = extract("schemaURI: \"" + folder.of("schema.conf") + "\"");
    assertThat(rows("select id, _index from orc")).isEmpty();
    assertThat(job.detail()).containsEntry("records", 0);
    write("in/a.orc", "struct<id:bigint>", 1);
    job = extract("");
    assertThat(rows("select id, _index from orc")).containsExactly("[1,1]");
    assertThat(job.runWarnings())
        .extracting(Problem::code, Problem::message)
        .containsExactly(
            tuple(ErrorCode.FILES_NOT_READ, "1 file is not read, having no byte: 'blank.orc'"));
  }

  @Test
  void namesOfAnyKindAreWrittenAndReadBack() throws Exception {
    SqlJob.run(
        view("v", "select 1 as `a.b`, 2 as `c d`, 3 as `größe`, null as n")
            + stage("ORCLoad", "inputView: v, outputURI: \"" + folder.of("in") + "\""));
    extract("");
    assertThat(rows("select `a.b`, `c d`, `größe`, _index from orc")).containsExactly("[1,2,3,1]");
    assertThatThrownBy(
            () ->
                SqlJob.run(
                    view("v", "select named_struct('e`f', 4) as s")
                        + stage("ORCLoad", "inputView: v, outputURI: \"" + folder.of("no") + "\"")))
        .hasMessage(
            "ORCLoad cannot write the column 'e`f' of inputView 'v': Spark writes no back-tick in"
                + " names of ORC; rename it in a SQLTransform.");
  }
}
