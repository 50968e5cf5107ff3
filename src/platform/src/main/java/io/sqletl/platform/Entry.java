package io.sqletl.platform;

import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Aws;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.cloudfront.AllowedMethods;
import software.amazon.awscdk.services.cloudfront.BehaviorOptions;
import software.amazon.awscdk.services.cloudfront.CachePolicy;
import software.amazon.awscdk.services.cloudfront.Distribution;
import software.amazon.awscdk.services.cloudfront.HttpVersion;
import software.amazon.awscdk.services.cloudfront.OriginProtocolPolicy;
import software.amazon.awscdk.services.cloudfront.OriginRequestPolicy;
import software.amazon.awscdk.services.cloudfront.ResponseHeadersContentTypeOptions;
import software.amazon.awscdk.services.cloudfront.ResponseHeadersPolicy;
import software.amazon.awscdk.services.cloudfront.ResponseHeadersStrictTransportSecurity;
import software.amazon.awscdk.services.cloudfront.ResponseSecurityHeadersBehavior;
import software.amazon.awscdk.services.cloudfront.ViewerProtocolPolicy;
import software.amazon.awscdk.services.cloudfront.VpcOrigin;
import software.amazon.awscdk.services.cloudfront.VpcOriginEndpoint;
import software.amazon.awscdk.services.cloudfront.origins.VpcOriginProps;
import software.amazon.awscdk.services.ec2.Peer;
import software.amazon.awscdk.services.ec2.Port;
import software.amazon.awscdk.services.ec2.SecurityGroup;
import software.amazon.awscdk.services.ec2.SubnetSelection;
import software.amazon.awscdk.services.ec2.SubnetType;
import software.amazon.awscdk.services.eks_v2.HelmChart;
import software.amazon.awscdk.services.eks_v2.KubernetesManifest;
import software.amazon.awscdk.services.elasticloadbalancingv2.AddApplicationTargetGroupsProps;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationListener;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationLoadBalancer;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationProtocol;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationTargetGroup;
import software.amazon.awscdk.services.elasticloadbalancingv2.BaseApplicationListenerProps;
import software.amazon.awscdk.services.elasticloadbalancingv2.FixedResponseOptions;
import software.amazon.awscdk.services.elasticloadbalancingv2.HealthCheck;
import software.amazon.awscdk.services.elasticloadbalancingv2.ListenerAction;
import software.amazon.awscdk.services.elasticloadbalancingv2.ListenerCondition;
import software.amazon.awscdk.services.elasticloadbalancingv2.TargetType;
import software.constructs.Construct;

/**
 * The two web pages over HTTPS without a domain of one's own: CloudFront, which has names and
 * certificates, reaches a load balancer without a public address through a VPC origin.
 *
 * <p>Both pages share the load balancer and one listener. Which page is meant it learns from a
 * header that CloudFront adds: two ports would count the addresses of CloudFront twice against the
 * number of rules that a security group may have.
 */
final class Entry extends Construct {

  private static final int PORT = 80;

  // Of the pods, as their charts have them
  private static final int ARGO_PORT = 2746;
  private static final int JUPYTER_PORT = 8000;

  private static final String PAGE = "X-Sql-Etl-Page";

  /** The most that CloudFront waits for a byte from a page without a raised quota. */
  private static final Duration SILENCE = Duration.seconds(60);

  private final Network network;
  private final EksCluster cluster;
  private final SecurityGroup balancerGroup;
  private final ApplicationListener listener;
  private final VpcOrigin origin;
  private final ResponseHeadersPolicy httpsOnly;

  /** A page: where its pods listen, and what they answer when they are well. */
  private record Page(String name, String output, int port, String healthPath, int priority) {}

