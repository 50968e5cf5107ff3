package io.sqletl.engine.stage.extract;

import java.io.IOException;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/**
 * Finds timestamps of Parquet that a microsecond cannot hold: of those with the type of nanoseconds
 * in the least and greatest of each column, which the footer has, and of these and INT96 in the
 * first rows. Types say nothing of it, as pandas has no other than nanoseconds.
 */
final class CutNanoseconds {

  /** The type says nothing of the digits, and to read every value twice would cost too much. */
  private static final int ROWS = 1000;

  private static final String SPARK = "org.apache.spark.version";

  private static final long NANOS_OF_MICRO = 1000;

  private CutNanoseconds() {}

  /**
   * Whether the least or greatest of a column at the top has nanoseconds.
   *
   * @param unknown what to say of a column whose least and greatest the footer lacks
   */
  static boolean isToldByFooter(ParquetMetadata footer, String column, boolean unknown) {
    for (BlockMetaData block : footer.getBlocks()) {
      for (ColumnChunkMetaData chunk : block.getColumns()) {
        if (!List.of(chunk.getPath().toArray()).equals(List.of(column))) {
          continue;
        }
        Statistics<?> range = chunk.getStatistics();
        if (range != null
            && range.hasNonNullValue()
            && range.genericGetMin() instanceof Long least
            && range.genericGetMax() instanceof Long greatest) {
          if (least % NANOS_OF_MICRO != 0 || greatest % NANOS_OF_MICRO != 0) {
            return true;
          }
        } else {
          boolean isOfNulls =
              range != null
                  && range.isNumNullsSet()
                  && range.getNumNulls() == chunk.getValueCount();
          if (!isOfNulls && unknown) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /**
   * The names of the file's columns with such values, at the top or within structures.
   *
   * @throws IOException or another exception if the rows cannot be read
   */
  static Set<String> columns(Path file, FileMetaData footer, Configuration configuration)
      throws IOException {
    List<Type> fields =
        footer.getSchema().getFields().stream().filter(CutNanoseconds::isWithin).toList();
    // Spark has no digits below the microsecond to write
    if (fields.isEmpty() || footer.getKeyValueMetaData().containsKey(SPARK)) {
      return Set.of();
    }
    Configuration some = new Configuration(configuration);
    some.set(
        ReadSupport.PARQUET_READ_SCHEMA,
        new MessageType(footer.getSchema().getName(), fields).toString());
    Set<String> found = new TreeSet<>();
    try (ParquetReader<Group> reader =
        ParquetReader.builder(new GroupReadSupport(), file).withConf(some).build()) {
      Group row = reader.read();
      for (int i = 0; i < ROWS && row != null; i++) {
        for (int field = 0; field < fields.size(); field++) {
          if (isCut(row, field)) {
            found.add(fields.get(field).getName());
          }
        }
        row = reader.read();
      }
    }
    return found;
  }

  private static boolean isWithin(Type type) {
    return type.isPrimitive()
        ? type.asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.INT96
            || ParquetColumns.isNanoseconds(type)
        : type.asGroupType().getFields().stream().anyMatch(CutNanoseconds::isWithin);
  }

  private static boolean isCut(Group group, int field) {
    Type type = group.getType().getType(field);
    if (!isWithin(type)) {
      return false;
    }
    for (int i = 0; i < group.getFieldRepetitionCount(field); i++) {
      if (type.isPrimitive()) {
        // Of a day, or since 1970
        long nanos =
            ParquetColumns.isNanoseconds(type)
                ? group.getLong(field, i)
                : group.getInt96(field, i).toByteBuffer().order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (nanos % NANOS_OF_MICRO != 0) {
          return true;
        }
      } else {
        Group inner = group.getGroup(field, i);
        for (int part = 0; part < inner.getType().getFieldCount(); part++) {
          if (isCut(inner, part)) {
            return true;
          }
        }
      }
    }
    return false;
  }
}
