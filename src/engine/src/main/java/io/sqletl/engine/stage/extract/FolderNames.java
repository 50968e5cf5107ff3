package io.sqletl.engine.stage.extract;

import static org.apache.spark.sql.functions.when;

import io.sqletl.engine.stage.ColumnName;
import java.net.URLDecoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;

/**
 * Names of folders, {@code key=value}, with characters as {@code %XX}. Hive and Spark write so only
 * what no name may have, all of it ASCII; pyarrow and DuckDB write the bytes of all other
 * characters so, in UTF-8, and Spark takes each byte for a character: {@code Z%C3%BCrich} for
 * {@code ZÃ¼rich}.
 */
final class FolderNames {

  private FolderNames() {}

  /** The name without escapes. */
  static String unescaped(String name) {
    String text = decoded(name, StandardCharsets.UTF_8);
    // Bytes that are no UTF-8 are what Spark takes them for
    return text.indexOf('\uFFFD') < 0 ? text : bySpark(name);
  }

  /** The name as Spark takes it. */
  static String bySpark(String name) {
    return decoded(name, StandardCharsets.ISO_8859_1);
  }

  /** A plus is one. */
  private static String decoded(String name, Charset charset) {
    if (name.indexOf('%') < 0) {
      return name;
    }
    try {
      return URLDecoder.decode(name.replace("+", "%2B"), charset);
    } catch (IllegalArgumentException e) {
      return name;
    }
  }

  /**
   * A folder {@code key=value} above a file.
   *
   * @param key as it is written
   * @param value as it is written
   */
  record Named(String key, String value) {}

  /** Those above a file, the nearest first. */
  static List<Named> above(Path file) {
    List<Named> found = new ArrayList<>();
    for (Path at = file.getParent(); at != null; at = at.getParent()) {
      String name = at.getName();
      int equals = name.indexOf('=');
      if (equals > 0) {
        found.add(new Named(name.substring(0, equals), name.substring(equals + 1)));
      }
    }
    return found;
  }

  /** The rows with the values of folders, and the names of their columns, as they were meant. */
  static Dataset<Row> correct(Dataset<Row> rows, InputFiles files) {
    Map<String, String> keys = new LinkedHashMap<>();
    Map<String, Map<String, String>> values = new LinkedHashMap<>();
    for (Path file : files.all()) {
      for (Named folder : above(file)) {
        put(keys, folder.key());
        put(
            values.computeIfAbsent(bySpark(folder.key()), key -> new LinkedHashMap<>()),
            folder.value());
      }
    }
    values.values().removeIf(Map::isEmpty);
    return keys.isEmpty() && values.isEmpty() ? rows : corrected(rows, keys, values);
  }

  private static void put(Map<String, String> corrections, String name) {
    String read = bySpark(name);
    String meant = unescaped(name);
    if (!read.equals(meant)) {
      corrections.put(read, meant);
    }
  }

  private static Dataset<Row> corrected(
      Dataset<Row> rows, Map<String, String> keys, Map<String, Map<String, String>> values) {
    List<Column> columns =
        Arrays.stream(rows.schema().fields())
            .map(
                field ->
                    corrected(field, Optional.ofNullable(values.get(field.name())))
                        .as(keys.getOrDefault(field.name(), field.name()), field.metadata()))
            .toList();
    return rows.select(columns.toArray(Column[]::new));
  }

  private static Column corrected(StructField field, Optional<Map<String, String>> values) {
    Column column = ColumnName.column(field.name());
    if (values.isEmpty() || !(field.dataType() instanceof StringType)) {
      return column;
    }
    Column chosen = null;
    for (Map.Entry<String, String> value : values.get().entrySet()) {
      Column isRead = column.equalTo(value.getKey());
      chosen =
          chosen == null ? when(isRead, value.getValue()) : chosen.when(isRead, value.getValue());
    }
    return chosen.otherwise(column);
  }
}
