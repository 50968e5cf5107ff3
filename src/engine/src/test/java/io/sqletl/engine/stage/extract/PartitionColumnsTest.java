package io.sqletl.engine.stage.extract;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.spark;
import static io.sqletl.engine.stage.SqlJob.stage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.stage.Folder;
import io.sqletl.engine.stage.SqlJob;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of folders become values without losing anything of the name. */
class PartitionColumnsTest {

  @TempDir Path directory;

  private void write(Folder folder, String format, String... names) {
    for (String name : names) {
      if (format.equals("parquet") || format.equals("orc") || format.equals("avro")) {
        spark().range(1).coalesce(1).write().format(format).save(folder + "/in/k=" + name);
      } else if (format.equals("text")) {
        folder.with("in/k=" + name + "/a.txt", "x\n");
      } else {
        folder.with(
            "in/k=" + name + "/a." + format, format.equals("json") ? "{\"id\":0}" : "id\n0\n");
      }
    }
  }

  private void extract(Folder folder, String type, String keys) throws Exception {
    SqlJob.run(stage(type, "outputView: v, inputURI: \"" + folder + "/in\"\n" + keys));
  }

  private static String type() {
    return spark().table("v").schema().apply("k").dataType().simpleString();
  }

  @ParameterizedTest
  @CsvSource({
    "0123, 9, string",
    "1e3, 2, string",
    "1.10, 2.5, string",
    "+5, 5, string",
    "12, 7, int",
    "3000000000, 7, bigint",
    "12345678901234567890, 1, string",
    "2024-02-29, 2024-03-01, date",
    "2024-2-9, 2024-03-01, string",
    "true, false, string",
  })
  void aNameIsANumberOrADateOnlyWhereNothingOfItIsLost(String one, String other, String expected)
      throws Exception {
    Folder folder = new Folder(directory);
    write(folder, "parquet", one, other, "__HIVE_DEFAULT_PARTITION__");
    extract(folder, "ParquetExtract", "");
    assertThat(type()).isEqualTo(expected);
    assertThat(rows("select cast(k as string) from v"))
        .containsExactlyInAnyOrder("[" + one + "]", "[" + other + "]", "[null]");
  }

