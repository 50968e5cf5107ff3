package io.sqletl.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

/** JupyterHub: who is let in, with which password, and what is kept. */
class NotebooksTest {

  private final InCluster cluster = new InCluster(Synthesis.with());
  private final JsonNode hub = cluster.values("jupyterhub");

  @Test
  void letOneUserInDefect23() {
    assertThat(hub.at("/hub/extraConfig/password").asText())
        .contains("class SyncedPasswordAuthenticator(SharedPasswordAuthenticator)")
        .contains("c.JupyterHub.authenticator_class = SyncedPasswordAuthenticator");
    assertThat(hub.at("/hub/config/Authenticator/allowed_users").toString())
        .isEqualTo("[\"${jhubuser}\"]");
    assertThat(hub.at("/hub/config/Authenticator").has("admin_users")).isFalse();
  }

  @Test
  void haveThePasswordFromTheSecretAndNowhereElseDefect32() {
    assertThat(hub.at("/hub/extraVolumes/0/secret/secretName").asText())
        .isEqualTo("jupyter-external-secret");
    assertThat(hub.at("/hub/extraEnv/JUPYTER_PASSWORD_FILE").asText())
        .isEqualTo(hub.at("/hub/extraVolumeMounts/0/mountPath").asText() + "/password");
    assertThat(hub.at("/hub/extraConfig/password").asText())
        .contains("os.environ[\"JUPYTER_PASSWORD_FILE\"]");
  }

  /** A hub that is asked by HTTP leaves it out; a browser that asks by HTTP would send none. */
  @Test
  void setCookiesForHttpsOnlyWhereBrowsersComeByIt() {
    assertThat(hub.at("/hub/extraConfig/cookies").asText())
        .contains("cookie_options={\"secure\": True}", "xsrf_cookie_kwargs\": {\"secure\": True}");
    assertThat(
            new InCluster(Synthesis.with("entry=none"))
                .values("jupyterhub")
                .at("/hub/extraConfig/cookies")
                .asText())
        .contains(
            "cookie_options={\"secure\": False}", "xsrf_cookie_kwargs\": {\"secure\": False}");
  }

  @Test
  void syncThePasswordByTheSecretsArnDefect35And53() {
    JsonNode secret = cluster.object("ExternalSecret", "jupyter", "jupyter-external-secret");
    assertThat(secret.path("apiVersion").asText()).isEqualTo("external-secrets.io/v1");
    assertThat(secret.at("/spec/data/0/secretKey").asText()).isEqualTo("password");
    assertThat(secret.at("/spec/data/0/remoteRef/key").asText())
        .isEqualTo("${JupyterPasswordSecret}");
    assertThat(secret.at("/spec/data/0/remoteRef/property").asText())
        .isEqualTo(JupyterPassword.PROPERTY);
    assertThat(
            cluster
                .object("SecretStore", "jupyter", "secrets-manager")
                .at("/spec/provider/aws/service")
                .asText())
        .isEqualTo("SecretsManager");
  }

  @Test
  void keepHomesAndTheHubsMemoryDefect51And52() {
    JsonNode volumes = cluster.object("StorageClass", "", "gp3");
    assertThat(volumes.path("provisioner").asText()).isEqualTo("ebs.csi.aws.com");
    assertThat(volumes.at("/parameters/encrypted").asText()).isEqualTo("true");
    assertThat(volumes.path("volumeBindingMode").asText()).isEqualTo("WaitForFirstConsumer");
    assertThat(hub.at("/singleuser/storage/dynamic/storageClass").asText()).isEqualTo("gp3");
    assertThat(hub.at("/singleuser/storage/type").asText()).isEqualTo("dynamic");
    assertThat(hub.at("/hub/db/type").asText()).isEqualTo("sqlite-pvc");
    assertThat(hub.at("/hub/db/pvc/storageClassName").asText()).isEqualTo("gp3");
  }

  @Test
  void stopWhenNobodyUsesThemDefect51() {
    assertThat(hub.at("/cull/enabled").asBoolean()).isTrue();
    assertThat(hub.at("/cull/timeout").asInt()).isEqualTo(3600);
    assertThat(hub.at("/hub/config/JupyterHub").has("cookie_max_age_days")).isFalse();
  }

  @Test
  void offerTwoSizesThatSayWhatTheyAre() {
    JsonNode profiles = hub.at("/singleuser/profileList");
    assertThat(profiles.findValuesAsText("display_name")).containsExactly("Small", "Big");
    for (JsonNode profile : profiles) {
      JsonNode size = profile.path("kubespawner_override");
      assertThat(profile.path("description").asText())
          .isEqualTo(
              "%s vCPU, %s GB"
                  .formatted(
                      size.path("cpu_limit").asText(),
                      size.path("mem_limit").asText().replace("G", "")));
    }
  }

  @Test
  void runWithTheAccountOfTheUserOnNodesThatStay() {
    assertThat(hub.at("/singleuser/serviceAccountName").asText()).isEqualTo("${jhubuser}");
    assertThat(hub.at("/singleuser/nodeSelector").toString())
        .isEqualTo("{\"lifecycle\":\"OnDemand\"}");
    assertThat(hub.at("/singleuser/cloudMetadata/blockWithIptables").asBoolean(true)).isFalse();
  }

  @Test
  void haveTheImageOfTheSettingsOrTheAccountsOwn() {
    assertThat(hub.at("/singleuser/image/name").asText())
        .isEqualTo("${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}/arc-jupyter");
    assertThat(hub.at("/singleuser/image/tag").asText()).isEqualTo("latest");
    JsonNode other =
        new InCluster(Synthesis.with("notebookImage=registry.example:5000/team/lab:2026-11"))
            .values("jupyterhub");
    assertThat(other.at("/singleuser/image/name").asText())
        .isEqualTo("registry.example:5000/team/lab");
    assertThat(other.at("/singleuser/image/tag").asText()).isEqualTo("2026-11");
  }

  @Test
  void workOnTheDataLakeOfTheStack() {
    JsonNode environment = hub.at("/singleuser/extraEnv");
    assertThat(environment.path("ETL_CONF_DATALAKE_LOC").asText())
        .isEqualTo("${if DataLakeIsCodeBucket ${CodeBucket} else ${datalakebucket}}");
    assertThat(environment.path("AWS_REGION").asText()).isEqualTo("${AWS::Region}");
    assertThat(hub.at("/singleuser/storage/homeMountPath").asText()).isEqualTo("/home/jovyan");
  }

  @Test
  void cloneARepositoryOnlyWhereASettingNamesOne() {
    assertThat(hub.at("/singleuser/extraEnv/ETL_GIT_REPOSITORY").isTextual()).isTrue();
    assertThat(hub.at("/singleuser/extraEnv/ETL_GIT_REPOSITORY").asText()).isEmpty();
    JsonNode other =
        new InCluster(
                Synthesis.with("gitRepository=git@github.com:team/jobs.git", "gitBranch=v1/main"))
            .values("jupyterhub")
            .at("/singleuser/extraEnv");
    assertThat(other.path("ETL_GIT_REPOSITORY").asText()).isEqualTo("git@github.com:team/jobs.git");
    assertThat(other.path("ETL_GIT_BRANCH").asText()).isEqualTo("v1/main");
  }
}
