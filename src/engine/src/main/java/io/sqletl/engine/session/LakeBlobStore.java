package io.sqletl.engine.session;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.S3Exceptions;
import org.gaul.s3proxy.blobstore.SdkResponses;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.BucketCannedACL;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectsRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectCannedACL;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.StorageClass;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * Buckets as folders, where an object appears whole or not at all.
 *
 * <p>S3Proxy's own store writes an object beside its place, under a name that listings show, and
 * leaves it there when the process is killed. Here every write goes to the staging folder, which is
 * a bucket of its own to that store, and is moved into the bucket when it is complete.
 */
final class LakeBlobStore extends ForwardingBlobStore {

  /** Under such keys the S3 front end keeps what it must know of an upload in progress. */
  private static final String UPLOAD_RECORD = ".s3proxy-mpu-stub-";

  private final LakeLinks links;
  private final LakeStaging staging;

  /** Uploads in progress by their id: what the client asked for, and the upload in staging. */
  private final Map<String, Upload> uploads = new ConcurrentHashMap<>();

  private record Upload(
      CreateMultipartUploadRequest asked, MultipartUpload staged, Instant begun) {}

  LakeBlobStore(Path lake, LakeStaging staging) {
    super(new FilesystemNio2BlobStore(lake.toString()));
    this.links = new LakeLinks(lake);
    this.staging = staging;
  }

  private BlobStore files() {
    return delegate();
  }

  @Override
  public PutObjectResponse putBlob(PutObjectRequest request, InputStream content) {
    return SignedAccess.written(
        links.path(request.bucket(), request.key()), content, () -> put(request, content));
  }

  private PutObjectResponse put(PutObjectRequest request, InputStream content) {
    if (request.key().startsWith(UPLOAD_RECORD)) {
      return files().putBlob(request.toBuilder().bucket(staging.name()).build(), content);
    }
    links.require(request.bucket(), request.key());
    if (request.key().endsWith("/")) {
      return files().putBlob(request, content);
    }
    Path staged = staging.newFile();
    PutObjectResponse response =
        files()
            .putBlob(
                request.toBuilder()
                    .bucket(staging.name())
                    .key(staged.getFileName().toString())
                    .ifNoneMatch(null)
                    .build(),
                content);
    publish(staged, request.bucket(), request.key(), request.ifNoneMatch());
    return response;
  }

  @Override
  public CopyObjectResponse copyBlob(CopyObjectRequest request) {
    links.require(request.sourceBucket(), request.sourceKey());
    links.require(request.destinationBucket(), request.destinationKey());
    if (request.destinationKey().endsWith("/")) {
      return files().copyBlob(request);
    }
    Path staged = staging.newFile();
    CopyObjectResponse response =
        files()
            .copyBlob(
                request.toBuilder()
                    .destinationBucket(staging.name())
                    .destinationKey(staged.getFileName().toString())
                    .build());
    publish(staged, request.destinationBucket(), request.destinationKey(), /* ifNoneMatch= */ null);
    return response;
  }

  @Override
  public MultipartUpload initiateMultipartUpload(CreateMultipartUploadRequest request) {
    links.require(request.bucket(), request.key());
    MultipartUpload staged =
        files()
            .initiateMultipartUpload(
                request.toBuilder()
                    .bucket(staging.name())
                    .key(staging.newFile().getFileName().toString())
                    .build());
    uploads.put(staged.id(), new Upload(request, staged, Instant.now()));
    return new MultipartUpload(staged.id(), request, staged.response());
  }

  @Override
  public UploadPartResponse uploadMultipartPart(
      MultipartUpload upload, UploadPartRequest request, InputStream content) {
    return SignedAccess.written(
        links.path(request.bucket(), request.key()),
        content,
        () -> files().uploadMultipartPart(upload(upload.id()).staged(), request, content));
  }

  @Override
  public CompleteMultipartUploadResponse completeMultipartUpload(
      MultipartUpload upload, CompleteMultipartUploadRequest request) {
    Upload own = upload(upload.id());
    CompleteMultipartUploadResponse response =
        SignedAccess.told(
            () ->
                files()
                    .completeMultipartUpload(
                        own.staged(), request.toBuilder().ifNoneMatch(null).ifMatch(null).build()));
    uploads.remove(upload.id());
    publish(
        staging.file(own.staged().blobName()),
        own.asked().bucket(),
        own.asked().key(),
        request.ifNoneMatch());
    return response;
  }

