package io.sqletl.platform;

import software.amazon.awscdk.Aws;
import software.amazon.awscdk.CfnCondition;
import software.amazon.awscdk.Fn;
import software.constructs.Construct;

/**
 * The bucket that jobs read and write: the one of the parameter, or the code bucket when it is
 * empty.
 */
final class DataLake extends Construct {

  private final String bucketName;

  DataLake(Construct scope, String id, PlatformParameters parameters, CodeBucket code) {
    super(scope, id);
    CfnCondition isCodeBucket =
        CfnCondition.Builder.create(this, "IsCodeBucket")
            .expression(Fn.conditionEquals(parameters.dataLakeBucket(), ""))
            .build();
    bucketName =
        Fn.conditionIf(
                isCodeBucket.getLogicalId(),
                code.bucket().getBucketName(),
                parameters.dataLakeBucket())
            .toString();
  }

  /** A token. */
  String bucketName() {
    return bucketName;
  }

  /** A token: {@code arn:aws:s3:::NAME}, without the objects in it. */
  String bucketArn() {
    return "arn:" + Aws.PARTITION + ":s3:::" + bucketName;
  }
}
