package io.sqletl.engine.stage.extract;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A record at the end of a file of lines.
 *
 * @param values empty texts for those that are null; none for a line that is no record
 * @param line its number in the file, from 1; 0 when that is not known
 */
record LastRecord(List<String> values, int line) {

  /** Those of a tail, the last one first. */
  static List<LastRecord> of(FileTail tail, DelimitedDialect dialect) {
    return tail.lastLines(dialect.header()).stream()
        .map(line -> new LastRecord(values(line.bytes(), dialect), line.number()))
        .toList();
  }

  private static List<String> values(byte[] bytes, DelimitedDialect dialect) {
    byte[] line =
        dialect.isUtf8()
            ? bytes
            : dialect
                .charset()
                .decode(ByteBuffer.wrap(bytes))
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    DelimitedLine record = new DelimitedLine(dialect);
    List<String> values = new ArrayList<>();
    if (record.read(line, 0, line.length, 0) == null) {
      for (int i = 0; i < record.count(); i++) {
        values.add(record.value(i) == null ? "" : record.value(i).toString());
      }
    }
    return values;
  }

  /** Whether it has values, none of which has a sign, as spreadsheets write rows once emptied. */
  boolean isEmptied() {
    return !values.isEmpty() && values.stream().allMatch(String::isBlank);
  }

  /** The values that have a sign. */
  List<String> written() {
    return values.stream().filter(value -> !value.isBlank()).toList();
  }

  /** What messages call it. */
  String place(FileTail tail) {
    return tail.file().getName() + (line == 0 ? "" : " (line " + line + ")");
  }
}