  Entry(
      Construct scope,
      String id,
      Network network,
      EksCluster cluster,
      Charts charts,
      ServiceAccountRoles roles) {
    super(scope, id);
    this.network = network;
    this.cluster = cluster;
    balancerGroup =
        SecurityGroup.Builder.create(this, "BalancerGroup")
            .vpc(network.vpc())
            .description("Load balancer: in from CloudFront, out to the pods of the pages")
            .allowAllOutbound(false)
            .build();
    balancerGroup.addIngressRule(
        Peer.prefixList(new CloudFrontPrefixList(this, "PrefixList").id()),
        Port.tcp(PORT),
        "CloudFront");
    ApplicationLoadBalancer balancer =
        ApplicationLoadBalancer.Builder.create(this, "Balancer")
            .vpc(network.vpc())
            .vpcSubnets(
                SubnetSelection.builder().subnetType(SubnetType.PRIVATE_WITH_EGRESS).build())
            .internetFacing(false)
            .securityGroup(balancerGroup)
            // Notebooks' web sockets and Argo's event streams are silent for long
            .idleTimeout(Duration.minutes(10))
            .dropInvalidHeaderFields(true)
            .build();
    listener =
        balancer.addListener(
            "Http",
            BaseApplicationListenerProps.builder()
                .port(PORT)
                .protocol(ApplicationProtocol.HTTP)
                // CDK would open the group to the world
                .open(false)
                .defaultAction(
                    ListenerAction.fixedResponse(
                        404, FixedResponseOptions.builder().contentType("text/plain").build()))
                .build());
    origin =
        VpcOrigin.Builder.create(this, "Origin")
            .endpoint(VpcOriginEndpoint.applicationLoadBalancer(balancer))
            // Names are the account's, over all regions
            .vpcOriginName(Aws.STACK_NAME + "-" + Aws.REGION)
            .httpPort(PORT)
            .protocolPolicy(OriginProtocolPolicy.HTTP_ONLY)
            .build();
    // Argo's page sets its cookie itself, without a word about HTTPS: a browser that has been here
    // once asks by nothing else
    httpsOnly =
        ResponseHeadersPolicy.Builder.create(this, "HttpsOnly")
            .comment("Both pages of " + Aws.STACK_NAME)
            .securityHeadersBehavior(
                ResponseSecurityHeadersBehavior.builder()
                    .strictTransportSecurity(
                        ResponseHeadersStrictTransportSecurity.builder()
                            .accessControlMaxAge(Duration.days(365))
                            .includeSubdomains(false)
                            .override(true)
                            .build())
                    .contentTypeOptions(
                        ResponseHeadersContentTypeOptions.builder().override(true).build())
                    .build())
            .build();
    AcceptedFinding.on(
        balancer,
        "AwsSolutions-ELB2",
        "Only CloudFront reaches it, for the few people who work here; Argo and JupyterHub log who"
            + " logs in and what they do");
    Page argo = new Page("Argo", "ARGOURL", ARGO_PORT, "/", 1);
    Page jupyter = new Page("Jupyter", "JUPYTERURL", JUPYTER_PORT, "/hub/health", 2);
    ApplicationTargetGroup argoPods = targets(argo);
    ApplicationTargetGroup jupyterPods = targets(jupyter);
    publish(argo);
    publish(jupyter);
    bind(charts, roles, argoPods.getTargetGroupArn(), jupyterPods.getTargetGroupArn());
  }

  /** The pods of a page, for requests that carry its name. */
  private ApplicationTargetGroup targets(Page page) {
    ApplicationTargetGroup targets =
        ApplicationTargetGroup.Builder.create(this, page.name() + "Pods")
            .vpc(network.vpc())
            .targetType(TargetType.IP)
            .protocol(ApplicationProtocol.HTTP)
            .port(page.port())
            .deregistrationDelay(Duration.seconds(30))
            .healthCheck(
                HealthCheck.builder()
                    .path(page.healthPath())
                    .healthyHttpCodes("200")
                    .interval(Duration.seconds(15))
                    .build())
            .build();
    listener.addTargetGroups(
        page.name(),
        AddApplicationTargetGroupsProps.builder()
            .priority(page.priority())
            .conditions(List.of(ListenerCondition.httpHeader(PAGE, List.of(page.name()))))
            .targetGroups(List.of(targets))
            .build());
    // Pods have the addresses and the security group of their nodes
    balancerGroup
        .getConnections()
        .allowTo(
            cluster.cluster().getClusterSecurityGroup(),
            Port.tcp(page.port()),
            "Pods of " + page.name());
    return targets;
  }

