package io.sqletl.engine.cli;

import static io.sqletl.engine.cli.CommandLineFixture.etl;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One rule of addresses, for what is read and what is written. */
class AddressTest {

  private static final String JOB =
      """
      stages = [
        { type: DelimitedExtract, name: e, environments: [test], outputView: v
          inputURI: "%1$s" }
        { type: DeltaLakeExtract, name: d, environments: [test], outputView: d
          inputURI: "%1$s" }
        { type: SQLTransform, name: s, environments: [test], outputView: s
          inputURI: "%1$s.sql" }
        { type: TypingTransform, name: t, environments: [test], outputView: t, inputView: v
          schemaURI: "%1$s.json" }
        { type: ParquetLoad, name: p, environments: [test], inputView: v
          outputURI: "%1$s" }
        { type: DeltaLakeLoad, name: l, environments: [test], inputView: v
          outputURI: "%1$s" }
        { type: TextLoad, name: x, environments: [test], inputView: v
          outputURI: "%1$s" }
      ]
      """;

  @TempDir private Path folder;

  private String check(String address) throws IOException {
    Path job = Files.writeString(folder.resolve("job.conf"), JOB.formatted(address));
    CommandLineFixture check =
        etl("check", "--lake", folder.resolve("lake").toString(), job.toString());
    assertThat(check.err()).doesNotContain("\tat ", "error of the engine");
    return check.err();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "s3a://bk/data|is no name for a bucket",
        "s3a://My-Bucket/data|is no name for a bucket",
        "s3a://my_bucket/data|is no name for a bucket",
        "s3a://a..b/data|is no name for a bucket",
        "s3a://-abc/data|is no name for a bucket",
        "s3a://192.168.0.1/data|is no name for a bucket",
        "s3a:name|names no bucket",
        "s3a:///data|names no bucket",
        "s3a://KEY:SECRET@bucket/data|Credentials stand in an address",
        "S3A://bucket/data|in small letters",
        "s3://bucket/data|write s3a://bucket/data",
        "file:data/x|is a relative path with a scheme",
        "file://data/x|names a file of the host",
        "~/data|only a shell knows",
        "C:/data/x|is a path of Windows",
        "C:\\\\data\\\\x|is a path of Windows",
        "data\\\\x|is a path of Windows",
      })
  void whatCannotBeThereIsSaidOfEveryKey(String address, String message) throws IOException {
    String told = check(address);

    for (int line : new int[] {3, 5, 7, 9, 11, 13, 15}) {
      assertThat(told).containsPattern("job.conf line " + line + ": [^\\n]*" + message);
    }
  }

  @Test
  void aColonInANameOfDataIsRefusedInOneLine() throws IOException {
    assertThat(check("s3a://bucket/2024-01-01T10:00:00"))
        .contains("job.conf line 3: ", "has a colon in the name")
        .contains("job.conf line 11: ");
    assertThat(check("2024-01-01T10:00:00.csv")).contains("has a colon in the name");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3a://bucket/with blank/x",
        "s3a://bucket/100%25/x",
        "s3a://bucket/a%20b+c#d/é",
        "s3a://my.bucket-2/x//y",
        "data/with blank",
        "/data/x",
        "file:///data/x y",
        "file:/data/x"
      })
  void whatMayBeThereIsTakenInInputsAndOutputsAlike(String address) throws IOException {
    assertThat(check(address))
        .doesNotContain("INVALID_VALUE", "UNSUPPORTED", "is no URI")
        .contains("FILE_NOT_FOUND");
  }

  @Test
  void aPatternIsNoPlaceToWrite() throws IOException {
    assertThat(check("s3a://bucket/*/x"))
        .containsPattern("job.conf line 11: [^\\n]*would be read as a pattern")
        .doesNotContainPattern("job.conf line 3: [^\\n]*pattern");
  }

  @ParameterizedTest
  @ValueSource(strings = {"in", "in/*.csv", "in/z*.csv"})
  void aFileWithAColonAmongOthersIsNamedInOneLine(String input) throws IOException {
    Files.createDirectories(folder.resolve("in"));
    Files.writeString(folder.resolve("in/2024-01-01T10:00:00.csv"), "a\n1\n");
    Files.writeString(folder.resolve("in/z.csv"), "a\n1\n");
    Path job =
        Files.writeString(
            folder.resolve("job.conf"),
            "stages = [{ type: DelimitedExtract, name: e, environments: [test], outputView: v,"
                + " header: true, inputURI: \""
                + folder
                + "/"
                + input
                + "\" }]");

    CommandLineFixture run = etl("run", "--log", "text", job.toString());

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err())
        .contains("2024-01-01T10:00:00.csv", "rename it")
        .doesNotContain("\tat ", "error of the engine");
  }

  @Test
  void aBlankIsWrittenAndReadAlike() throws IOException {
    Path job =
        Files.writeString(
            folder.resolve("job.conf"),
            """
            stages = [
              { type: SQLTransform, name: s, environments: [test], outputView: s, sql: "SELECT 7 AS a" }
              { type: ParquetLoad, name: p, environments: [test], inputView: s
                outputURI: "s3a://bucket/with blank+%%20#/x" }
              { type: ParquetExtract, name: e, environments: [test], outputView: back
                inputURI: "s3a://bucket/with blank+%%20#/x" }
            ]
            """
                .formatted());

    CommandLineFixture run =
        etl(
            "run",
            "--log",
            "text",
            "--show",
            "back",
            "--lake",
            folder.resolve("lake").toString(),
            job.toString());

    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("|  7|");
    assertThat(folder.resolve("lake/bucket/with blank+%20#/x")).isDirectory();
  }
}
