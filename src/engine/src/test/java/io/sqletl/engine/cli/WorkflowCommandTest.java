package io.sqletl.engine.cli;

import static io.sqletl.engine.cli.CommandLineFixture.etl;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

class WorkflowCommandTest {

  private static final Path REPOSITORY = Path.of("../..").toAbsolutePath().normalize();
  private static final Path JOBS = REPOSITORY.resolve("deployment/app_code/job");
  private static final String INITIAL = JOBS.resolve("initial_load.ipynb").toString();
  private static final String DELTA = JOBS.resolve("delta_load.ipynb").toString();
  private static final String MERGE = JOBS.resolve("scd2_merge.ipynb").toString();

  private String home;

  @BeforeEach
  void workInTheRepository() {
    home = System.setProperty("sqletl.home", REPOSITORY.toString());
  }

  @AfterEach
  void goHome() {
    if (home == null) {
      System.clearProperty("sqletl.home");
    } else {
      System.setProperty("sqletl.home", home);
    }
  }

  @Test
  void printsAWorkflowOfOneJob() {
    CommandLineFixture printed = etl("workflow", MERGE, "--size", "local");
    assertThat(printed.err()).isEmpty();
    assertThat(printed.status()).isZero();
    assertThat(printed.out())
        .isEqualTo(
            """
            apiVersion: argoproj.io/v1alpha1
            kind: Workflow
            metadata:
              generateName: scd2-merge-
              namespace: spark
            spec:
              serviceAccountName: arcjob
              entrypoint: scd2-merge
              arguments:
                parameters:
                  - name: codeBucket
                    valueFrom:
                      configMapKeyRef:
                        name: sql-etl
                        key: codeBucket
              templates:
                - name: scd2-merge
                  dag:
                    tasks:
                      - name: scd2-merge
                        templateRef:
                          name: spark-template
                          template: sparkLocal
                          clusterScope: true
                        arguments:
                          parameters:
                            - name: jobId
                              value: scd2-merge
                            - name: configUri
                              value: s3a://{{workflow.parameters.codeBucket}}/app_code/job/scd2_merge.ipynb
            """);
  }

  /** The shipped example is what the command in its first lines prints. */
  @Test
  void printsTheExampleWithASchedule() throws IOException {
    String example = Files.readString(REPOSITORY.resolve("example/scd2-cron-scheduler.yaml"));
    List<String> command = new ArrayList<>(List.of("workflow", INITIAL, DELTA, MERGE));
    String written =
        example
            .replaceAll("(?s)\napiVersion.*", "")
            .replaceAll("(?s)^.*\\.ipynb ", "")
            .replaceAll("\n#", "")
            .replaceFirst("(?s)(--timezone \\S+).*", "$1");
    command.addAll(ShellWords.split(written));
    CommandLineFixture printed = etl(command);
    assertThat(printed.err()).isEmpty();
    assertThat(printed.out()).isEqualTo(example.substring(example.indexOf("apiVersion")));
  }

  @Test
  void givesEachJobItsSizeAndAllTheSameRest() {
    CommandLineFixture printed =
        etl(
            "workflow",
            INITIAL,
            "s3a://lake/jobs/My Merge.conf",
            "--size",
            "my-merge=large",
            "--size=medium",
            "--after=My Merge=initial_load",
            "--image",
            "registry/arc@sha256:1",
            "-e",
            "production",
            "--conf",
            "spark.sql.ansi.enabled=false",
            "--ETL_CONF_NAME=it's two words");
    assertThat(printed.err()).isEmpty();
    List<Map<String, Object>> tasks = tasks(printed.out());
    assertThat(tasks).extracting("name").containsExactly("initial-load", "my-merge");
    assertThat(tasks).extracting("templateRef.template").containsExactly("mediumJob", "largeJob");
    assertThat(tasks.get(0)).doesNotContainKey("dependencies");
    assertThat(tasks.get(1)).containsEntry("dependencies", List.of("initial-load"));
    Map<String, String> parameters = parameters(tasks.get(1));
    assertThat(parameters)
        .containsEntry("configUri", "s3a://lake/jobs/My Merge.conf")
        .containsEntry("image", "registry/arc@sha256:1")
        .containsEntry("environment", "production");
    // As the engine reads them again in the pod
    assertThat(ShellWords.split(parameters.get("sparkConf")))
        .containsExactly("--conf", "spark.sql.ansi.enabled=false");
    assertThat(ShellWords.split(parameters.get("parameters")))
        .containsExactly("--ETL_CONF_NAME=it's two words");
  }

