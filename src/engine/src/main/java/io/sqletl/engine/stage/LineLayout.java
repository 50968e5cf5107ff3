package io.sqletl.engine.stage;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Optional;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * What leads from the number of a record to the line of the file that it stands on. It travels as
 * metadata of {@link InternalColumn#INDEX}.
 *
 * @param isByLine whether each record is a line
 * @param headerLines how many lines stand before the first record
 * @param numbers what is counted within the part of a file that a task reads
 */
public record LineLayout(boolean isByLine, int headerLines, Numbers numbers)
    implements Serializable {

  /** What the number of a malformed record counts. */
  public enum Numbers {
    /** Records; blank lines and a header are none. */
    RECORDS,
    /** Lines, as an editor shows them. */
    LINES
  }

  /** Records that are no lines. */
  public static final LineLayout NONE = new LineLayout(false, 0, Numbers.RECORDS);

  private static final String HEADER_LINES = "headerLines";

  /** Records that are lines, after a header or not. */
  public static LineLayout lines(int headerLines) {
    return new LineLayout(true, headerLines, Numbers.RECORDS);
  }

  /** The same, of a reader that counts the lines of malformed records itself. */
  public LineLayout countingLines() {
    return new LineLayout(isByLine, headerLines, Numbers.LINES);
  }

  /** The layout of the files that a frame was read from, where it still says so. */
  public static LineLayout of(StructType schema) {
    Optional<Metadata> index =
        Arrays.stream(schema.fields())
            .filter(field -> field.name().equals(InternalColumn.INDEX))
            .map(StructField::metadata)
            .filter(metadata -> metadata.contains(HEADER_LINES))
            .findFirst();
    return index
        .map(metadata -> lines(Math.toIntExact(metadata.getLong(HEADER_LINES))))
        .orElse(NONE);
  }

  MetadataBuilder describe(MetadataBuilder metadata) {
    return isByLine ? metadata.putLong(HEADER_LINES, headerLines) : metadata;
  }
}
