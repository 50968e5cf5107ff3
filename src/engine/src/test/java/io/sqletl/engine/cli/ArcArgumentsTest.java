package io.sqletl.engine.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.job.JobException;
import io.sqletl.engine.job.JobOptions;
import io.sqletl.engine.session.Authentication;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Arc's options of a run, each on the command line and in the environment. */
class ArcArgumentsTest {

  @ParameterizedTest
  @CsvSource({
    "etl.config.streaming, ETL_CONF_STREAMING, true",
    "etl.config.ignoreEnvironments, ETL_CONF_IGNORE_ENVIRONMENTS, true",
    "etl.config.immutableViews, ETL_CONF_IMMUTABLE_VIEWS, true",
    "etl.config.storageLevel, ETL_CONF_STORAGE_LEVEL, disk_only",
    "etl.policy.inline.sql, ETL_POLICY_INLINE_SQL, false",
    "etl.policy.inline.schema, ETL_POLICY_INLINE_SCHEMA, false",
    "etl.policy.ipynb, ETL_POLICY_IPYNB, false",
    "etl.policy.drop.unsupported, ETL_POLICY_DROP_UNSUPPORTED, FALSE",
  })
  void anOptionOfTheJobIsHeardEitherWay(String name, String variable, String value) {
    JobOptions plain = options(Map.of(), Map.of());

    JobOptions byName = options(Map.of(name, value), Map.of());
    JobOptions byVariable = options(Map.of(), Map.of(variable, value));

    assertThat(byName).isEqualTo(byVariable).isNotEqualTo(plain);
    assertThat(options(Map.of(name, value), Map.of(variable, "true"))).isEqualTo(byName);
  }

  @Test
  void storageLevelsAreReadWhateverTheirCase() {
    assertThat(options(Map.of("etl.config.storageLevel", " disk_only "), Map.of()).storageLevel())
        .isEqualTo("DISK_ONLY");
  }

  @ParameterizedTest
  @CsvSource({
    "etl.config.uri, ETL_CONF_URI",
    "etl.config.environment, ETL_CONF_ENV",
    "etl.config.job.id, ETL_CONF_JOB_ID",
    "etl.config.job.name, ETL_CONF_JOB_NAME",
    "etl.config.tags, ETL_CONF_TAGS",
    "etl.config.lintOnly, ETL_CONF_LINT_ONLY",
    "etl.config.enableStackTrace, ETL_CONF_ENABLE_STACKTRACE",
  })
  void anOptionOfTheRunIsHeardEitherWay(String name, String variable) {
    String value = name.endsWith("tags") ? "a=b" : name.matches(".*(Only|Trace)") ? "true" : "x";

    assertThat(heard(new ArcArguments(Map.of(name, value), Map.of())))
        .isEqualTo(heard(new ArcArguments(Map.of(), Map.of(variable, value))))
        .isNotEqualTo(heard(new ArcArguments(Map.of(), Map.of())));
  }

  private static List<Object> heard(ArcArguments arc) {
    return List.of(
        arc.jobUri(),
        arc.environmentName(),
        arc.jobId(),
        arc.logFields(),
        arc.lintOnly(),
        arc.stackTrace());
  }

  @ParameterizedTest
  @CsvSource({
    "s3a://b/j, fs.s3a.access.key, ETL_CONF_S3A_ACCESS_KEY, fs.s3a.secret.key,"
        + " ETL_CONF_S3A_SECRET_KEY",
    "s3a://b/j, fs.s3a.encryption.algorithm=SSE-KMS, ETL_CONF_S3A_ENCRYPTION_ALGORITHM=SSE-KMS,"
        + " fs.s3a.kms.arn, ETL_CONF_S3A_KMS_ARN",
    "s3a://b/j, fs.s3a.encryption.algorithm=SSE-C, ETL_CONF_S3A_ENCRYPTION_ALGORITHM=SSE-C,"
        + " fs.s3a.custom.key, ETL_CONF_S3A_CUSTOM_KEY",
    "s3a://b/j, fs.s3a.endpoint, ETL_CONF_S3A_ENDPOINT, fs.s3a.connection.ssl.enabled=false,"
        + " ETL_CONF_S3A_CONNECTION_SSL_ENABLED=false",
    "abfss://c@a/j, fs.dfs.account.name, ETL_CONF_DFS_ACCOUNT_NAME, fs.dfs.access.key,"
        + " ETL_CONF_DFS_ACCESS_KEY",
    "gs://b/j, fs.gs.project.id, ETL_CONF_GOOGLE_CLOUD_PROJECT_ID,"
        + " fs.google.cloud.auth.service.account.json.keyfile,"
        + " ETL_CONF_GOOGLE_CLOUD_AUTH_SERVICE_ACCOUNT_JSON_KEYFILE",
  })
  void credentialsForTheJobsFileAreHeardEitherWay(
      String uri, String name1, String variable1, String name2, String variable2) {
    Authentication byName = file(uri, Map.of(), name1, name2);
    Authentication byVariable = file(uri, null, variable1, variable2);

    assertThat(byName.isNone()).isFalse();
    assertThat(byName.hadoopSettings(uri)).isEqualTo(byVariable.hadoopSettings(uri)).isNotEmpty();
  }

  private static Authentication file(String uri, Map<String, String> names, String... pairs) {
    Map<String, String> given = new java.util.HashMap<>();
    for (String pair : pairs) {
      String[] parts = pair.split("=");
      given.put(
          names == null ? parts[0] : "etl.config." + parts[0],
          parts.length > 1 ? parts[1] : "value");
    }
    ArcArguments arc =
        names == null ? new ArcArguments(Map.of(), given) : new ArcArguments(given, Map.of());
    arc.check();
    return arc.jobFileAccess().authentication(uri);
  }

  @Test
  void whatIsNoOptionIsRefused() {
    ArcArguments arc =
        new ArcArguments(
            Map.of("etl.config.enviroment", "x", "etl.policy.inline.sql", "no"),
            Map.of("ETL_CONF_STORAGE_LEVEL", "MEMORY", "ETL_CONF_ANYTHING", "is a variable"));

    assertThatThrownBy(arc::check)
        .isInstanceOfSatisfying(
            JobException.class,
            e ->
                assertThat(e.problems())
                    .extracting(problem -> problem.headline())
                    .satisfiesExactlyInAnyOrder(
                        text ->
                            assertThat(text)
                                .isEqualTo(
                                    "There is no option --etl.config.enviroment; did you mean"
                                        + " \"etl.config.environment\"? [USAGE]"),
                        text ->
                            assertThat(text)
                                .isEqualTo(
                                    "--etl.policy.inline.sql must be true or false, not \"no\""
                                        + " [USAGE]"),
                        text ->
                            assertThat(text)
                                .startsWith("ETL_CONF_STORAGE_LEVEL cannot be \"MEMORY\"; ")));
  }

  private static JobOptions options(Map<String, String> values, Map<String, String> environment) {
    ArcArguments arc = new ArcArguments(values, environment);
    arc.check();
    return arc.jobOptions("test", false);
  }
}
