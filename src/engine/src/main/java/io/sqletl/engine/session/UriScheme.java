package io.sqletl.engine.session;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.util.VersionInfo;

/** The scheme of a URI: the kind of storage that it names, and whether that can be reached. */
public final class UriScheme {

  /**
   * Why a URI cannot be reached whatever is there.
   *
   * @param message what is wrong, without a full stop
   * @param remedy what to write or to add instead
   */
  public record Refused(String message, String remedy) {}

  /** A connector that a user adds, for it is large and few need it. */
  private record Connector(String store, String className, String artifact) {}

  private static final String ABFS_ADDRESS =
      "write abfss://CONTAINER@ACCOUNT.dfs.core.windows.net/PATH, for example with the"
          + " authentication AzureDataLakeStorageGen2AccountKey";

  private static final Connector AZURE =
      new Connector(
          "Azure Data Lake Storage Gen2",
          "org.apache.hadoop.fs.azurebfs.AzureBlobFileSystem",
          "org.apache.hadoop:hadoop-azure:" + VersionInfo.getVersion());

  private static final Connector GOOGLE =
      new Connector(
          "Google Cloud Storage",
          "com.google.cloud.hadoop.fs.gcs.GoogleHadoopFileSystem",
          "com.google.cloud.bigdataoss:gcs-connector:hadoop3-2.2.26:shaded");

  private static final Map<String, Connector> CONNECTORS =
      Map.of("abfs", AZURE, "abfss", AZURE, "gs", GOOGLE);

  private UriScheme() {}

  /**
   * The scheme in lower case; empty text for a path. Hadoop's keys are not percent-encoded, so that
   * {@link java.net.URI} cannot read them.
   */
  public static String of(String uri) {
    int colon = uri.indexOf(':');
    // One letter is a drive of Windows
    boolean hasScheme = colon > 1 && uri.substring(0, colon).matches("[A-Za-z][A-Za-z0-9+.-]*");
    return hasScheme ? uri.substring(0, colon).toLowerCase(Locale.ROOT) : "";
  }

  /** Why a path or URI can never be reached from here; empty if it may be. */
  public static Optional<Refused> refusal(String uri) {
    return AddressRules.refusal(uri).or(() -> ofScheme(uri));
  }

  /** As {@link #refusal}, for data, which Hadoop reads and writes. */
  public static Optional<Refused> dataRefusal(String uri) {
    return refusal(uri).or(() -> AddressRules.hadoopRefusal(uri));
  }

  private static Optional<Refused> ofScheme(String uri) {
    String scheme = of(uri);
    return switch (scheme) {
      case "s3", "s3n" ->
          Optional.of(
              new Refused(
                  "\"" + uri + "\": " + scheme + ":// is no longer supported",
                  "write s3a" + uri.substring(uri.indexOf(':'))));
      case "wasb", "wasbs" ->
          Optional.of(
              new Refused(
                  "\"" + uri + "\": Hadoop has given up its connector for " + scheme + ":",
                  ABFS_ADDRESS));
      case "adl" ->
          Optional.of(
              new Refused("\"" + uri + "\": Azure Data Lake Storage Gen1 is closed", ABFS_ADDRESS));
      case "dbfs" ->
          Optional.of(
              new Refused(
                  "\"" + uri + "\": dbfs: is known inside Databricks alone",
                  "write the address of the storage behind it, such as s3a://BUCKET/PATH"));
      default -> Optional.ofNullable(CONNECTORS.get(scheme)).flatMap(c -> missing(uri, c));
    };
  }

  private static Optional<Refused> missing(String uri, Connector connector) {
    try {
      Class.forName(connector.className(), false, Thread.currentThread().getContextClassLoader());
      return Optional.empty();
    } catch (ClassNotFoundException | LinkageError e) {
      return Optional.of(
          new Refused(
              "\""
                  + uri
                  + "\": the connector for "
                  + connector.store()
                  + " is not on the class path",
              "add the jar of " + connector.artifact() + " and what it needs to ETL_CLASSPATH"));
    }
  }
}
