package io.sqletl.engine.stage.function;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.unsafe.types.UTF8String;
import org.apache.spark.util.SerializableConfiguration;

/** Reads whole files, unpacked where their names say that they are packed. */
public final class UriContent implements Serializable {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);

  private final SerializableConfiguration hadoop;

  public UriContent(SerializableConfiguration hadoop) {
    this.hadoop = hadoop;
  }

  private record NamedFile(byte[] content, String uri) {}

  /** The content of the first file that matches. */
  public byte[] content(UTF8String uri) {
    return read(uri.toString()).get(0).content();
  }

  /** The contents of all files that match. */
  public ArrayData contents(UTF8String uri) {
    return new GenericArrayData(
        read(uri.toString()).stream().map(NamedFile::content).toArray(Object[]::new));
  }

  /** The contents of all files that match, each with its full name. */
  public ArrayData files(UTF8String uri) {
    return new GenericArrayData(
        read(uri.toString()).stream().map(UriContent::row).toArray(Object[]::new));
  }

  private static InternalRow row(NamedFile file) {
    return new GenericInternalRow(new Object[] {file.content(), UTF8String.fromString(file.uri())});
  }

  private List<NamedFile> read(String uri) {
    try {
      return uri.startsWith("http://") || uri.startsWith("https://")
          ? List.of(new NamedFile(get(uri), uri))
          : glob(uri);
    } catch (IOException e) {
      throw new IllegalStateException("The file " + uri + " cannot be read: " + e.getMessage(), e);
    }
  }

  private List<NamedFile> glob(String uri) throws IOException {
    Path path = new Path(uri);
    FileSystem files = path.getFileSystem(hadoop.value());
    FileStatus[] matches = files.globStatus(path);
    List<NamedFile> read = new ArrayList<>();
    if (matches != null) {
      Arrays.sort(matches);
      for (FileStatus match : matches) {
        if (match.isFile()) {
          try (InputStream stream = files.open(match.getPath())) {
            String name = match.getPath().toString();
            read.add(new NamedFile(unpack(name, stream), name));
          }
        }
      }
    }
    if (read.isEmpty()) {
      throw new IOException("no files found for uri '" + uri + "'");
    }
    return read;
  }

  private static byte[] get(String uri) throws IOException {
    HttpClient client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
    try {
      HttpResponse<InputStream> response =
          client.send(
              HttpRequest.newBuilder(URI.create(uri)).build(),
              HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        if (response.statusCode() != 200) {
          throw new IOException(
              "Expected StatusCode = 200 when GET '"
                  + uri
                  + "' but server responded with "
                  + response.statusCode()
                  + ".");
        }
        return unpack(response.uri().getPath(), body);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static byte[] unpack(String name, InputStream stream) throws IOException {
    try (InputStream plain = Compression.of(name).open(stream)) {
      return plain.readAllBytes();
    }
  }
}
