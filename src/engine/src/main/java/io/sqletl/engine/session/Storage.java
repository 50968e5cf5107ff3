package io.sqletl.engine.session;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/**
 * Reads the texts that a job consists of, before there is a Spark session. Files of the lake are
 * read from its folder, without starting its server.
 */
public final class Storage {

  private static final Duration HTTP_TIMEOUT = Duration.ofSeconds(30);
  private static final String CLASSPATH = "classpath:";
  private static final long LARGEST_TEXT = 100L << 20;

  private final Optional<Lake> lake;
  private final Configuration hadoop;

  private Storage(Optional<Lake> lake, Map<String, String> hadoopSettings) {
    this.lake = lake;
    this.hadoop = new Configuration();
    PosixFileSystem.settings().forEach(hadoop::set);
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
    return readText(uri, Authentication.none());
  }

  /** As {@link #readText(String)}, by a method of its own where the storage asks for one. */
  public String readText(String uri, Authentication authentication) throws IOException {
    Optional<UriScheme.Refused> refused = UriScheme.refusal(uri);
    if (refused.isPresent()) {
      throw new IOException(refused.get().message() + ", " + refused.get().remedy());
    }
    Optional<Path> local = localPath(uri);
    if (local.isPresent()) {
      return readFile(uri, local.get());
    }
    return switch (UriScheme.of(uri)) {
      case "http", "https" -> readHttp(uri);
      case "classpath" -> readResource(uri);
      default -> readHadoop(uri, authentication);
    };
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
    try {
      return sizeOf(local.get());
    } catch (IllegalArgumentException e) {
      return OptionalLong.empty(); // A name that Hadoop cannot read; who reads it says so
    }
  }

  private OptionalLong sizeOf(Path local) throws IOException {
    FileSystem files = FileSystem.getLocal(hadoop).getRawFileSystem();
    FileStatus[] matches = files.globStatus(new org.apache.hadoop.fs.Path(local.toString()));
    long bytes = 0;
    for (FileStatus match : matches == null ? new FileStatus[0] : matches) {
      bytes += files.getContentSummary(match.getPath()).getLength();
    }
    return OptionalLong.of(bytes);
  }

  /** Whether there is nothing at a path of this machine; false for places that this cannot tell. */
  public boolean isMissing(String uri) {
    try {
      return localPath(uri).filter(Files::notExists).isPresent();
    } catch (IOException e) {
      return false;
    }
  }

