package io.sqletl.engine.stage;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/** A directory of input files, written as other programs write them. */
public record Folder(Path path) {

  /** A file with this text. */
  public Folder with(String name, String text) {
    return with(name, text.getBytes(StandardCharsets.UTF_8));
  }

  public Folder with(String name, byte[] bytes) {
    try {
      Path file = path.resolve(name);
      Files.createDirectories(file.getParent());
      Files.write(file, bytes);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The text as gzip packs it. */
  public static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream packed = new GZIPOutputStream(bytes)) {
      packed.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  /** The path of an entry, as a job file holds it. */
  public String of(String name) {
    return path.resolve(name).toString();
  }

  @Override
  public String toString() {
    return path.toString();
  }

  /** The files of a directory and those below, by their paths in it, without checksums. */
  public List<String> files(String directory) throws IOException {
    Path root = path.resolve(directory);
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> root.relativize(file).toString())
          .filter(name -> !name.endsWith(".crc"))
          .sorted()
          .toList();
    }
  }
}
