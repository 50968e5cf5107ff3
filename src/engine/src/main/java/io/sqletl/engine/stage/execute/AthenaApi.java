package io.sqletl.engine.stage.execute;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sqletl.engine.stage.StageException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.RegionMetadata;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;

/**
 * Calls Athena: JSON over HTTPS, signed with the credentials and for the region that the AWS SDK
 * finds. The SDK's own Athena module is not used: S3A ties its version to that of Hadoop, and three
 * calls do not justify another.
 */
final class AthenaApi {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SERVICE = "athena";
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(30);
  private static final int MOST_TRIES = 5;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);

  /** Headers that the client sets itself. */
  private static final Set<String> OWN_HEADERS = Set.of("host", "content-length");

  private static final Set<String> THROTTLED =
      Set.of("ThrottlingException", "TooManyRequestsException");

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(CALL_TIMEOUT).build();
  private final Region region;
  private final URI endpoint;
  private final AwsCredentials credentials;

  private AthenaApi(Region region, URI endpoint, AwsCredentials credentials) {
    this.region = region;
    this.endpoint = endpoint;
    this.credentials = credentials;
  }

  /**
   * With the region and the credentials of this process.
   *
   * @throws StageException if there is no region, or there are no credentials
   */
  static AthenaApi connect() {
    try (DefaultCredentialsProvider provider = DefaultCredentialsProvider.builder().build()) {
      Region region = DefaultAwsRegionProviderChain.builder().build().getRegion();
      return new AthenaApi(region, endpoint(region), provider.resolveCredentials());
    } catch (SdkException e) {
      throw new StageException(
          "Athena cannot be reached without a region and credentials of AWS: " + e.getMessage(), e);
    }
  }

  /** As the SDK takes another address than AWS's. */
  private static URI endpoint(Region region) {
    String given =
        Optional.ofNullable(System.getProperty("aws.endpointUrlAthena"))
            .or(() -> Optional.ofNullable(System.getenv("AWS_ENDPOINT_URL_ATHENA")))
            .orElseGet(
                () ->
                    "https://%s.%s.%s"
                        .formatted(
                            SERVICE,
                            region.id(),
                            RegionMetadata.of(region).partition().dnsSuffix()));
    return URI.create(given.replaceFirst("/*$", "/"));
  }

  /**
   * Makes a call, again where Athena is busy.
   *
   * @param operation such as {@code StartQueryExecution}
   * @throws StageException if Athena refuses it, with Athena's reason
   */
  JsonNode call(String operation, Map<String, Object> request)
      throws IOException, InterruptedException {
    byte[] body = JSON.writeValueAsBytes(request);
    Duration pause = FIRST_PAUSE;
    for (int tries = 1; ; tries++) {
      HttpResponse<byte[]> response = send(operation, body);
      if (response.statusCode() == 200) {
        return JSON.readTree(response.body());
      }
      JsonNode error = error(response);
      // With the name of its model in front
      String type = error.path("__type").asText("").replaceFirst("^.*#", "");
      boolean busy = response.statusCode() >= 500 || THROTTLED.contains(type);
      if (!busy || tries == MOST_TRIES) {
        String message = error.path("message").asText(error.path("Message").asText(""));
        throw new StageException(
            "Athena refused the call %s with status %d: %s %s"
                .formatted(operation, response.statusCode(), type, message)
                .strip());
      }
      Thread.sleep(pause.toMillis());
      pause = pause.multipliedBy(2);
    }
  }

  private static JsonNode error(HttpResponse<byte[]> response) {
    try {
      return JSON.readTree(response.body());
    } catch (IOException e) {
      // A proxy between may answer in HTML, of which the status says enough
      return JSON.createObjectNode();
    }
  }

  private HttpResponse<byte[]> send(String operation, byte[] body)
      throws IOException, InterruptedException {
    SdkHttpRequest unsigned =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.POST)
            .uri(endpoint)
            .putHeader("Content-Type", "application/x-amz-json-1.1")
            .putHeader("X-Amz-Target", "AmazonAthena." + operation)
            .build();
    SignedRequest signed =
        AwsV4HttpSigner.create()
            .sign(
                with ->
                    with.identity(credentials)
                        .request(unsigned)
                        .payload(ContentStreamProvider.fromByteArray(body))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, SERVICE)
                        .putProperty(AwsV4HttpSigner.REGION_NAME, region.id()));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint)
            .timeout(CALL_TIMEOUT)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    signed
        .request()
        .headers()
        .forEach(
            (name, values) -> {
              if (!OWN_HEADERS.contains(name.toLowerCase(java.util.Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
              }
            });
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }
}
