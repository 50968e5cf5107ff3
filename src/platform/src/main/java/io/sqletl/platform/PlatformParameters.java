package io.sqletl.platform;

import java.util.List;
import software.amazon.awscdk.CfnParameter;
import software.amazon.awscdk.CfnRule;
import software.amazon.awscdk.Fn;
import software.amazon.awscdk.Stack;

/** The parameters of the stack. Their values are tokens, known only when the stack is deployed. */
final class PlatformParameters {

  /** Accounts that Kubernetes or the chart of JupyterHub make in the namespace themselves. */
  private static final List<String> TAKEN_ACCOUNTS =
      List.of(
          "default",
          "hub",
          "user-scheduler",
          "hook-image-awaiter",
          "hook-image-puller",
          "continuous-image-puller");

  private final Stack stack;
  private final CfnParameter jupyterUser;
  private final CfnParameter dataLakeBucket;

  PlatformParameters(Stack stack) {
    this.stack = stack;
    jupyterUser =
        CfnParameter.Builder.create(stack, "jhubuser")
            .type("String")
            .defaultValue("sparkoneks")
            .description("Name of the JupyterHub user, and of its Kubernetes service account")
            .allowedPattern("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")
            .constraintDescription(
                "jhubuser is 1 to 63 lower-case letters, digits and dashes, with no dash at either end")
            .build();
    CfnRule.Builder.create(stack, "JupyterUserIsFree")
        .assertions(
            List.of(
                software.amazon.awscdk.CfnRuleAssertion.builder()
                    .assertValue(
                        Fn.conditionNot(
                            Fn.conditionContains(TAKEN_ACCOUNTS, jupyterUser.getValueAsString())))
                    .assertDescription(
                        "jhubuser is none of the accounts that JupyterHub itself uses: "
                            + String.join(", ", TAKEN_ACCOUNTS))
                    .build()))
        .build();
    dataLakeBucket =
        CfnParameter.Builder.create(stack, "datalakebucket")
            .type("String")
            .defaultValue("")
            .description(
                "Name of an existing bucket in this region with the data lake; empty for the code bucket")
            // No two dots together and no address; a bucket's name is no URI
            .allowedPattern(
                "^$|^(?=.{3,63}$)(?![0-9]+[.][0-9]+[.][0-9]+[.][0-9]+$)"
                    + "[a-z0-9]([a-z0-9-]*[a-z0-9])?([.][a-z0-9]([a-z0-9-]*[a-z0-9])?)*$")
            .constraintDescription(
                "datalakebucket is empty or the name of a bucket, without s3://: 3 to 63 lower-case letters,"
                    + " digits, dots and dashes")
            .build();
  }

  /** The parameter {@code jhubuser}, a token. */
  String jupyterUser() {
    return jupyterUser.getValueAsString();
  }

  /** The parameter {@code datalakebucket}, a token; empty when the data lake is the code bucket. */
  String dataLakeBucket() {
    return dataLakeBucket.getValueAsString();
  }

  /**
   * The newest release of the image for nodes, a token. CloudFormation asks for it each time that
   * the stack is deployed; nobody sets it.
   */
  String newestAmiRelease(PlatformSettings settings) {
    // The toolkit keeps a parameter's earlier value, so each image has a parameter of its own
    String id =
        "nodeimage"
            + settings.release().minor()
            + settings.architecture().setting().replaceAll("[^a-z0-9]", "");
    return CfnParameter.Builder.create(stack, id)
        .type("AWS::SSM::Parameter::Value<String>")
        .defaultValue(settings.release().amiParameter(settings.architecture()))
        .description("Where AWS tells the newest release of the nodes' image; leave it as it is")
        .build()
        .getValueAsString();
  }
}