  @ParameterizedTest
  @CsvSource({
    "ParquetExtract, parquet",
    "ORCExtract, orc",
    "AvroExtract, avro",
    "JSONExtract, json",
    "DelimitedExtract, csv",
    "TextExtract, text"
  })
  void everyFormatKeepsLeadingZeros(String type, String format) throws Exception {
    Folder folder = new Folder(directory);
    write(folder, format, "0123");
    extract(folder, type, "");
    assertThat(type()).isEqualTo("string");
    assertThat(rows("select k from v where k = '0123'")).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ParquetExtract", "ORCExtract"})
  void theSchemaSaysTheType(String type) throws Exception {
    Folder folder =
        new Folder(directory)
            .with(
                "schema.conf",
                "[{name: id, type: long, nullable: true},{name: k, type: string, nullable: true}]");
    write(folder, type.startsWith("Parquet") ? "parquet" : "orc", "7", "8");
    extract(folder, type, "schemaURI: \"" + folder + "/schema.conf\"");
    assertThat(type()).isEqualTo("string");
  }

  /** Keys with the schemas that they name. */
  private static String with(Folder folder, String keys) {
    String id = "{name: id, type: integer, nullable: true}";
    folder
        .with("id.conf", "[" + id + "]")
        .with("both.conf", "[" + id + ", {name: k, type: integer, nullable: true}]")
        .with("text.conf", "[" + id + ", {name: k, type: string, nullable: true}]");
    return keys.replaceAll("\\$\\{DIR}(\\S*)", "\"" + folder + "$1\"");
  }

  @ParameterizedTest
  @CsvSource({
    "ParquetExtract, parquet, ''",
    "ORCExtract, orc, ''",
    "AvroExtract, avro, ''",
    "JSONExtract, json, ''",
    "JSONExtract, json, 'schemaURI: ${DIR}/id.conf'",
    "JSONExtract, json, 'schemaURI: ${DIR}/both.conf'",
    "DelimitedExtract, csv, 'header: true'",
    "DelimitedExtract, csv, 'header: true, multiLine: true'"
  })
  void aColumnThatAFolderHidesIsTold(String type, String format, String keys) throws Exception {
    Folder folder = new Folder(directory);
    if (type.equals("ParquetExtract") || type.equals("ORCExtract") || type.equals("AvroExtract")) {
      spark().sql("select 7 as K, 0 as id").write().format(format).save(folder + "/in/k=1");
    } else {
      folder.with(
          "in/k=1/a." + format, format.equals("json") ? "{\"K\":7,\"id\":0}" : "K,id\n7,0\n");
    }
    SqlJob job =
        SqlJob.run(
            stage(type, "outputView: v, inputURI: \"" + folder + "/in\"\n" + with(folder, keys)));
    assertThat(rows("select k, id from v")).containsExactly("[1,0]");
    assertThat(job.runWarnings())
        .singleElement()
        .satisfies(
            warning ->
                assertThat(warning.message())
                    .endsWith("the values of the folders are read, and not those of the files"));
  }

  @ParameterizedTest
  @CsvSource({
    "ParquetExtract, parquet, ''",
    "ORCExtract, orc, ''",
    "AvroExtract, avro, ''",
    "JSONExtract, json, 'schemaURI: ${DIR}/text.conf'",
    "DelimitedExtract, csv, 'header: true, multiLine: true'"
  })
  void aFolderThatHidesNothingIsNothingToSpeakOf(String type, String format, String keys)
      throws Exception {
    Folder folder = new Folder(directory);
    write(folder, format, "0123");
    SqlJob job =
        SqlJob.run(
            stage(type, "outputView: v, inputURI: \"" + folder + "/in\"\n" + with(folder, keys)));
    assertThat(rows("select cast(k as string) from v")).containsOnly("[0123]");
    assertThat(job.runWarnings()).isEmpty();
  }

  @Test
  void aFolderAboveTheInputIsNoColumnUnlessBasePathSaysSo() throws Exception {
    Folder folder = new Folder(directory);
    write(folder, "parquet", "07");
    SqlJob.run(stage("ParquetExtract", "outputView: v, inputURI: \"" + folder + "/in/k=07\""));
    assertThat(spark().table("v").columns()).containsExactly("id", "_filename", "_index");
    SqlJob.run(
        stage(
            "ParquetExtract",
            "outputView: v, inputURI: \""
                + folder
                + "/in/k=07\", basePath: \""
                + folder
                + "/in\""));
    assertThat(rows("select k from v")).containsExactly("[07]");
  }

  @ParameterizedTest
  @CsvSource({
    "ParquetExtract, parquet",
    "ORCExtract, orc",
    "JSONExtract, json",
    "DelimitedExtract, csv",
    "TextExtract, text"
  })
  void charactersThatAreWrittenAsBytesOfUtf8AreRead(String type, String format) throws Exception {
    Folder folder = new Folder(directory);
    String[] names = {
      "Z%C3%BCrich", "S%C3%A3o%20Paulo", "%E6%9D%B1%E4%BA%AC", "100%25", "Genève", "a%2Fb", "caf%E9"
    };
    if (format.equals("parquet") || format.equals("orc")) {
      spark().range(1).coalesce(1).write().format(format).save(folder + "/one");
      Path one =
          directory
              .resolve("one")
              .resolve(
                  folder.files("one").stream()
                      .filter(n -> n.startsWith("part-"))
                      .findFirst()
                      .get());
      for (String name : names) {
        Path to = directory.resolve("in/stra%C3%9Fe=" + name);
        Files.createDirectories(to);
        Files.copy(one, to.resolve("a." + format));
      }
    } else {
      write(folder, format, names);
      Files.walk(directory.resolve("in"), 1)
          .filter(path -> path.getFileName().toString().startsWith("k="))
          .toList()
          .forEach(
              path ->
                  path.toFile()
                      .renameTo(
                          path.resolveSibling(
                                  path.getFileName().toString().replace("k=", "stra%C3%9Fe="))
                              .toFile()));
    }
    extract(folder, type, format.equals("csv") ? "header: true" : "");
    assertThat(rows("select `straße` from v"))
        .containsExactlyInAnyOrder(
            "[Zürich]", "[São Paulo]", "[東京]", "[100%]", "[Genève]", "[a/b]", "[café]");
    assertThat(rows("select count(*) from v where `straße` = 'Zürich'")).containsExactly("[1]");
  }

  @ParameterizedTest
  @CsvSource({
    "ParquetExtract, parquet",
    "ORCExtract, orc",
    "AvroExtract, avro",
    "JSONExtract, json",
    "DelimitedExtract, csv",
    "TextExtract, text"
  })
  void aFileBesideTheFoldersIsRefused(String type, String format) throws Exception {
    Folder folder = new Folder(directory);
    write(folder, format, "1");
    String part =
        folder.files("in/k=1").stream().filter(name -> !name.startsWith("_")).findFirst().get();
    Path loose = directory.resolve("in").resolve("loose" + part.substring(part.indexOf('.')));
    Files.copy(directory.resolve("in/k=1").resolve(part), loose);
    assertThatThrownBy(() -> extract(folder, type, ""))
        .hasMessageContaining(loose + "' lies beside the folders k=…");
    SqlJob.run(
        stage(type, "outputView: v, inputURI: \"" + folder + "/in/*" + loose.getFileName() + "\""));
    assertThat(rows("select * from v")).isNotEmpty();
  }

  @Test
  void aFolderWithoutAValueIsTold(@TempDir java.nio.file.Path folder) {
    for (String name : java.util.List.of("k=", "k=1")) {
      io.sqletl.engine.stage.SqlJob.spark()
          .range(1)
          .write()
          .parquet(folder.resolve("in").resolve(name).toString());
    }
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () ->
                io.sqletl.engine.stage.SqlJob.run(
                    io.sqletl.engine.stage.SqlJob.stage(
                        "ParquetExtract",
                        "outputView: v, inputURI: \"" + folder.resolve("in").toUri() + "\"")))
        .hasMessageContaining("its folder 'k=' has no value behind")
        .hasMessageContaining("__HIVE_DEFAULT_PARTITION__")
        .hasMessageNotContaining("assertion failed");
  }
}
