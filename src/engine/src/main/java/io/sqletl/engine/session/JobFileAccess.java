package io.sqletl.engine.session;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * How a run fetches the file of its job, when that needs other credentials than the data: Arc's
 * options {@code fs.s3a.*}, {@code fs.dfs.*} and {@code fs.gs.*}.
 */
public final class JobFileAccess {

  /** The options, by their names without Arc's {@code etl.config.}. */
  public static final List<String> OPTIONS =
      List.of(
          "fs.s3a.access.key",
          "fs.s3a.secret.key",
          "fs.s3a.endpoint",
          "fs.s3a.connection.ssl.enabled",
          "fs.s3a.encryption.algorithm",
          "fs.s3a.kms.arn",
          "fs.s3a.custom.key",
          "fs.s3a.anonymous",
          "fs.azure.account.name",
          "fs.azure.account.key",
          "fs.adl.oauth2.client.id",
          "fs.adl.oauth2.refresh.token",
          "fs.dfs.account.name",
          "fs.dfs.access.key",
          "fs.gs.project.id",
          "fs.google.cloud.auth.service.account.json.keyfile");

  private final Function<String, Optional<String>> option;

  /**
   * @param option the value of one of {@link #OPTIONS}, if it is given
   */
  public JobFileAccess(Function<String, Optional<String>> option) {
    this.option = option;
  }

  /** Where nothing is given: what the process itself may reach. */
  public static JobFileAccess none() {
    return new JobFileAccess(name -> Optional.empty());
  }

  /**
   * How the file behind a URI is reached.
   *
   * @throws IllegalArgumentException if options are missing or do not go together
   */
  public Authentication authentication(String uri) {
    return switch (UriScheme.of(uri)) {
      case "s3a" -> s3();
      case "abfs", "abfss" ->
          both("AzureDataLakeStorageGen2AccountKey")
              .with("fs.dfs.account.name", "accountName")
              .with("fs.dfs.access.key", "accessKey")
              .authentication();
      case "gs" ->
          both("GoogleCloudStorageKeyFile")
              .with("fs.gs.project.id", "projectID")
              .with("fs.google.cloud.auth.service.account.json.keyfile", "keyFilePath")
              .authentication();
      default -> Authentication.none();
    };
  }

  private Authentication s3() {
    boolean anonymous = flag("fs.s3a.anonymous").orElse(false);
    boolean ssl = flag("fs.s3a.connection.ssl.enabled").orElse(true);
    Map<String, String> keys = new LinkedHashMap<>();
    if (option.apply("fs.s3a.access.key").isPresent()
        || option.apply("fs.s3a.secret.key").isPresent()) {
      keys.put("method", "AmazonAccessKey");
      keys.put("accessKeyID", required("fs.s3a.access.key", "fs.s3a.secret.key"));
      keys.put("secretAccessKey", required("fs.s3a.secret.key", "fs.s3a.access.key"));
    } else if (anonymous) {
      keys.put("method", "AmazonAnonymous");
    }
    put(keys, "endpoint", "fs.s3a.endpoint");
    put(keys, "encryptionAlgorithm", "fs.s3a.encryption.algorithm");
    put(keys, "kmsArn", "fs.s3a.kms.arn");
    put(keys, "customKey", "fs.s3a.custom.key");
    if (!ssl) {
      keys.put("sslEnabled", "false");
    }
    if (!keys.isEmpty()) {
      keys.putIfAbsent("method", "AmazonIAM");
    }
    return Authentication.of(keys);
  }

  private void put(Map<String, String> keys, String key, String name) {
    option.apply(name).ifPresent(value -> keys.put(key, value));
  }

  private Optional<Boolean> flag(String name) {
    return option
        .apply(name)
        .map(
            text ->
                switch (text.strip()) {
                  case "true" -> true;
                  case "false" -> false;
                  default ->
                      throw new IllegalArgumentException(
                          "The option " + name + " must be true or false, not \"" + text + "\"");
                });
  }

  private String required(String name, String other) {
    return option
        .apply(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "The option " + other + " is given without " + name + ", which it needs"));
  }

  private Pair both(String method) {
    return new Pair(method);
  }

  /** Options that are given together or not at all. */
  private final class Pair {

    private final Map<String, String> keys = new LinkedHashMap<>();
    private final Map<String, String> names = new LinkedHashMap<>();
    private final String method;

    private Pair(String method) {
      this.method = method;
    }

    private Pair with(String name, String key) {
      names.put(name, key);
      put(keys, key, name);
      return this;
    }

    private Authentication authentication() {
      if (keys.isEmpty()) {
        return Authentication.none();
      }
      List<String> all = List.copyOf(names.keySet());
      names.forEach(
          (name, key) -> required(name, all.get(0).equals(name) ? all.get(1) : all.get(0)));
      keys.put("method", method);
      return Authentication.of(keys);
    }
  }
}
