package io.sqletl.engine.session;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.S3Exceptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.model.BucketCannedACL;
import software.amazon.awssdk.services.s3.model.ObjectCannedACL;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * What the store of a lake shows to whom: nothing to requests that are not signed, and to others
 * the causes of its failures too.
 *
 * <p>S3Proxy answers a request without a signature where its default store calls a bucket or an
 * object public, which its file system store reads from the mode of the file. So the default store
 * has nothing, and {@link LakeBlobStore} calls nothing public.
 */
final class SignedAccess {

  private static final Logger LOG = LoggerFactory.getLogger(SignedAccess.class);

  private SignedAccess() {}

  /** The store for requests without a signature: each call is refused. */
  static BlobStore none() {
    return (BlobStore)
        Proxy.newProxyInstance(
            BlobStore.class.getClassLoader(),
            new Class<?>[] {BlobStore.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "equals" -> proxy == arguments[0];
                  case "hashCode" -> System.identityHashCode(proxy);
                  case "toString" -> BlobStore.class.getSimpleName();
                  case "close" -> null;
                  default -> access(method.getName());
                });
  }

  private static Object access(String call) {
    return switch (call) {
      case "getContainerAccess" -> BucketCannedACL.PRIVATE;
      case "getBlobAccess" -> ObjectCannedACL.PRIVATE;
      default -> throw S3Exceptions.fromStatusCode(403);
    };
  }

  /** Does something for a signed request, and tells what the file system refused, if it did. */
  static <T> T told(Supplier<T> work) {
    try {
      return work.get();
    } catch (AwsServiceException e) {
      throw e;
    } catch (RuntimeException e) {
      throw told(e, "");
    }
  }

  /**
   * Writes what a signed request sends.
   *
   * @param target where it would stand, for messages
   * @param content what is sent; read to its end whatever happens, since a client that is still
   *     sending when the connection ends hears of nothing but that
   */
  static <T> T written(Path target, InputStream content, Supplier<T> work) {
    try {
      return work.get();
    } catch (AwsServiceException e) {
      throw e;
    } catch (RuntimeException e) {
      drain(content);
      throw told(e, target + ": ");
    }
  }

  /**
   * What a client of S3 is told.
   *
   * @param place put before causes that name no file
   */
  private static RuntimeException told(RuntimeException thrown, String place) {
    for (Throwable cause = thrown.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException failure) {
        return failure(failure, place);
      }
    }
    return thrown;
  }

  private static void drain(InputStream content) {
    try {
      content.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      LOG.debug("The client is gone, and needs no answer", e);
    }
  }

  /** S3 has no error of its own for what a file system refuses; the text says what it was. */
  private static AwsServiceException failure(IOException cause, String place) {
    boolean denied = cause instanceof AccessDeniedException;
    return error(
        denied ? 403 : 500,
        denied ? "AccessDenied" : "InternalError",
        cause instanceof FileSystemException file
            ? file.getFile() + ": " + (denied ? "Permission denied" : file.getReason())
            : place + cause.getMessage(),
        cause);
  }

  /** An error of S3 with a text of ours, which a client of S3 hands on. */
  static AwsServiceException error(int status, String code, String message, Throwable cause) {
    return S3Exception.builder()
        .message(message)
        .cause(cause)
        .statusCode(status)
        .awsErrorDetails(
            AwsErrorDetails.builder()
                .errorCode(code)
                .errorMessage(message)
                .sdkHttpResponse(SdkHttpResponse.builder().statusCode(status).build())
                .build())
        .build();
  }
}