  private static Path path(String text) throws IOException {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new IOException("\"" + text + "\" is no path: " + e.getReason(), e);
    }
  }

  private Optional<Path> localPath(String uri) throws IOException {
    return switch (UriScheme.of(uri)) {
      case "" -> Optional.of(path(uri));
      case "file" -> Optional.of(path(uri.replaceFirst("^file:(?://)?", "")));
      case "local" -> Optional.of(shipped(uri.replaceFirst("^local:(?://)?", "")));
      case "s3a" -> inLake(uri);
      default -> Optional.empty();
    };
  }

  private Optional<Path> inLake(String uri) throws IOException {
    try {
      return lake.flatMap(folder -> folder.locate(uri));
    } catch (InvalidPathException e) {
      throw new IOException("\"" + uri + "\" is no address: " + e.getReason(), e);
    }
  }

  /** A file of the image, or one that spark-submit --files has laid where the driver works. */
  private static Path shipped(String path) {
    Path absolute = Path.of(path);
    return Files.exists(absolute) ? absolute : Path.of(path.replaceFirst("^/+", ""));
  }

  private static String readFile(String uri, Path path) throws IOException {
    try {
      if (Files.isDirectory(path)) {
        throw new IOException(uri + " is a folder, not a file");
      }
      if (Files.size(path) > LARGEST_TEXT) {
        throw new IOException(
            "The file " + uri + " has more than 100 MB, and no text of a job has");
      }
      return decoded(uri, Files.readAllBytes(path));
    } catch (NoSuchFileException e) {
      throw new IOException(
          "There is no file " + uri + WorkingFolder.place(uri, " in the working folder, "), e);
    } catch (AccessDeniedException e) {
      throw new IOException("The file " + uri + " may not be read: permission denied", e);
    }
  }

  /** A file system of its own: those that Hadoop keeps have the credentials of their first use. */
  private String readHadoop(String uri, Authentication authentication) throws IOException {
    Configuration settings = new Configuration(hadoop);
    authentication.hadoopSettings(uri).forEach(settings::set);
    // The stream that reads ahead is for large files
    settings.set("fs.s3a.input.stream.type", "classic");
    settings.set("fs.s3a.change.detection.version.required", "false");
    org.apache.hadoop.fs.Path path = hadoopPath(uri);
    try (FileSystem files = FileSystem.newInstance(path.toUri(), settings);
        InputStream stream = files.open(path)) {
      return decoded(uri, stream.readAllBytes());
    } catch (java.io.FileNotFoundException e) {
      throw new IOException("There is no file " + uri, e);
    } catch (UnsupportedFileSystemException e) {
      throw new IOException(uri + " names a kind of storage that nobody knows", e);
    } catch (AccessDeniedException e) {
      throw new IOException(
          "The file " + uri + " may not be read: " + firstLine(e.getReason(), e.getMessage()), e);
    } catch (NotUtf8Exception e) {
      throw e;
    } catch (IOException | IllegalArgumentException e) {
      throw new IOException(
          "The file " + uri + " cannot be read: " + firstLine(e.getMessage(), e.toString()), e);
    }
  }

  private static org.apache.hadoop.fs.Path hadoopPath(String uri) throws IOException {
    try {
      return new org.apache.hadoop.fs.Path(uri);
    } catch (IllegalArgumentException e) {
      throw new IOException("\"" + uri + "\" is no address: " + e.getMessage(), e);
    }
  }

  /** Strictly, for what stands in the place of a byte that is none would be taken for the text. */
  private static String decoded(String uri, byte[] bytes) throws NotUtf8Exception {
    Charset utf16 =
        starts(bytes, 0xFF, 0xFE)
            ? StandardCharsets.UTF_16LE
            : starts(bytes, 0xFE, 0xFF) ? StandardCharsets.UTF_16BE : null;
    if (utf16 != null) {
      throw new NotUtf8Exception(
          "The file " + uri + " is UTF-16; save it as UTF-8",
          new String(bytes, utf16).substring(1));
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (text.indexOf('\0') >= 0) {
        throw new NotUtf8Exception(
            "The file "
                + uri
                + " is no text: it has NUL characters in line "
                + lineOf(text, text.indexOf('\0'))
                + "; save it as UTF-8",
            text.replace("\0", ""));
      }
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      String guess = new String(bytes, StandardCharsets.ISO_8859_1);
      String lenient = new String(bytes, StandardCharsets.UTF_8);
      throw new NotUtf8Exception(
          "The file "
              + uri
              + " is not UTF-8 in line "
              + lineOf(lenient, lenient.indexOf('\uFFFD'))
              + "; save it as UTF-8",
          guess);
    }
  }

  private static boolean starts(byte[] bytes, int first, int second) {
    return bytes.length > 1 && (bytes[0] & 0xFF) == first && (bytes[1] & 0xFF) == second;
  }

  private static long lineOf(String text, int index) {
    return 1 + text.substring(0, Math.max(0, index)).chars().filter(c -> c == '\n').count();
  }

  /**
   * Reads a UTF-8 text that lies in the folder of a job or below it.
   *
   * @param job the job's path or URI
   * @param name a path relative to the job's folder, without {@code ..}
   * @throws IOException with a message that says in one line what is wrong with the file, and for a
   *     link that leads out of the folder
   */
  public String readBeside(String job, String name, Authentication authentication)
      throws IOException {
    String uri = job.substring(0, job.lastIndexOf('/') + 1) + name;
    if (UriScheme.of(job).startsWith("http") || UriScheme.of(job).equals("classpath")) {
      throw new IOException(job + " is no file, so that nothing lies beside it");
    }
    Optional<Path> local = localPath(uri);
    if (local.isPresent() && Files.exists(local.get())) {
      Path folder = localPath(job).orElseThrow().toAbsolutePath().getParent();
      if (!local.get().toRealPath().startsWith(folder.toRealPath())) {
        throw new IOException(uri + " is a link that leads out of the folder of the job");
      }
    }
    return readText(uri, authentication);
  }

  private static String firstLine(String text, String otherwise) {
    return (text == null ? otherwise : text).lines().findFirst().orElse("");
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
      return decoded(uri, response.body());
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
