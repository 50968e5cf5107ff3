package io.sqletl.engine.stage.files;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A format of data files, known by the endings of their names. */
public enum DataFormat {
  PARQUET("Parquet", "parquet", true, "parquet", "parq"),
  ORC("ORC", "orc", true, "orc"),
  AVRO("Avro", "avro", true, "avro"),
  DELIMITED("delimited text", "csv", false, "csv", "tsv", "psv"),
  JSON("JSON", "json", false, "json", "jsonl", "ndjson"),
  XML("XML", "xml", false, "xml"),
  TEXT("text", "text", false, "txt");

  private static final List<String> PACKED =
      List.of("gz", "gzip", "bz2", "snappy", "zst", "zstd", "lz4", "deflate", "xz", "lzo");

  private final String title;
  private final String sparkName;
  private final boolean binary;
  private final List<String> endings;

  DataFormat(String title, String sparkName, boolean binary, String... endings) {
    this.title = title;
    this.sparkName = sparkName;
    this.binary = binary;
    this.endings = List.of(endings);
  }

  /** As a message says it. */
  public String title() {
    return title;
  }

  /** Whether such a file is no text. */
  public boolean isBinary() {
    return binary;
  }

  /** That of a reader or writer of Spark; empty for one that is none of these. */
  public static Optional<DataFormat> ofSpark(String name) {
    return Arrays.stream(values())
        .filter(format -> format.sparkName.equalsIgnoreCase(name))
        .findFirst();
  }

  /** That of a file by its name, such as {@code a.csv.gz}; empty when the name does not tell. */
  public static Optional<DataFormat> ofFile(String name) {
    String[] parts = name.toLowerCase(Locale.ROOT).split("\\.");
    int last = parts.length - 1;
    if (last > 0 && PACKED.contains(parts[last])) {
      last--;
    }
    if (last < 1) {
      return Optional.empty();
    }
    String ending = parts[last];
    return Arrays.stream(values()).filter(format -> format.endings.contains(ending)).findFirst();
  }
}
