package io.sqletl.platform;

import java.util.List;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.kms.Key;
import software.amazon.awscdk.services.s3.BlockPublicAccess;
import software.amazon.awscdk.services.s3.Bucket;
import software.amazon.awscdk.services.s3.BucketEncryption;
import software.amazon.awscdk.services.s3.CfnBucket;
import software.amazon.awscdk.services.s3.LifecycleRule;
import software.amazon.awscdk.services.s3.ObjectOwnership;
import software.amazon.awscdk.services.s3.deployment.BucketDeployment;
import software.amazon.awscdk.services.s3.deployment.Source;
import software.constructs.Construct;
import software.constructs.IConstruct;

/**
 * The bucket with jobs, schemas, SQL and sample data under {@code app_code}, and with what jobs
 * write. It outlives the stack, since it holds people's data; so does the key that reads it.
 */
final class CodeBucket extends Construct {

  /** Where the repository's {@code deployment/app_code} goes. */
  static final String APP_CODE = "app_code";

  /** Where Argo keeps the logs of steps that are over. */
  static final String WORKFLOW_LOGS = "workflow-logs";

  /** Where Spark writes what its history server shows. */
  static final String EVENT_LOGS = "spark-events";

  /** Where jobs write; they read the rest. */
  static final List<String> WRITTEN =
      List.of(APP_CODE + "/output", WORKFLOW_LOGS, EVENT_LOGS, AthenaTables.RESULTS);

  private final Bucket bucket;
  private final Key key;

  CodeBucket(Construct scope, String id) {
    super(scope, id);
    key =
        Key.Builder.create(this, "Key")
            .description("Objects of the code bucket")
            .enableKeyRotation(true)
            .removalPolicy(RemovalPolicy.RETAIN)
            .build();
    bucket =
        Bucket.Builder.create(this, "Bucket")
            .encryption(BucketEncryption.KMS)
            .encryptionKey(key)
            // One key for the bucket, not a call to KMS for each object
            .bucketKeyEnabled(true)
            .enforceSsl(true)
            .minimumTlsVersion(1.2)
            .versioned(true)
            .objectOwnership(ObjectOwnership.BUCKET_OWNER_ENFORCED)
            .blockPublicAccess(BlockPublicAccess.BLOCK_ALL)
            .removalPolicy(RemovalPolicy.RETAIN)
            .lifecycleRules(
                List.of(
                    LifecycleRule.builder()
                        .id("StaleUploads")
                        .abortIncompleteMultipartUploadAfter(Duration.days(7))
                        .build(),
                    LifecycleRule.builder()
                        .id("OldVersions")
                        .noncurrentVersionExpiration(Duration.days(30))
                        .expiredObjectDeleteMarker(true)
                        .build(),
                    LifecycleRule.builder()
                        .id("WorkflowLogs")
                        .prefix(WORKFLOW_LOGS + "/")
                        .expiration(Duration.days(90))
                        .build(),
                    LifecycleRule.builder()
                        .id("EventLogs")
                        .prefix(EVENT_LOGS + "/")
                        .expiration(Duration.days(90))
                        .build(),
                    LifecycleRule.builder()
                        .id("AthenaResults")
                        .prefix(AthenaTables.RESULTS + "/")
                        .expiration(Duration.days(7))
                        .build()))
            .build();
    // The object that makes the folder of event logs has no byte, and has to stay. CloudFormation
    // takes
    // the number as text, which the CDK warns of when it is given one
    ((CfnBucket) bucket.getNode().getDefaultChild())
        .addPropertyOverride("LifecycleConfiguration.Rules.3.ObjectSizeGreaterThan", "0");
    AcceptedFinding.on(
        bucket,
        "AwsSolutions-S1",
        "Access logs would be a second bucket that nobody reads; CloudTrail's data events, which the"
            + " account's owner turns on for all buckets, say the same and who it was");
    String source = Repository.file("deployment/app_code", "Is the clone complete?").toString();
    BucketDeployment.Builder.create(this, "AppCode")
        .sources(List.of(Source.asset(source)))
        .destinationBucket(bucket)
        .destinationKeyPrefix(APP_CODE)
        // Jobs write below the same prefix
        .prune(false)
        .build();
    BucketDeployment uploads =
        BucketDeployment.Builder.create(this, "EventLogs")
            // Spark writes no event log into a folder that is not there, and S3 has none without an
            // object
            .sources(List.of(Source.data(EVENT_LOGS + "/.keep", "")))
            .destinationBucket(bucket)
            .prune(false)
            .build();
    acceptUploads(uploads);
    CfnOutput.Builder.create(Stack.of(this), "CODEBUCKET")
        .description("Bucket with the jobs under app_code")
        .value(bucket.getBucketName())
        .build();
  }

  /** The function that uploads is the CDK's own, one for the whole stack. */
  private static void acceptUploads(BucketDeployment uploads) {
    IConstruct function = uploads.getHandlerRole().getNode().getScope();
    AcceptedFinding.on(
        function,
        "AwsSolutions-L1",
        "The CDK chooses the runtime that its own code is tested with");
    AcceptedFinding.on(
        function,
        AcceptedFinding.MANAGED_POLICY,
        "It writes the function's own log",
        "Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole");
    AcceptedFinding.on(
        function,
        AcceptedFinding.WILDCARD,
        "It uploads files of any name to the code bucket, and reads what the CDK was bootstrapped with",
        "/^Action::s3:(Abort|DeleteObject|GetBucket|GetObject|List)\\*$/",
        "/^Action::kms:(GenerateDataKey|ReEncrypt)\\*$/",
        "/^Resource::<CodeBucket[0-9A-F]+\\.Arn>\\/\\*$/",
        "/^Resource::arn:<AWS::Partition>:s3:::cdk-[a-z0-9]+-assets-.*\\/\\*$/");
  }

  Bucket bucket() {
    return bucket;
  }

  Key key() {
    return key;
  }
}