  @Test
  @SuppressWarnings("unchecked")
  void givesSecretsAsReferencesAndNeverTheirValues() {
    CommandLineFixture printed =
        etl("workflow", MERGE, "--secret=DB_PASSWORD=warehouse/pass.word", "--secret", "K=other/k");
    assertThat(printed.err()).isEmpty();
    Map<String, Object> document = new Yaml().load(printed.out());
    assertThat(document).extracting("spec.podSpecPatch").isInstanceOf(String.class);
    Map<String, Object> spec = (Map<String, Object>) document.get("spec");
    Map<String, Object> patch = new Yaml().load(spec.get("podSpecPatch").toString());
    assertThat(patch)
        .isEqualTo(
            Map.of(
                "containers",
                List.of(
                    Map.of(
                        "name",
                        "main",
                        "env",
                        List.of(
                            reference("DB_PASSWORD", "warehouse", "pass.word"),
                            reference("K", "other", "k"))))));
  }

  private static Map<String, Object> reference(String name, String secret, String key) {
    return Map.of(
        "name", name, "valueFrom", Map.of("secretKeyRef", Map.of("name", secret, "key", key)));
  }

  @Test
  void refusesSecretsInPlainText() {
    CommandLineFixture refused =
        etl(
            "workflow",
            MERGE,
            "--DB_PASSWORD=hunter2-tr0ub4dor",
            "--conf=spark.hadoop.fs.s3a.secret.key=hunter2-tr0ub4dor",
            "--secret=API_TOKEN=hunter2-tr0ub4dor",
            "--secret=A=b/c",
            "--secret=A=b/d");
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.out()).isEmpty();
    assertThat(refused.err())
        .doesNotContain("hunter2")
        .contains("give DB_PASSWORD with --secret NAME=SECRET/KEY")
        .contains("The value of spark.hadoop.fs.s3a.secret.key would stand in the workflow")
        .contains("write --secret NAME=SECRET/KEY, such as --secret DB_LOGIN=warehouse/login")
        .contains("The variable A is given twice");
  }

  @Test
  void refusesACircleAndNamesIt() {
    CommandLineFixture refused =
        etl(
            "workflow",
            INITIAL,
            DELTA,
            MERGE,
            "--after=initial_load=scd2_merge",
            "--after=scd2_merge=delta_load,initial_load");
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.out()).isEmpty();
    assertThat(refused.err())
        .contains("initial-load after scd2-merge after initial-load; leave out one --after");
  }

  @Test
  void refusesEverythingWrongAtOnceWithRemedies() {
    CommandLineFixture refused =
        etl(
            "workflow",
            INITIAL,
            "nosuch.ipynb",
            "s3a://other/initial-load.conf",
            "s3://bucket/x.conf",
            REPOSITORY.resolve("example/notebook/scd2-job.ipynb").toString(),
            "--after=inital_load=nosuch",
            "--after=initial_load",
            "--size=huge",
            "--name=Under_Score",
            "--schedule=every day",
            "--timezone=Europe/Berlyn");
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err())
        .contains("There is no job nosuch.ipynb")
        .contains("Two jobs would be called \"initial-load\"")
        .contains("write s3a:// in place of s3://")
        .contains("put it under deployment/app_code/job")
        .contains("did you mean \"initial-load\"?")
        .contains("write --after LATER=EARLIER")
        .contains("There is no size \"huge\"; choose small")
        .contains("Under_Score is no name")
        .contains("\"every day\" is no schedule")
        .contains("did you mean \"Europe/Berlin\"?");
    assertThat(etl("workflow", MERGE, "--timezone=UTC").err()).contains("add --schedule");
  }

  @Test
  void takesTheSchedulesOfCron() {
    for (String schedule : List.of("*/5 0-6 1,15 * MON-FRI", "@daily", "0 5 * * *")) {
      CommandLineFixture printed =
          etl("workflow", MERGE, "--name=m", "--schedule", schedule, "--timezone=Europe/Berlin");
      assertThat(printed.err()).isEmpty();
      Map<String, Object> document = new Yaml().load(printed.out());
      assertThat(document).containsEntry("kind", "CronWorkflow");
      assertThat(document).extracting("spec.schedules").isEqualTo(List.of(schedule));
    }
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> tasks(String manifest) {
    Map<String, Object> document = new Yaml().load(manifest);
    Map<String, Object> spec = (Map<String, Object>) document.get("spec");
    Map<String, Object> template = ((List<Map<String, Object>>) spec.get("templates")).get(0);
    return (List<Map<String, Object>>) ((Map<String, Object>) template.get("dag")).get("tasks");
  }

  @SuppressWarnings("unchecked")
  private static Map<String, String> parameters(Map<String, Object> task) {
    Map<String, Object> arguments = (Map<String, Object>) task.get("arguments");
    Map<String, String> parameters = new java.util.LinkedHashMap<>();
    ((List<Map<String, String>>) arguments.get("parameters"))
        .forEach(parameter -> parameters.put(parameter.get("name"), parameter.get("value")));
    return parameters;
  }
}
