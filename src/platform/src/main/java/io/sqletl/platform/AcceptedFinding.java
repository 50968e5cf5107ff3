package io.sqletl.platform;

import io.github.cdklabs.cdknag.NagPackSuppression;
import io.github.cdklabs.cdknag.NagSuppressions;
import io.github.cdklabs.cdknag.RegexAppliesTo;
import java.util.List;
import java.util.stream.Stream;
import software.constructs.IConstruct;

/**
 * A finding of cdk-nag that is left as it is, with the reason. It stands beside its resource, and
 * the template carries it.
 */
final class AcceptedFinding {

  /** An IAM policy of AWS in place of one's own. */
  static final String MANAGED_POLICY = "AwsSolutions-IAM4";

  /** A star in an action or a resource. */
  static final String WILDCARD = "AwsSolutions-IAM5";

  private AcceptedFinding() {}

  /**
   * Accepts a finding on a construct and all that it has made by now.
   *
   * @param rule such as AwsSolutions-S1
   * @param subjects the only parts of the finding that are accepted, as cdk-nag names them, or a
   *     regular expression between slashes; all of them when there is none
   */
  static void on(IConstruct construct, String rule, String reason, String... subjects) {
    NagPackSuppression.Builder suppression = NagPackSuppression.builder().id(rule).reason(reason);
    if (subjects.length > 0) {
      suppression.appliesTo(Stream.of(subjects).map(AcceptedFinding::subject).toList());
    }
    NagSuppressions.addResourceSuppressions(construct, List.of(suppression.build()), true);
  }

  private static Object subject(String text) {
    return text.startsWith("/") ? RegexAppliesTo.builder().regex(text).build() : text;
  }
}
