package io.sqletl.engine.stage;

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
 */
public record LineLayout(boolean isByLine, int headerLines) {

  /** Records that are no lines. */
  public static final LineLayout NONE = new LineLayout(false, 0);

  private static final String HEADER_LINES = "headerLines";

  /** Records that are lines, after a header or not. */
  public static LineLayout lines(int headerLines) {
    return new LineLayout(true, headerLines);
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
