package io.sqletl.engine.stage.extract;

import java.io.IOException;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/** Finds INT96 timestamps that a microsecond cannot hold, in the first rows of a Parquet file. */
final class Int96Timestamps {

  /** The type says nothing of the digits, and to read every value twice would cost too much. */
  private static final int ROWS = 1000;

  private static final String SPARK = "org.apache.spark.version";

  private Int96Timestamps() {}

  /**
   * The names of the file's columns with such values, at the top or within structures.
   *
   * @throws IOException or another exception if the rows cannot be read
   */
  static Set<String> columns(Path file, FileMetaData footer, Configuration configuration)
      throws IOException {
    List<Type> fields =
        footer.getSchema().getFields().stream().filter(Int96Timestamps::isWithin).toList();
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
        : type.asGroupType().getFields().stream().anyMatch(Int96Timestamps::isWithin);
  }

  private static boolean isCut(Group group, int field) {
    Type type = group.getType().getType(field);
    if (!isWithin(type)) {
      return false;
    }
    for (int i = 0; i < group.getFieldRepetitionCount(field); i++) {
      if (type.isPrimitive()) {
        long nanosOfDay =
            group.getInt96(field, i).toByteBuffer().order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (nanosOfDay % 1000 != 0) {
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
