package io.sqletl.platform;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.cloudwatch.Alarm;
import software.amazon.awscdk.services.cloudwatch.ComparisonOperator;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.cloudwatch.TreatMissingData;
import software.amazon.awscdk.services.cloudwatch.actions.SnsAction;
import software.amazon.awscdk.services.events.EventPattern;
import software.amazon.awscdk.services.events.Rule;
import software.amazon.awscdk.services.events.targets.SnsTopic;
import software.amazon.awscdk.services.sns.Topic;
import software.amazon.awscdk.services.sns.subscriptions.EmailSubscription;
import software.constructs.Construct;

/**
 * Mail for the owner of the platform, of what AWS itself sees: pods that find no node, and groups
 * that get no instance. Both cost nothing to watch.
 */
final class Alarms extends Construct {

  /**
   * A node comes within some three minutes; a pod that waits for this long waits for something
   * else.
   */
  private static final int MINUTES = 15;

  Alarms(Construct scope, String id, EksCluster cluster, NodeGroups nodes, String email) {
    super(scope, id);
    Topic topic = Topic.Builder.create(this, "Topic").enforceSsl(true).build();
    topic.addSubscription(new EmailSubscription(email));
    Alarm pending =
        Alarm.Builder.create(this, "PendingPods")
            .alarmDescription(
                "Pods find no node for "
                    + MINUTES
                    + " minutes. kubectl get pods --all-namespaces --field-selector"
                    + " status.phase=Pending; kubectl describe tells why")
            .metric(
                Metric.Builder.create()
                    .namespace("AWS/EKS")
                    .metricName("scheduler_pending_pods_UNSCHEDULABLE")
                    .dimensionsMap(Map.of("ClusterName", cluster.cluster().getClusterName()))
                    .statistic("Sum")
                    .period(Duration.minutes(1))
                    .build())
            .threshold(0)
            .comparisonOperator(ComparisonOperator.GREATER_THAN_THRESHOLD)
            .evaluationPeriods(MINUTES)
            .datapointsToAlarm(MINUTES)
            .treatMissingData(TreatMissingData.NOT_BREACHING)
            .build();
    pending.addAlarmAction(new SnsAction(topic));
    pending.addOkAction(new SnsAction(topic));
    Rule.Builder.create(this, "NoInstance")
        .description("A group of nodes asked for an instance and got none")
        .eventPattern(
            EventPattern.builder()
                .source(List.of("aws.autoscaling"))
                .detailType(List.of("EC2 Instance Launch Unsuccessful"))
                .detail(
                    Map.of(
                        "AutoScalingGroupName",
                        Stream.concat(nodes.onDemand().stream(), nodes.spot().stream())
                            // As EKS names the groups behind its own
                            .map(group -> Map.of("prefix", "eks-" + group.getNodegroupName()))
                            .toList()))
                .build())
        .targets(List.of(new SnsTopic(topic)))
        .build();
  }
}
