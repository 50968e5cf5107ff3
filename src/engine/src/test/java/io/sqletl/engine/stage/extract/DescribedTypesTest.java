package io.sqletl.engine.stage.extract;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.spark;
import static io.sqletl.engine.stage.SqlJob.stage;
import static org.assertj.core.api.Assertions.assertThat;

import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.Folder;
import io.sqletl.engine.stage.SqlJob;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A schema beside files that say their types describes them, and where it differs it is told. */
class DescribedTypesTest {

  @TempDir Path directory;

  private List<String> extract(String type, String schema) throws Exception {
    Folder folder = new Folder(directory).with("schema.conf", schema);
    SqlJob job =
        SqlJob.run(
            stage(
                type,
                "outputView: v, inputURI: \""
                    + folder
                    + "/in\", schemaURI: \""
                    + folder.of("schema.conf")
                    + "\""));
    return job.runWarnings().stream().map(Problem::message).toList();
  }

  private void write(String format, String select) {
    spark().sql(select).coalesce(1).write().format(format).save(directory + "/in");
  }

  @ParameterizedTest
  @CsvSource({"ParquetExtract, parquet", "ORCExtract, orc", "AvroExtract, avro"})
  void typesAndColumnsThatDifferAreToldOnce(String type, String format) throws Exception {
    write(
        format,
        "select 1.5D as amount, 7 as id, 'x' as more, named_struct('a', 1, 'b', 2L) as s,"
            + " array(1L) as l");
    assertThat(
            extract(
                type,
                "[{name: id, type: integer, nullable: true},"
                    + " {name: amount, type: decimal, precision: 9, scale: 2, nullable: true},"
                    + " {name: day, type: string, nullable: true},"
                    + " {name: s, type: struct, nullable: true, fields: ["
                    + "  {name: a, type: string, nullable: true},"
                    + "  {name: b, type: long, nullable: true}]},"
                    + " {name: l, type: array, nullable: true,"
                    + "  elementType: {name: e, type: integer, nullable: true}}]"))
        .singleElement()
        .asString()
        .contains(
            "does not type them",
            "'amount' is double in the files and decimal(9,2) in the schema",
            "'day' is only in the schema",
            "'more' is only in the files",
            "'s.a' is int in the files and string in the schema",
            "'l[]' is bigint in the files and int in the schema")
        .doesNotContain("'id'", "'s.b'");
    assertThat(rows("select amount from v")).containsExactly("[1.5]");
  }

  @ParameterizedTest
  @CsvSource({"ParquetExtract, parquet", "ORCExtract, orc"})
  void whatASchemaCannotSayIsNoDifference(String type, String format) throws Exception {
    spark()
        .sql(
            "select 1S as n, 1.5F as f, timestamp_ntz'2024-03-31 02:30:00' as t, true as b,"
                + " 'x' as Name, 7 as k")
        .write()
        .partitionBy("k")
        .format(format)
        .save(directory + "/in");
    assertThat(
            extract(
                type,
                "[{name: n, type: integer, nullable: true},"
                    + " {name: f, type: double, nullable: true},"
                    + " {name: t, type: timestamp, formatters: [\"uuuu-MM-dd HH:mm:ss\"],"
                    + "  timezoneId: UTC, nullable: true},"
                    + " {name: b, type: boolean, trueValues: [\"true\"], falseValues: [\"false\"], nullable: true},"
                    + " {name: name, type: string, nullable: false},"
                    + " {name: k, type: string, nullable: true}]"))
        .isEmpty();
  }

  @Test
  void aTableOfDeltaThatDiffersIsTold() throws Exception {
    write("delta", "select 1.5D as amount, 7 as id");
    assertThat(
            extract(
                "DeltaLakeExtract",
                "[{name: id, type: integer, nullable: true},"
                    + " {name: amount, type: string, nullable: true}]"))
        .singleElement()
        .asString()
        .contains(
            "describes the columns of the table", "'amount' is double in the table and string in");
  }

  @Test
  void aTableOfADatabaseThatDiffersIsTold() throws Exception {
    Folder folder =
        new Folder(directory)
            .with(
                "schema.conf",
                "[{name: N, type: string, nullable: true}, {name: more, type: string, nullable:"
                    + " true}]");
    SqlJob job =
        SqlJob.run(
            stage(
                "JDBCExtract",
                "outputView: v, jdbcURL: \"jdbc:h2:mem:\", tableName: \"(select 1 as N) t\","
                    + " schemaURI: \""
                    + folder.of("schema.conf")
                    + "\""));
    assertThat(job.runWarnings())
        .extracting(Problem::message)
        .singleElement()
        .asString()
        .contains("'N' is int in the table and string in", "'more' is only in the schema");
  }
}
