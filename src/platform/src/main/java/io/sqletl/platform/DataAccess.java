package io.sqletl.platform;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import software.amazon.awscdk.Aws;
import software.amazon.awscdk.services.iam.PolicyStatement;

/** What a role may do with the objects of the code bucket and of the data lake. */
final class DataAccess {

  private final CodeBucket code;
  private final DataLake dataLake;

  DataAccess(CodeBucket code, DataLake dataLake) {
    this.code = code;
    this.dataLake = dataLake;
  }

  /**
   * Reads both buckets, and writes the data lake and what a job leaves in the code bucket: never
   * another job. Where the data lake is the code bucket, it is one prefix of that.
   */
  void allowReadAndWrite(ServiceAccountRole role) {
    String codeArn = code.bucket().getBucketArn();
    role.allow(
        statement(
            List.of("s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"),
            codeArn,
            dataLake.bucketArn()));
    role.allow(
        statement(List.of("s3:GetObject"), codeArn + "/*"),
        "Whoever runs jobs reads them, of any name",
        "/<CodeBucket[0-9A-F]+\\.Arn>\\/\\*$/");
    role.allow(
        statement(
            List.of(
                "s3:GetObject",
                "s3:PutObject",
                "s3:DeleteObject",
                "s3:AbortMultipartUpload",
                "s3:ListMultipartUploadParts"),
            Stream.concat(
                    CodeBucket.WRITTEN.stream().map(prefix -> codeArn + "/" + prefix + "/*"),
                    Stream.of(dataLake.objectsArn()))
                .toArray(String[]::new)),
        "A job names its files itself, below these prefixes and in the data lake",
        "/<CodeBucket[0-9A-F]+\\.Arn>\\/[a-z_\\/-]+\\/\\*$/",
        "/arn:<AWS::Partition>:s3:::.*datalakebucket.*\\/\\*$/");
    role.allow(statement(List.of("kms:Decrypt", "kms:GenerateDataKey"), code.key().getKeyArn()));
    role.allow(
        dataLakeKey(),
        "The owner's key is not known here; the conditions say for which bucket, and that S3 asks",
        "/arn:<AWS::Partition>:kms:.*:key\\/\\*$/");
  }

  /**
   * Reads one prefix of the code bucket.
   *
   * @param prefix without a slash at its end
   */
  void allowRead(ServiceAccountRole role, String prefix) {
    String codeArn = code.bucket().getBucketArn();
    role.allow(statement(List.of("s3:GetBucketLocation"), codeArn));
    role.allow(
        PolicyStatement.Builder.create()
            .actions(List.of("s3:ListBucket"))
            .resources(List.of(codeArn))
            .conditions(Map.of("StringLike", Map.of("s3:prefix", List.of(prefix, prefix + "/*"))))
            .build());
    role.allow(
        statement(List.of("s3:GetObject"), codeArn + "/" + prefix + "/*"),
        "All that is below the prefix",
        "/<CodeBucket[0-9A-F]+\\.Arn>\\/" + prefix + "\\/\\*$/");
    role.allow(statement(List.of("kms:Decrypt"), code.key().getKeyArn()));
  }

  /**
   * The data lake may be encrypted with a key that only its owner knows. S3 names the bucket, or
   * the object in it, when it asks for the key, so the key serves for this bucket and nothing else.
   */
  private PolicyStatement dataLakeKey() {
    String bucket = dataLake.bucketArn();
    return PolicyStatement.Builder.create()
        .actions(List.of("kms:Decrypt", "kms:GenerateDataKey"))
        .resources(
            List.of(
                "arn:" + Aws.PARTITION + ":kms:" + Aws.REGION + ":" + Aws.ACCOUNT_ID + ":key/*"))
        .conditions(
            new TreeMap<>(
                Map.of(
                    "StringEquals",
                    Map.of("kms:ViaService", "s3." + Aws.REGION + "." + Aws.URL_SUFFIX),
                    "StringLike",
                    Map.of("kms:EncryptionContext:aws:s3:arn", List.of(bucket, bucket + "/*")))))
        .build();
  }

  private static PolicyStatement statement(List<String> actions, String... resources) {
    return PolicyStatement.Builder.create().actions(actions).resources(List.of(resources)).build();
  }
}
