package io.sqletl.engine.session;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;

/**
 * Reads the texts that a job consists of, before there is a Spark session. Files of the lake are
 * read from its folder, without starting its server.
 */
public final class Storage {

  private static final Duration HTTP_TIMEOUT = Duration.ofSeconds(30);
  private static final String CLASSPATH = "classpath:";

  private final Optional<Lake> lake;
  private final Configuration hadoop;

  private Storage(Optional<Lake> lake, Map<String, String> hadoopSettings) {
    this.lake = lake;
    this.hadoop = new Configuration();
    hadoopSettings.forEach(hadoop::set);
  }

  /** Where {@code s3a:} means folders of a lake. */
  public static Storage onLake(Lake lake) {
    return new Storage(Optional.of(lake), Map.of());
  }

  /** Where {@code s3a:} means Amazon S3. */
  public static Storage onS3() {
    return new Storage(Optional.empty(), S3Settings.onAws(System.getenv()));
  }

  /**
   * Reads a UTF-8 text.
   *
   * @param uri a path, or a URI with {@code file:}, {@code s3a:}, {@code http:}, {@code https:},
   *     {@code classpath:} or another scheme that Hadoop knows
   * @throws IOException with a message that says in one line what is wrong with the file
   */
  public String readText(String uri) throws IOException {
    String scheme = schemeOf(uri);
    if (scheme.equals("s3") || scheme.equals("s3n")) {
      throw new IOException(scheme + ":// is no longer supported, use s3a:// instead: " + uri);
    }
    if (scheme.equals("http") || scheme.equals("https")) {
      return readHttp(uri);
    }
    if (scheme.equals("classpath")) {
      return readResource(uri);
    }
    Optional<Path> local = localPath(uri);
    return local.isPresent() ? readFile(uri, local.get()) : readHadoop(uri);
  }

  /**
   * How many bytes the files have that a glob, a folder or a file of this machine names; empty for
   * places elsewhere.
   */
  public OptionalLong sizeOf(String uri) throws IOException {
    Optional<Path> local = localPath(uri);
    if (local.isEmpty()) {
      return OptionalLong.empty();
    }
    FileSystem files = FileSystem.getLocal(hadoop).getRawFileSystem();
    FileStatus[] matches = files.globStatus(new org.apache.hadoop.fs.Path(local.get().toString()));
    long bytes = 0;
    for (FileStatus match : matches == null ? new FileStatus[0] : matches) {
      bytes += files.getContentSummary(match.getPath()).getLength();
    }
    return OptionalLong.of(bytes);
  }

  private Optional<Path> localPath(String uri) {
    return switch (schemeOf(uri)) {
      case "" -> Optional.of(Path.of(uri));
      case "file" -> Optional.of(Path.of(uri.replaceFirst("^file:(?://)?", "")));
      case "s3a" -> lake.flatMap(folder -> folder.locate(uri));
      default -> Optional.empty();
    };
  }

  /** Hadoop's keys are not percent-encoded, so that {@link URI} cannot read them. */
  private static String schemeOf(String uri) {
    int colon = uri.indexOf(':');
    // One letter is a drive of Windows
    boolean hasScheme = colon > 1 && uri.substring(0, colon).matches("[A-Za-z][A-Za-z0-9+.-]*");
    return hasScheme ? uri.substring(0, colon).toLowerCase(java.util.Locale.ROOT) : "";
  }

  private static String readFile(String uri, Path path) throws IOException {
    try {
      if (Files.isDirectory(path)) {
        throw new IOException(uri + " is a folder, not a file");
      }
      return new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      throw new IOException("There is no file " + uri, e);
    } catch (AccessDeniedException e) {
      throw new IOException("The file " + uri + " may not be read: permission denied", e);
    }
  }

  private String readHadoop(String uri) throws IOException {
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(uri);
    FileSystem files = path.getFileSystem(hadoop);
    try (InputStream stream = files.open(path)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (java.io.FileNotFoundException e) {
      throw new IOException("There is no file " + uri, e);
    }
  }

  private static String readResource(String uri) throws IOException {
    String name = uri.substring(CLASSPATH.length()).replaceFirst("^/*", "/");
    try (InputStream stream = Storage.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IOException("There is no resource " + uri);
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String readHttp(String uri) throws IOException {
    HttpClient client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(HTTP_TIMEOUT)
            .build();
    try {
      HttpRequest request = HttpRequest.newBuilder(URI.create(uri)).timeout(HTTP_TIMEOUT).build();
      HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
      if (response.statusCode() != 200) {
        throw new IOException(uri + " was answered with status " + response.statusCode());
      }
      return new String(response.body(), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new IOException(uri + " is no URL: " + e.getMessage(), e);
    } catch (java.net.ConnectException e) {
      throw new IOException(uri + " cannot be reached: the connection was refused", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Reading " + uri + " was interrupted", e);
    }
  }
}
