package io.sqletl.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the accounts of jobs, notebooks and servers may do in Kubernetes. */
class SparkRightsTest {

  private final InCluster cluster = new InCluster(Synthesis.with());

  private static List<String> all(String resource, String... verbs) {
    return Stream.of(verbs).map(verb -> verb + " " + resource).toList();
  }

  @Test
  void letDriversMakeExecutorsAndClearThemAwayDefect13() {
    for (String driver : List.of("arcjob", "nativejob")) {
      assertThat(cluster.rights("spark", driver))
          .containsAll(
              all("pods", "create", "get", "list", "watch", "patch", "delete", "deletecollection"))
          .containsAll(all("configmaps", "create", "deletecollection"))
          .containsAll(all("services", "create", "list", "deletecollection"))
          .containsAll(all("persistentvolumeclaims", "create", "list", "deletecollection"));
    }
  }

  @Test
  void letAStepTellArgoItsResultDefect13() {
    assertThat(cluster.rights("spark", "arcjob"))
        .containsAll(all("workflowtaskresults", "create", "patch"));
    assertThat(cluster.values("argo-workflows").at("/workflow/rbac/create").asBoolean(true))
        .isFalse();
  }

  @Test
  void letNoJobReadSecretsOrEnterPodsDefect27() {
    for (String driver : List.of("arcjob", "nativejob")) {
      assertThat(cluster.rights("spark", driver))
          .noneMatch(right -> right.matches(".* (secrets|pods/exec|serviceaccounts|roles.*)"))
          .noneMatch(right -> right.contains("*"));
    }
  }

  @Test
  void giveExecutorsAnAccountOfTheirOwnWithNothingDefect27() {
    JsonNode account = cluster.object("ServiceAccount", "spark", "spark-executor");
    assertThat(account.path("automountServiceAccountToken").asBoolean(true)).isFalse();
    assertThat(cluster.rights("spark", "spark-executor")).isEmpty();
    assertThat(cluster.rights("spark", "default")).isEmpty();
  }

  @Test
  void giveNotebooksNothingDefect26() {
    JsonNode account = cluster.object("ServiceAccount", "jupyter", "${jhubuser}");
    assertThat(account.path("automountServiceAccountToken").asBoolean(true)).isFalse();
    assertThat(cluster.rights("jupyter", "${jhubuser}")).isEmpty();
    assertThat(account.at("/metadata/annotations").path(ServiceAccountRole.ANNOTATION).asText())
        .isEqualTo("${RolesJupyterUserRole.Arn}");
  }

  @Test
  void letArgosServerReadNoSecret() {
    assertThat(cluster.values("argo-workflows").at("/server/rbac/create").asBoolean(true))
        .isFalse();
    assertThat(cluster.rights("argo", "argo-server"))
        .isNotEmpty()
        .allMatch(
            right -> right.matches("(get|list|watch) (workflows|.*templates|cron.*|configmaps)"));
    assertThat(cluster.values("argo-workflows").at("/server/authModes").toString())
        .isEqualTo("[\"client\"]");
  }

  @Test
  void letPeopleWorkWithWorkflowsWithoutAdministeringTheCluster() {
    assertThat(cluster.rights("spark", "workflow-user"))
        .containsAll(all("workflows", "create", "get", "list", "watch", "delete"))
        .contains("get pods/log", "list clusterworkflowtemplates", "create pods/portforward")
        .noneMatch(right -> right.matches(".* (secrets|pods/exec)") || right.equals("create pods"));
  }

  @Test
  void carryTheRolesOfAws() {
    for (String[] account :
        new String[][] {
          {"arcjob", "Arcjob"},
          {"nativejob", "Nativejob"},
          {"spark-executor", "Executor"},
          {"spark-history-server", "HistoryServer"}
        }) {
      assertThat(
              cluster
                  .object("ServiceAccount", "spark", account[0])
                  .at("/metadata/annotations")
                  .path(ServiceAccountRole.ANNOTATION)
                  .asText())
          .isEqualTo("${Roles" + account[1] + "Role.Arn}");
    }
  }

  @Test
  void nameNoStarAnywhere() {
    Stream.of("Role", "ClusterRole")
        .flatMap(cluster::objects)
        .forEach(
            role ->
                assertThat(role.path("rules").toString())
                    .as(role.at("/metadata/name").asText())
                    .doesNotContain("*"));
  }
}
