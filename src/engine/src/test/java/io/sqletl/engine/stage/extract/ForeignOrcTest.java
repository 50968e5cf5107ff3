package io.sqletl.engine.stage.extract;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.spark;
import static io.sqletl.engine.stage.SqlJob.stage;
import static org.assertj.core.api.Assertions.assertThat;

import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.Folder;
import io.sqletl.engine.stage.SqlJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hive.ql.exec.vector.ColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.ListColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.LongColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.MapColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.StructColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.TimestampColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;
import org.apache.orc.OrcFile;
import org.apache.orc.TypeDescription;
import org.apache.orc.Writer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ORC of other writers than Spark: what a microsecond cannot hold is told. */
class ForeignOrcTest {

  private static final long SECOND = 1_711_852_200L;

  @TempDir Path directory;

  @BeforeEach
  void makeFolder() throws IOException {
    Files.createDirectories(directory.resolve("in"));
  }

  /** Writes the same times into every column, as each of its rows; -1 is null. */
  private void write(String name, String type, int... nanos) throws IOException {
    TypeDescription schema = TypeDescription.fromString(type);
    try (Writer writer =
        OrcFile.createWriter(
            new org.apache.hadoop.fs.Path(directory.resolve("in").resolve(name).toUri()),
            OrcFile.writerOptions(new Configuration()).setSchema(schema))) {
      for (int i = 0; i < nanos.length; i++) {
        VectorizedRowBatch batch = schema.createRowBatch();
        batch.size = 1;
        for (ColumnVector column : batch.cols) {
          set(column, i, nanos[i]);
        }
        writer.addRowBatch(batch);
      }
    }
  }

  private static void set(ColumnVector column, int row, int nanos) {
    if (column instanceof TimestampColumnVector times) {
      times.noNulls = nanos >= 0;
      times.isNull[0] = nanos < 0;
      times.time[0] = (SECOND + row) * 1000 + Math.max(nanos, 0) / 1_000_000;
      times.nanos[0] = Math.max(nanos, 0);
    } else if (column instanceof LongColumnVector numbers) {
      numbers.vector[0] = row;
    } else if (column instanceof StructColumnVector struct) {
      set(struct.fields[0], row, nanos);
    } else if (column instanceof ListColumnVector list) {
      list.lengths[0] = 1;
      list.childCount = 1;
      set(list.child, row, nanos);
    } else if (column instanceof MapColumnVector map) {
      map.lengths[0] = 1;
      map.childCount = 1;
      set(map.keys, row, nanos);
      set(map.values, row, nanos);
    }
  }

  private List<String> warnings() throws Exception {
    SqlJob job =
        SqlJob.run(
            stage("ORCExtract", "outputView: v, inputURI: \"" + new Folder(directory) + "/in\""));
    return job.runWarnings().stream().map(Problem::message).toList();
  }

  private static final String ALL =
      "struct<id:int,t:timestamp,s:struct<u:timestamp>,l:array<timestamp>,m:map<int,timestamp>>";

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void nanosecondsAreCutToMicrosecondsAndTold(boolean areInFooter) throws Exception {
    // The footer has the earliest and the latest; those between are seen in the first rows
    if (areInFooter) {
      write("a.orc", ALL, 123_456_789, 5_000);
    } else {
      write("a.orc", ALL, 5_000, 123_456_789, -1, 7_000);
    }
    assertThat(warnings())
        .hasSize(4)
        .allMatch(text -> text.endsWith("has nanoseconds, and is cut to microseconds"))
        .anyMatch(text -> text.contains("column 't'"))
        .anyMatch(text -> text.contains("column 's'"))
        .anyMatch(text -> text.contains("column 'l'"))
        .anyMatch(text -> text.contains("column 'm'"));
    assertThat(
            rows(
                "select date_format(t, 'ss.SSSSSSSSS') from v where id = " + (areInFooter ? 0 : 1)))
        .containsExactly(areInFooter ? "[00.123456000]" : "[01.123456000]");
  }

  @Test
  void nanosecondsOfALaterFileAreToldByItsFooter() throws Exception {
    for (int i = 10; i < 30; i++) {
      write(i + ".orc", "struct<id:int,t:timestamp>", 5_000);
    }
    write("99.orc", "struct<id:int,t:timestamp>", 123_456_789);
    assertThat(warnings()).singleElement().asString().contains("column 't' has nanoseconds");
  }

  @Test
  void timesOfMicrosecondsAreNothingToSpeakOf() throws Exception {
    write("a.orc", ALL, 123_456_000, 0, -1, 999_999_000);
    write("b.orc", ALL);
    assertThat(warnings()).isEmpty();
    spark()
        .sql("select 1 as id, timestamp'2024-03-31 02:30:00.123456' as t")
        .write()
        .orc(directory.resolve("in/day=1").toString());
    assertThat(warnings()).noneMatch(text -> text.contains("nanoseconds"));
  }

  /** Written by pyarrow 26.0.1: d with 1500-01-01 and 2020-01-01, s with 0001-01-01 within. */
  private static final String OF_PYARROW =
      "T1JDEQAACgYSBAgCUAAvAAAKFQoDAAAAEg4IAjoICJ/6FBCsnQJQABEAAAoGEgQIAlAALgAA45LkYmeAACE+DkYrDo7P"
          + "T8IFgDiAEQARAABuAQU9HwCOrAUAAP+ACwAAbgAV8nNqAADjYuNgE2CQ4OYC0YwSUmCaCcpnBvMZgeIgeQYBZglW"
          + "MJ9ZgkOIBchnAJJMYBLOlmJ29w0BAEoAAOPS4WLhYApg4OLjYLLi4Jj/S0RgzVwQHybKCBT9/CRcAIgDGAHKAADj"
          + "YBaYxSjFxcEs4CUhoWChwaQkxMEjxMTIJMWYIsVYrMCgwWDAoMTBwQ9l8QFlGZmlGEvQZQyYrFg4mAIYrPg4mKw4"
          + "OOb/EhFYMxfEh4kyAkU/PwkXAOIARocJfh6MSaxGekAIAAhoEAEYgIAEIgIADCgoMAaC9AMDT1JDFw==";

  @Test
  void oldDaysOfAWriterThatDoesNotSayItsCalendarAreTold() throws Exception {
    Files.write(directory.resolve("in/a.orc"), Base64.getDecoder().decode(OF_PYARROW));
    SqlJob job =
        SqlJob.run(stage("ORCExtract", "inputURI: \"" + directory + "/in\", outputView: v"));
    assertThat(job.runWarnings())
        .extracting(Problem::message)
        .satisfiesExactly(
            message -> assertThat(message).contains("column 'd' has days before 1582-10-15"),
            message -> assertThat(message).contains("column 's' has days before 1582-10-15"));
  }
}
