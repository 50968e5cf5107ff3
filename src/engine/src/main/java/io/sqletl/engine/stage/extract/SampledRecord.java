package io.sqletl.engine.stage.extract;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * One of the first records of a file.
 *
 * @param number of its line, or of the record where records may have several; from 1
 * @param text as it is written
 * @param values null for those that are empty
 */
record SampledRecord(int number, String text, List<String> values) {

  /** The values of a record that was read. */
  static List<String> values(DelimitedLine record) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < record.count(); i++) {
      UTF8String value = record.value(i);
      values.add(value == null || value.numBytes() == 0 ? null : value.toString());
    }
    return values;
  }

  /** A line of a file in UTF-8. */
  static byte[] utf8(byte[] line, DelimitedDialect dialect) {
    return dialect.isUtf8() || !dialect.hasAsciiLines()
        ? line
        : dialect
            .charset()
            .decode(ByteBuffer.wrap(line))
            .toString()
            .getBytes(StandardCharsets.UTF_8);
  }

  /** Reads them, and passes over blank lines. */
  static final class Reader {

    private final DelimitedStream records;
    private final DelimitedDialect dialect;
    private int number;

    Reader(DelimitedStream records, DelimitedDialect dialect) {
      this.records = records;
      this.dialect = dialect;
    }

    /** The bytes of the next one; nothing at the end. */
    Optional<byte[]> next() throws IOException {
      for (byte[] line = records.next(); line != null; line = records.next()) {
        boolean isBlank = new String(line, StandardCharsets.ISO_8859_1).trim().isEmpty();
        number += isBlank && dialect.multiLine() ? 0 : 1;
        if (!isBlank) {
          return Optional.of(line);
        }
      }
      return Optional.empty();
    }

    /** The number of the last one. */
    int number() {
      return number;
    }

    /** Those that follow. */
    List<SampledRecord> sample(int most) throws IOException {
      List<SampledRecord> sample = new ArrayList<>();
      while (sample.size() < most) {
        Optional<byte[]> next = next();
        if (next.isEmpty()) {
          return sample;
        }
        byte[] line = utf8(next.get(), dialect);
        DelimitedLine record = new DelimitedLine(dialect);
        record.read(line, 0, line.length, 0);
        sample.add(
            new SampledRecord(number, new String(line, StandardCharsets.UTF_8), values(record)));
      }
      return sample;
    }
  }
}
