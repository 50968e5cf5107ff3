package io.sqletl.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

/** Who hears that the platform is not well. */
class AlarmsTest {

  private final Synthesis stack = Synthesis.with("alarmEmail=data-platform@example.com");

  @Test
  void writeToNobodyUnlessToldTo() {
    assertThat(Synthesis.with().resources("AWS::SNS::Topic")).isEmpty();
    assertThat(stack.resource("AWS::SNS::Subscription").properties().path("Endpoint").asText())
        .isEqualTo("data-platform@example.com");
  }

  @Test
  void tellOfPodsThatFindNoNodeForLong() {
    JsonNode alarm = stack.resource("AWS::CloudWatch::Alarm").properties();
    assertThat(alarm.path("Namespace").asText()).isEqualTo("AWS/EKS");
    assertThat(alarm.path("MetricName").asText()).isEqualTo("scheduler_pending_pods_UNSCHEDULABLE");
    assertThat(Rendered.text(alarm.at("/Dimensions/0/Value"))).isEqualTo("${EksCluster}");
    assertThat(alarm.path("Period").asInt() * alarm.path("DatapointsToAlarm").asInt())
        .isEqualTo(15 * 60);
    assertThat(alarm.path("TreatMissingData").asText()).isEqualTo("notBreaching");
    assertThat(alarm.at("/AlarmActions/0/Ref").asText())
        .isEqualTo(stack.resource("AWS::SNS::Topic").id());
  }

  @Test
  void tellOfEachGroupThatGetsNoInstance() {
    JsonNode rule = stack.resource("AWS::Events::Rule").properties();
    assertThat(rule.at("/EventPattern/detail/AutoScalingGroupName"))
        .hasSameSizeAs(stack.resources("AWS::EKS::Nodegroup"));
    assertThat(rule.path("EventPattern").toString()).contains("EC2 Instance Launch Unsuccessful");
    assertThat(stack.resource("AWS::SNS::TopicPolicy").properties().toString())
        .contains("events.amazonaws.com");
  }
}
