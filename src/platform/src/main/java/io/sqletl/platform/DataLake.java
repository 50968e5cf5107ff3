package io.sqletl.platform;

import software.amazon.awscdk.Aws;
import software.amazon.awscdk.CfnCondition;
import software.amazon.awscdk.Fn;
import software.constructs.Construct;

/**
 * The bucket that jobs read and write: the one of the parameter, or the code bucket when it is
 * empty. Of the code bucket it is one prefix only, since whoever may write a job there runs it with
 * the rights of those who start it.
 */
final class DataLake extends Construct {

  /** Where data goes in the code bucket. */
  static final String PREFIX = "data-lake";

  private final String bucketName;
  private final String written;

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
    written =
        Fn.conditionIf(
                isCodeBucket.getLogicalId(),
                code.bucket().getBucketName() + "/" + PREFIX,
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

  /** A token: the objects of the data lake, with a star at the end. */
  String objectsArn() {
    return "arn:" + Aws.PARTITION + ":s3:::" + written + "/*";
  }
}
