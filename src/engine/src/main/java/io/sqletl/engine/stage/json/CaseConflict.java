package io.sqletl.engine.stage.json;

import io.sqletl.engine.stage.StageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Two keys of JSON that differ in case only, for which a view has one column.
 *
 * @param parents the keys around them
 */
record CaseConflict(List<String> parents, String one, String other) {

  /** The first such pair of columns, from the outside in. */
  static Optional<CaseConflict> in(StructType columns) {
    return in(columns, List.of());
  }

  private static Optional<CaseConflict> in(StructType columns, List<String> parents) {
    Map<String, String> names = new HashMap<>();
    for (String name : columns.fieldNames()) {
      String before = names.putIfAbsent(name.toLowerCase(Locale.ROOT), name);
      if (before != null) {
        return Optional.of(new CaseConflict(parents, before, name));
      }
    }
    for (StructField field : columns.fields()) {
      DataType type = field.dataType();
      while (type instanceof ArrayType array) {
        type = array.elementType();
      }
      if (type instanceof StructType struct) {
        List<String> path = new ArrayList<>(parents);
        path.add(field.name());
        Optional<CaseConflict> inner = in(struct, path);
        if (inner.isPresent()) {
          return inner;
        }
      }
    }
    return Optional.empty();
  }

  /** Says where in the files the keys are; reads them as far as the second one. */
  StageException failure(JsonReading reading, List<FileStatus> files, Configuration conf) {
    Map<String, String> places = new HashMap<>();
    for (FileStatus file : files) {
      if (places.size() < 2) {
        try (RecordSource source = RecordSource.open(reading, file, conf)) {
          look(source, file.getPath().toString(), places);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    return failure(" (" + places.get(one) + ")", " (" + places.get(other) + ")");
  }

  /** The same of texts that have no place. */
  StageException failure() {
    return failure("", "");
  }

  private void look(RecordSource source, String file, Map<String, String> places)
      throws IOException {
    while (places.size() < 2 && source.next()) {
      JsonShape record = new JsonShape();
      if (JsonRecords.add(source, record)) {
        for (String name : List.of(one, other)) {
          if (record.has(parents, name)) {
            places.putIfAbsent(name, file + ":" + source.line());
          }
        }
      }
    }
  }

  private StageException failure(String firstPlace, String otherPlace) {
    String path = parents.isEmpty() ? "" : String.join(".", parents) + ".";
    return new StageException(
        "JSONExtract cannot make columns of the keys '"
            + path
            + one
            + "'"
            + firstPlace
            + " and '"
            + path
            + other
            + "'"
            + otherPlace
            + ", which differ in case only; rename one of them in the files, or give a schema"
            + " with the one that is right");
  }
}
