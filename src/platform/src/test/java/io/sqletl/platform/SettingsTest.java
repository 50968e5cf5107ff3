package io.sqletl.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person may set, and what they are told when it is wrong. */
class SettingsTest {

  private static PlatformSettings settings(String... settings) {
    return PlatformSettings.of(Synthesis.app(List.of(settings)).getNode());
  }

  private static Pattern allowed(String parameter) {
    // CloudFormation's patterns are Java's, and match the whole value
    return Pattern.compile(
        Synthesis.with().template().at("/Parameters/" + parameter + "/AllowedPattern").asText());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kubernetesVersion=1.28 | kubernetesVersion is \"1.28\", and may be: ",
        "kubernetesVersion=1.3 | kubernetesVersion is \"1.3\", and may be: ",
        "kubernetesVersion=1.29 | standard support ended on 2025-03-23: EKS makes no such cluster. It may be: ",
        "kubernetesVersion=1.33 | standard support ended on 2026-07-29: EKS makes no such cluster.",
        "kubectlLayer=30 | kubectlLayer is \"30\", and may be: 29, 32, 35.",
        "amiRelease=1.35.1-20261120 | it takes a release of the nodes' image for Kubernetes 1.36",
        "arch=amd64 | arch is \"amd64\", and may be: x86, arm64.",
        "entry=alb | entry is \"alb\", and may be: cloudfront, none.",
        "interfaceEndpoints=yes | interfaceEndpoints is \"yes\", and may be: true, false.",
        "apiCidrs=0.0.0.0/0 | apiCidrs has \"0.0.0.0/0\"; it takes IPv4 networks such as 203.0.113.0/24",
        "apiCidrs=10.0.0.1 | apiCidrs has \"10.0.0.1\"",
        "apiCidrs=10.0.0.256/32 | apiCidrs has \"10.0.0.256/32\"",
        "apiCidrs=10.0.0.0/8,, | apiCidrs has \"\"",
        "adminPrincipals=Admin | adminPrincipals has \"Admin\"; it takes ARNs of IAM roles or users such as",
        "adminPrincipals=arn:aws:sts::111122223333:assumed-role/Admin/me | it takes ARNs of IAM roles",
        "adminPrincipals=arn:aws:iam::111122223333:root | it takes ARNs of IAM roles",
        "glueTables=contacts | glueTables has \"contacts\"; it takes tables such as sales.orders",
        "glueTables=*.* | glueTables has \"*.*\"",
        "image=arc | image has \"arc\"; it takes an image with a tag or digest",
        "image=registry.example:5000/arc | image has \"registry.example:5000/arc\"",
        "notebookImage=a:1,b:2 | notebookImage is one value, and may hold no comma.",
        "gitRepository=https://me:secret@github.com/team/jobs | it takes one address of a Git repository without",
        "gitRepository=file:///etc | gitRepository has \"file:///etc\"",
        "gitRepository=--upload-pack=x | gitRepository has \"--upload-pack=x\"",
        "gitBranch=--help | gitBranch has \"--help\"; it takes the name of one branch",
        "zones=use1-az1 | zones takes two different values.",
        "zones=use1-az1,use1-az1 | zones takes two different values.",
        "zones=US East,b | zones has \"US East\"; it takes two availability zones",
        "vpcCidr=8.8.0.0/16 | vpcCidr has \"8.8.0.0/16\"; it takes a private IPv4 network",
        "vpcCidr=10.0.0.0/8 | vpcCidr has \"10.0.0.0/8\"",
        "vpcCidr=10.0.8.0/20 | which is not the first address of such a network.",
        "vpcCidr=10.256.0.0/16 | which is not the first address of such a network.",
        "vpcId=default | vpcId has \"default\"; it takes the id of a VPC",
        "subnetIds=subnet-0a1b2c3d,subnet-0a1b2c3e | subnetIds are those of a VPC of your own: give vpcId too.",
        "onDemandTypes=m5.large | onDemandTypes has \"m5.large\"; it takes instance types of xlarge or larger",
        "onDemandTypes=m7g.xlarge | onDemandTypes has m7g.xlarge, which arch=x86 does not run on.",
        "spotTypes=r5.xlarge,r5.2xlarge | spotTypes are of one size and one class of memory",
        "spotTypes=r5.xlarge,m5.xlarge | spotTypes are of one size and one class of memory",
        "onDemandMin=0 | onDemandMin is \"0\", and may be 1 to 50.",
        "onDemandMin=9 | onDemandMin is 9, and onDemandMax no more than 3.",
        "spotMax=many | spotMax is \"many\", and may be 1 to 400.",
        "nodeDiskGiB=10 | nodeDiskGiB is \"10\", and may be 30 to 16384.",
        "controlPlaneLogs=everything | controlPlaneLogs has \"everything\"; it takes one or more, separated by commas, of api,",
        "alarmEmail=me | alarmEmail has \"me\"; it takes one e-mail address",
        "kubernetesversion=1.35 | There is no setting \"kubernetesversion\". There are: adminPrincipals, alarmEmail, amiRelease, apiCidrs,"
      })
  void aWrongSettingIsRefusedWithWhatIsAllowed(String setting, String message) {
    assertThatThrownBy(() -> settings(setting))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining(message);
  }

  @Test
  void allThatIsWrongIsSaidAtOnce() {
    assertThatThrownBy(() -> settings("arch=mips", "entry=back", "colour=red"))
        .hasMessageContaining("arch is \"mips\"")
        .hasMessageContaining("entry is \"back\"")
        .hasMessageContaining("no setting \"colour\"");
  }

  @Test
  void aNetworkIsMadeOrThereAlready() {
    assertThatThrownBy(() -> settings("vpcId=vpc-0a1b2c3d", "vpcCidr=10.1.0.0/16"))
        .hasMessageContaining("with vpcId there is none");
    assertThatThrownBy(
            () ->
                settings(
                    "vpcId=vpc-0a1b2c3d", "zones=a,b", "subnetIds=subnet-0a1b2c3d,subnet-0a1b2c3e"))
        .hasMessageContaining("leave zones out");
  }

  @Test
  void gravitonTypesGoWithGravitonNodes() {
    assertThat(settings("arch=arm64", "spotTypes=r7gd.2xlarge,r6gd.2xlarge").nodes().spotTypes())
        .hasSize(2);
    assertThatThrownBy(() -> settings("arch=arm64", "onDemandTypes=m6i.xlarge"))
        .hasMessageContaining("m6i.xlarge, which arch=arm64 does not run on");
  }

  @Test
  void theToolkitsOwnKeysAreNoSettings() {
    assertThat(
            settings(
                    "aws:cdk:bundling-stacks=x",
                    "@aws-cdk/core:something=true",
                    "acknowledged-issue-numbers=34892",
                    "arch=arm64")
                .architecture())
        .isEqualTo(Architecture.ARM64);
  }

  @ParameterizedTest
  @EnumSource(KubernetesRelease.class)
  void aKubernetesVersionHasKubectlWithinOneMinorVersion(KubernetesRelease release) {
    assertThat(release.kubectlLayer().minor()).isBetween(release.minor() - 1, release.minor() + 1);
    assertThat(release.autoscalerTag()).matches("v1\\." + release.minor() + "\\.\\d+");
  }

  /** By date, so that nobody has to strike a version out of a list. */
  @Test
  void aVersionIsOfferedUntilItsStandardSupportEnds() {
    assertThat(KubernetesRelease.supportedOn(LocalDate.parse("2026-12-02")))
        .containsExactly(KubernetesRelease.V1_34, KubernetesRelease.V1_35, KubernetesRelease.V1_36);
    assertThat(KubernetesRelease.supportedOn(LocalDate.parse("2026-12-03")))
        .containsExactly(KubernetesRelease.V1_35, KubernetesRelease.V1_36);
    SettingsReader reader =
        new SettingsReader(Synthesis.app(List.of("kubernetesVersion=1.34")).getNode());
    PlatformSettings.release(reader, LocalDate.parse("2026-12-03"));
    assertThatThrownBy(reader::finish)
        .hasMessageContaining("ended on 2026-12-02")
        .hasMessageContaining("It may be: 1.35, 1.36.");
  }

  @Test
  void theDefaultIsTheNewestVersion() {
    assertThat(settings().release()).isEqualTo(KubernetesRelease.V1_36);
  }

  /** The layer that the owners of the platform named can be had with any version. */
  @Test
  void theLayerOfKubectlCanBeChosen() {
    assertThat(settings("kubectlLayer=29").kubectlLayer()).isEqualTo(KubectlLayer.V29);
    assertThat(settings().kubectlLayer()).isEqualTo(KubectlLayer.V35);
    assertThat(KubernetesRelease.V1_29.kubectlLayer()).isEqualTo(KubectlLayer.V29);
    assertThat(KubernetesRelease.V1_32.kubectlLayer()).isEqualTo(KubectlLayer.V32);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sparkoneks", "maria", "a", "data-team-1", "7of9"})
  void aJupyterUserIsAServiceAccount(String name) {
    assertThat(name).matches(allowed("jhubuser"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Maria",
        "maria smith",
        "",
        "-maria",
        "maria-",
        "maria_1",
        "m.s",
        "münch",
        " maria"
      })
  void aJupyterUserThatIsNoServiceAccountIsRefused(String name) {
    assertThat(name).doesNotMatch(allowed("jhubuser"));
  }

  @Test
  void aJupyterUserHasSixtyThreeCharactersAtMost() {
    assertThat("x".repeat(63)).matches(allowed("jhubuser"));
    assertThat("x".repeat(64)).doesNotMatch(allowed("jhubuser"));
    assertThat(
            Synthesis.with().template().at("/Parameters/jhubuser/ConstraintDescription").asText())
        .isEqualTo(
            "jhubuser is 1 to 63 lower-case letters, digits and dashes, with no dash at either end");
  }

  /** An annotated account "default" would give its role to every pod of the namespace. */
  @Test
  void aJupyterUserIsNoneOfTheAccountsOfTheNamespace() {
    assertThat(
            Synthesis.with()
                .template()
                .at("/Rules/JupyterUserIsFree/Assertions/0/Assert")
                .toString())
        .startsWith("{\"Fn::Not\":[{\"Fn::Contains\":[[\"default\",\"hub\",")
        .endsWith("],{\"Ref\":\"jhubuser\"}]}]}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "my-data-lake", "abc", "data.lake.2026", "1lake"})
  void aDataLakeIsABucketOrTheCodeBucket(String name) {
    assertThat(name).matches(allowed("datalakebucket"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3://my-data-lake",
        "my-data-lake/raw",
        "My-Lake",
        "ab",
        "-lake",
        "lake-",
        "a..b",
        "a.-b",
        "192.168.0.1",
        "my_lake",
        " ",
        "arn:aws:s3:::lake"
      })
  void aDataLakeThatIsNoBucketIsRefused(String name) {
    assertThat(name).doesNotMatch(allowed("datalakebucket"));
  }

  @Test
  void aBucketHasSixtyThreeCharactersAtMost() {
    assertThat("x".repeat(63)).matches(allowed("datalakebucket"));
    assertThat("x".repeat(64)).doesNotMatch(allowed("datalakebucket"));
  }
}
