package io.sqletl.engine.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Methods of authentication against a real S3 server, that of a lake, which knows one key. */
class AuthenticationThroughS3ATest {

  private static final String FILE = "s3a://datalake/in.csv";

  @TempDir private static Path folder;

  private static Lake lake;
  private static Map<String, String> server;

  @BeforeAll
  static void open() throws IOException {
    lake = Lake.at(folder);
    for (String bucket : new String[] {"datalake", "elsewhere"}) {
      Files.writeString(lake.createBucket(bucket).resolve("in.csv"), "a,b");
    }
    server = lake.hadoopConfiguration();
  }

  @AfterAll
  static void close() throws IOException {
    FileSystem.closeAll();
    lake.close();
  }

  @Test
  void theRightKeyReads() throws IOException {
    Configuration hadoop = somebodyElses();
    accessKey(server.get("fs.s3a.secret.key")).applyTo(FILE, hadoop);

    assertThat(lengthOf(FILE, hadoop)).isEqualTo(3);
  }

  @Test
  void aWrongKeyIsDenied() {
    Configuration hadoop = somebodyElses();
    accessKey("wrong").applyTo(FILE, hadoop);

    assertThatThrownBy(() -> lengthOf(FILE, hadoop)).isInstanceOf(AccessDeniedException.class);
  }

  @Test
  void aKeyIsForItsBucketAlone() throws IOException {
    Configuration hadoop = somebodyElses();
    accessKey(server.get("fs.s3a.secret.key")).applyTo(FILE, hadoop);

    assertThat(lengthOf(FILE, hadoop)).isEqualTo(3);
    assertThatThrownBy(() -> lengthOf("s3a://elsewhere/in.csv", hadoop))
        .isInstanceOf(AccessDeniedException.class);
  }

  @Test
  void aLaterStageMayHaveAnotherKeyForTheSameBucket() throws IOException {
    Configuration hadoop = somebodyElses();
    accessKey("wrong").applyTo(FILE, hadoop);
    assertThatThrownBy(() -> lengthOf(FILE, hadoop)).isInstanceOf(AccessDeniedException.class);

    accessKey(server.get("fs.s3a.secret.key")).applyTo(FILE, hadoop);

    assertThat(lengthOf(FILE, hadoop)).isEqualTo(3);
  }

  /**
   * The lake shows nothing to nobody, so another server has what is public: files that all read.
   */
  @Test
  void nobodyReadsWhatIsPublicAndWritesNothing() throws Exception {
    for (String each : new String[] {"", "in.csv"}) {
      Files.setPosixFilePermissions(
          folder.resolve("datalake").resolve(each), PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    S3Proxy open =
        S3Proxy.builder()
            .blobStore(new FilesystemNio2BlobStore(folder.toString()))
            .endpoint(URI.create("http://127.0.0.1:0"))
            .awsAuthentication(AuthenticationType.AWS_V4, "somebody", "secret")
            .build();
    open.start();
    try {
      Configuration hadoop = somebodyElses();
      Authentication.of(
              Map.of(
                  "method", "AmazonAnonymous",
                  "endpoint", "http://127.0.0.1:" + open.getPort(),
                  "sslEnabled", "false"))
          .applyTo(FILE, hadoop);

      assertThat(lengthOf(FILE, hadoop)).isEqualTo(3);
      FileSystem files = FileSystem.get(URI.create(FILE), hadoop);
      assertThatThrownBy(
              () -> files.create(new org.apache.hadoop.fs.Path("s3a://datalake/out.csv")).close())
          .isInstanceOf(AccessDeniedException.class);
    } finally {
      open.stop();
    }
  }

  @Test
  void onTheLakeItselfMethodsOfS3SayNothing() throws IOException {
    Configuration hadoop = new Configuration();
    server.forEach(hadoop::set);
    Authentication.of(
            Map.of("method", "AmazonAccessKey", "accessKeyID", "a", "secretAccessKey", "s"))
        .applyTo(FILE, hadoop);

    assertThat(lengthOf(FILE, hadoop)).isEqualTo(3);
  }

  @Test
  void aJobFileIsReadWithTheKeysOfTheRun() throws IOException {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("fs.s3a.access.key", server.get("fs.s3a.access.key"));
    options.put("fs.s3a.secret.key", server.get("fs.s3a.secret.key"));
    options.put("fs.s3a.endpoint", server.get("fs.s3a.endpoint"));
    options.put("fs.s3a.connection.ssl.enabled", "false");
    Storage storage = Storage.onS3();

    assertThat(storage.readText(FILE, access(options).authentication(FILE))).isEqualTo("a,b");
    options.put("fs.s3a.secret.key", "wrong");
    assertThatThrownBy(() -> storage.readText(FILE, access(options).authentication(FILE)))
        .hasMessageStartingWith("The file " + FILE + " may not be read: ");
    options.remove("fs.s3a.secret.key");
    assertThatThrownBy(() -> access(options).authentication(FILE))
        .hasMessage(
            "The option fs.s3a.access.key is given without fs.s3a.secret.key, which it needs");
  }

  private static JobFileAccess access(Map<String, String> options) {
    return new JobFileAccess(name -> java.util.Optional.ofNullable(options.get(name)));
  }

  /** Settings that reach the server, with keys that it does not know. */
  private static Configuration somebodyElses() {
    Configuration hadoop = new Configuration();
    server.forEach(hadoop::set);
    hadoop.unset(LakeServer.MARK);
    hadoop.set("fs.s3a.access.key", "nobody");
    hadoop.set("fs.s3a.secret.key", "nothing");
    return hadoop;
  }

  private static Authentication accessKey(String secret) {
    return Authentication.of(
        Map.of(
            "method",
            "AmazonAccessKey",
            "accessKeyID",
            server.get("fs.s3a.access.key"),
            "secretAccessKey",
            secret));
  }

  /** Through the file systems that Hadoop keeps, as Spark reads. */
  private static long lengthOf(String uri, Configuration hadoop) throws IOException {
    FileSystem files = FileSystem.get(URI.create(uri), hadoop);
    return files.getFileStatus(new org.apache.hadoop.fs.Path(uri)).getLen();
  }
}
