package io.sqletl.engine.stage.json;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What the first bytes of a file say that it is, where it should be text. */
final class FileSignature {

  /** So many bytes are looked at. */
  static final int LENGTH = 4;

  private record Known(String bytes, String name) {}

  private static final Known[] KNOWN = {
    new Known("\u001f\u008b", "a gzip file, whose name has to end in .gz"),
    new Known("PK\u0003\u0004", "a zip archive, which has to be unpacked"),
    new Known("BZh", "a bzip2 file, whose name has to end in .bz2"),
    new Known("\u0028\u00b5\u002f\u00fd", "a zstd file, whose name has to end in .zst"),
    new Known("PAR1", "a Parquet file; read it with ParquetExtract"),
    new Known("Obj\u0001", "an Avro file; read it with AvroExtract"),
    new Known("ORC", "an ORC file; read it with ORCExtract")
  };

  private FileSignature() {}

  /** What a file that is no text is; nothing for one that may be. */
  static Optional<String> of(byte[] head, int length) {
    String start = new String(head, 0, length, StandardCharsets.ISO_8859_1);
    for (Known known : KNOWN) {
      if (start.startsWith(known.bytes)) {
        return Optional.of(known.name);
      }
    }
    return Optional.empty();
  }
}