  private void publish(Page page) {
    Distribution distribution =
        Distribution.Builder.create(this, page.name())
            .comment(page.name() + " of " + Aws.STACK_NAME)
            .httpVersion(HttpVersion.HTTP2_AND_3)
            .defaultBehavior(
                BehaviorOptions.builder()
                    .origin(
                        software.amazon.awscdk.services.cloudfront.origins.VpcOrigin.withVpcOrigin(
                            origin,
                            VpcOriginProps.builder()
                                .customHeaders(Map.of(PAGE, page.name()))
                                .readTimeout(SILENCE)
                                .keepaliveTimeout(SILENCE)
                                .build()))
                    .allowedMethods(AllowedMethods.ALLOW_ALL)
                    .cachePolicy(CachePolicy.CACHING_DISABLED)
                    // With the name of the host, the cookies and what web sockets need
                    .originRequestPolicy(OriginRequestPolicy.ALL_VIEWER)
                    .viewerProtocolPolicy(ViewerProtocolPolicy.REDIRECT_TO_HTTPS)
                    .responseHeadersPolicy(httpsOnly)
                    .compress(false)
                    .build())
            .build();
    AcceptedFinding.on(
        distribution,
        "AwsSolutions-CFR1",
        "People may work from anywhere; both pages ask for a login");
    AcceptedFinding.on(
        distribution,
        "AwsSolutions-CFR2",
        "A firewall costs more than the load balancer; both pages let nobody past the login. Add a"
            + " web ACL of your own to the distribution if your rules ask for one");
    AcceptedFinding.on(
        distribution,
        "AwsSolutions-CFR3",
        "Standard logs need a bucket with ACLs; Argo and JupyterHub log who logs in and what they"
            + " do");
    AcceptedFinding.on(
        distribution,
        "AwsSolutions-CFR4",
        "The certificate of cloudfront.net goes with this setting only; a domain of one's own would"
            + " change both");
    AcceptedFinding.on(
        distribution,
        "AwsSolutions-CFR5",
        "CloudFront reaches the load balancer inside the network, where it has no certificate");
    CfnOutput.Builder.create(Stack.of(this), page.output())
        .description("Page of " + page.name())
        .value("https://" + distribution.getDistributionDomainName())
        .build();
  }

  private void bind(Charts charts, ServiceAccountRoles roles, String argoPods, String jupyterPods) {
    ServiceAccountRole role = roles.loadBalancerController(List.of(argoPods, jupyterPods));
    HelmChart controller =
        charts.install(
            "aws-load-balancer-controller",
            Map.of(
                "clusterName", cluster.cluster().getClusterName(),
                "region", Aws.REGION,
                "vpcId", network.vpc().getVpcId(),
                "serviceAccount", role.serviceAccount(),
                "roleArn", role.roleArn()));
    KubernetesManifest bindings =
        Manifests.apply(
            this,
            "Bindings",
            cluster,
            ManifestReader.manifests(
                "manifests/target-groups.yaml",
                Map.of(
                    "argoTargetGroup", argoPods,
                    "jupyterTargetGroup", jupyterPods,
                    "vpcId", network.vpc().getVpcId())));
    // Its webhook answers then; and when the stack goes, it is still there to let go of the targets
    bindings.getNode().addDependency(controller);
    // A target group takes targets only when a load balancer uses it
    bindings.getNode().addDependency(listener);
  }
}
