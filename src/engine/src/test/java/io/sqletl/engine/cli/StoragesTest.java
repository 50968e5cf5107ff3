package io.sqletl.engine.cli;

import static io.sqletl.engine.cli.CommandLineFixture.etl;
import static org.assertj.core.api.Assertions.assertThat;

import io.sqletl.engine.session.Lake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a job is told of its storages before Spark starts; the S3 server is that of a lake. */
class StoragesTest {

  @TempDir private static Path folder;

  private static Lake lake;
  private static Map<String, String> server;

  @BeforeAll
  static void serve() throws IOException {
    lake = Lake.at(folder.resolve("lake"));
    Path bucket = lake.createBucket("datalake");
    Files.writeString(bucket.resolve("all.sql"), "SELECT 1 AS n");
    Files.writeString(bucket.resolve("wrong.sql"), "SELEC 1 AS n");
    Files.writeString(
        bucket.resolve("job.conf"),
        "stages = [{type: SQLTransform, name: a, environments: [test], sql: \"SELECT 1\","
            + " outputView: a}]");
    server = lake.hadoopConfiguration();
  }

  @AfterAll
  static void close() {
    lake.close();
  }

  @Test
  void aSqlFileIsReadWithTheKeysOfItsStage() throws IOException {
    assertThat(check("all.sql", server.get("fs.s3a.secret.key")).out()).contains("is right");
    assertThat(check("wrong.sql", server.get("fs.s3a.secret.key")).err())
        .contains("s3a://datalake/wrong.sql line 1: ", "[SQL_SYNTAX]");
    assertThat(check("all.sql", "wrong").err())
        .contains("The file s3a://datalake/all.sql may not be read: ", "[FILE_NOT_FOUND]");
  }

  private static CommandLineFixture check(String file, String secret) throws IOException {
    Path job =
        Files.writeString(
            folder.resolve("job.conf"),
            """
            stages = [{
              type: SQLTransform, name: a, environments: [test], outputView: a
              inputURI: "s3a://datalake/%s"
              authentication: {
                method: AmazonAccessKey, accessKeyID: "%s", secretAccessKey: "%s"
                endpoint: "%s", sslEnabled: false
              }
            }]
            """
                .formatted(
                    file, server.get("fs.s3a.access.key"), secret, server.get("fs.s3a.endpoint")));
    return etl("check", "--s3", job.toString());
  }

  @Test
  void theJobItselfIsReadWithTheKeysOfTheRun() {
    String[] arguments = {
      "check",
      "--s3",
      "--etl.config.fs.s3a.access.key=" + server.get("fs.s3a.access.key"),
      "--etl.config.fs.s3a.secret.key=" + server.get("fs.s3a.secret.key"),
      "--etl.config.fs.s3a.endpoint=" + server.get("fs.s3a.endpoint"),
      "--etl.config.fs.s3a.connection.ssl.enabled=false",
      "s3a://datalake/job.conf"
    };

    assertThat(etl(arguments).out()).contains("s3a://datalake/job.conf is right: 1 stages run");

    arguments[3] = "--etl.config.fs.s3a.secret.key=wrong";
    CommandLineFixture denied = etl(arguments);
    assertThat(denied.status()).isEqualTo(ExitStatus.WRONG);
    assertThat(denied.err())
        .contains("The file s3a://datalake/job.conf may not be read: ", "[JOB_NOT_FOUND]");

    arguments[3] = "--etl.config.fs.s3a.connection.ssl.enabled=false";
    assertThat(etl(arguments).err())
        .contains(
            "The option fs.s3a.access.key is given without fs.s3a.secret.key, which it needs"
                + " [USAGE]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          s3://bucket/in.csv | write s3a://bucket/in.csv
          wasbs://c@a.blob.core.windows.net/in.csv | write abfss://CONTAINER@ACCOUNT
          adl://a.azuredatalakestore.net/in.csv | write abfss://CONTAINER@ACCOUNT
          abfss://c@a.dfs.core.windows.net/in.csv | add the jar of org.apache.hadoop:hadoop-azure:
          gs://bucket/in.csv | add the jar of com.google.cloud.bigdataoss:gcs-connector:
          """)
  void dataInAStorageThatCannotBeReachedIsRefusedWithTheWayOut(String uri, String remedy)
      throws IOException {
    Path job =
        Files.writeString(
            folder.resolve("refused.conf"),
            "stages = [{type: DelimitedExtract, name: a, environments: [test], outputView: a\n"
                + "inputURI: \""
                + uri
                + "\"}]");

    assertThat(etl("check", job.toString()).err())
        .contains("refused.conf line 2: \"" + uri + "\": ", remedy, "[UNSUPPORTED]");
  }

  @Test
  void anAuthenticationWhoseStorageIsGoneNamesTheOneToUse() throws IOException {
    Path job =
        Files.writeString(
            folder.resolve("gone.conf"),
            "stages = [{type: DelimitedExtract, name: a, environments: [test], outputView: a\n"
                + "inputURI: \"in.csv\"\n"
                + "authentication: {method: AzureSharedKey, accountName: a, signature: s3cr3t}}]");

    assertThat(etl("check", job.toString()).err())
        .contains(
            "gone.conf line 3: Authentication method 'AzureSharedKey' is refused: ",
            "use abfss: with AzureDataLakeStorageGen2AccountKey");
  }
}
