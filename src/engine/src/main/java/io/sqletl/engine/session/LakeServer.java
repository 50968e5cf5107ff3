package io.sqletl.engine.session;

import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.gaul.s3proxy.AccessGrant;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;

/** The S3 server of a lake: on the loopback address, with a port and credentials of this run. */
final class LakeServer implements AutoCloseable {

  /** The Hadoop setting that says that s3a: is a lake. */
  static final String MARK = "fs.s3a.sqletl.lake";

  private static final String HOST = "127.0.0.1";
  private static final int SECRET_BYTES = 24;

  /** Two for each core keep a local run busy; Jetty adds some for itself. */
  private static final int THREADS = Math.max(16, 4 * Runtime.getRuntime().availableProcessors());

  private final S3Proxy proxy;
  private final Map<String, String> hadoopConfiguration;

  private LakeServer(S3Proxy proxy, Map<String, String> hadoopConfiguration) {
    this.proxy = proxy;
    this.hadoopConfiguration = hadoopConfiguration;
  }

  static LakeServer start(Lake lake, LakeStaging staging) throws IOException {
    SecureRandom random = new SecureRandom();
    String accessKey = secret(random);
    String secretKey = secret(random);
    BlobStore store = new LakeBlobStore(lake.folder(), staging);
    S3Proxy proxy =
        S3Proxy.builder()
            .blobStore(SignedAccess.none())
            .endpoint(URI.create("http://" + HOST + ":0"))
            // Another name in "Host" is that of a bucket, and not ours
            .virtualHost(HOST)
            .awsAuthentication(AuthenticationType.AWS_V4, accessKey, secretKey)
            .ignoreUnknownHeaders(true)
            .jettyMaxThreads(THREADS)
            .stopTimeout(0)
            .build();
    proxy.setBlobStoreLocator(
        (identity, bucket, key) -> {
          if (!accessKey.equals(identity)) {
            return null;
          }
          // The first use of a bucket makes it, so that a job may write where nothing is yet
          if (bucket != null) {
            lake.createBucket(bucket);
          }
          return new AccessGrant(secretKey, store);
        });
    try {
      proxy.start();
    } catch (Exception e) {
      throw new IOException("its S3 server does not start: " + e.getMessage(), e);
    }
    return new LakeServer(
        proxy, hadoopConfiguration("http://" + HOST + ":" + proxy.getPort(), accessKey, secretKey));
  }

  Map<String, String> hadoopConfiguration() {
    return hadoopConfiguration;
  }

  @Override
  public void close() {
    try {
      proxy.stop();
    } catch (Exception e) {
      throw new IllegalStateException("The S3 server of the lake does not stop", e);
    }
  }

  private static String secret(SecureRandom random) {
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static Map<String, String> hadoopConfiguration(
      String endpoint, String accessKey, String secretKey) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put(MARK, "true");
    settings.put("fs.s3a.endpoint", endpoint);
    settings.put("fs.s3a.endpoint.region", "us-east-1");
    settings.put("fs.s3a.path.style.access", "true");
    settings.put("fs.s3a.connection.ssl.enabled", "false");
    settings.put(
        "fs.s3a.aws.credentials.provider", "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider");
    settings.put("fs.s3a.access.key", accessKey);
    settings.put("fs.s3a.secret.key", secretKey);
    // The server is in this process: what fails fails for good
    settings.put("fs.s3a.attempts.maximum", "2");
    settings.put("fs.s3a.retry.limit", "2");
    settings.put("fs.s3a.retry.interval", "100ms");
    settings.put("fs.s3a.connection.establish.timeout", "15s");
    settings.put("fs.s3a.connection.expect.continue", "false");
    settings.put("fs.s3a.connection.maximum", "64");
    settings.put("fs.s3a.threads.max", "8");
    // Files of a lake may be edited in place, which leaves S3's entity tag behind
    settings.put("fs.s3a.change.detection.mode", "none");
    settings.put("fs.s3a.change.detection.version.required", "false");
    settings.put("fs.s3a.audit.enabled", "false");
    // Buffers in memory that are used again; S3's least part is 5 MB
    settings.put("fs.s3a.fast.upload.buffer", "bytebuffer");
    settings.put("fs.s3a.multipart.size", "8M");
    settings.put("fs.s3a.multipart.threshold", "8M");
    settings.put("fs.s3a.input.stream.type", "classic");
    return Map.copyOf(settings);
  }
}