  @Override
  public void abortMultipartUpload(MultipartUpload upload) {
    files().abortMultipartUpload(upload(upload.id()).staged());
    uploads.remove(upload.id());
  }

  @Override
  public List<Part> listMultipartUpload(MultipartUpload upload) {
    return files().listMultipartUpload(upload(upload.id()).staged());
  }

  @Override
  public List<software.amazon.awssdk.services.s3.model.MultipartUpload> listMultipartUploads(
      String bucket) {
    return uploads.entrySet().stream()
        .filter(entry -> entry.getValue().asked().bucket().equals(bucket))
        .map(
            entry ->
                SdkResponses.upload(
                    entry.getKey(), entry.getValue().asked().key(), entry.getValue().begun()))
        .toList();
  }

  @Override
  public ListObjectsV2Response list(ListObjectsV2Request request) {
    String prefix = request.prefix() == null ? "" : request.prefix();
    links.require(request.bucket(), prefix.substring(0, prefix.lastIndexOf('/') + 1));
    ListObjectsV2Response found = files().list(request);
    links.require(request.bucket(), found);
    boolean empty = found.contents().isEmpty() && found.commonPrefixes().isEmpty();
    return empty && isFolder(request)
        ? SdkResponses.objectsPage(
            List.of(
                SdkResponses.objectEntry(
                    request.prefix(), null, Instant.EPOCH, 0L, StorageClass.STANDARD)),
            List.of(),
            null)
        : found;
  }

  /** An empty folder is one to users, though only some file systems keep S3's mark on it. */
  private boolean isFolder(ListObjectsV2Request request) {
    return request.prefix() != null
        && request.prefix().endsWith("/")
        && request.continuationToken() == null
        && request.startAfter() == null
        && Files.isDirectory(links.path(request.bucket(), request.prefix()));
  }

  @Override
  public HeadObjectResponse blobMetadata(HeadObjectRequest request) {
    if (request.key().startsWith(UPLOAD_RECORD)) {
      return files().blobMetadata(request.toBuilder().bucket(staging.name()).build());
    }
    links.require(request.bucket(), request.key());
    return files().blobMetadata(request);
  }

  @Override
  public ResponseInputStream<GetObjectResponse> getBlob(GetObjectRequest request) {
    links.require(request.bucket(), request.key());
    return SignedAccess.told(() -> files().getBlob(request));
  }

  /** The modes of files are the user's own matter, and decide nothing here. */
  @Override
  public BucketCannedACL getContainerAccess(String bucket) {
    return BucketCannedACL.PRIVATE;
  }

  @Override
  public void setContainerAccess(String bucket, BucketCannedACL access) {
    requireBucket(bucket);
  }

  @Override
  public ObjectCannedACL getBlobAccess(String bucket, String key) {
    return ObjectCannedACL.PRIVATE;
  }

  @Override
  public void setBlobAccess(String bucket, String key, ObjectCannedACL access) {
    requireBucket(bucket);
  }

  private void requireBucket(String bucket) {
    if (!containerExists(bucket)) {
      throw S3Exceptions.fromStatusCode(404);
    }
  }

  @Override
  public DeleteObjectResponse removeBlob(DeleteObjectRequest request) {
    if (request.key().startsWith(UPLOAD_RECORD)) {
      return files().removeBlob(request.toBuilder().bucket(staging.name()).build());
    }
    links.require(request.bucket(), request.key());
    return files().removeBlob(request);
  }

  @Override
  public DeleteObjectsResponse removeBlobs(DeleteObjectsRequest request) {
    request.delete().objects().forEach(object -> links.require(request.bucket(), object.key()));
    return files().removeBlobs(request);
  }

  private Upload upload(String id) {
    Upload upload = uploads.get(id);
    if (upload == null) {
      throw S3Exceptions.fromStatusCode(404);
    }
    return upload;
  }

  private void publish(Path staged, String bucket, String key, String ifNoneMatch) {
    Path target = links.require(bucket, key);
    try {
      if ("*".equals(ifNoneMatch)) {
        LakeStaging.publishNew(staged, target);
      } else {
        LakeStaging.publish(staged, target);
      }
    } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
      // 412: the condition does not hold. 409: a folder has the name of the object, or the other
      // way round; S3 would keep both, a file system cannot
      throw S3Exceptions.fromStatusCode(Files.isRegularFile(target) ? 412 : 409, e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      discard(staged);
    }
  }

  private static void discard(Path staged) {
    try {
      Files.deleteIfExists(staged);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
