package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.json.JsonFiles;
import io.sqletl.engine.stage.json.JsonReading;
import io.sqletl.engine.stage.json.SeenFields;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Fields of a schema that the first records do not have, or have in another way, also within
 * objects and lists of such. Every row is null there, so that a name that is misspelt, or was
 * changed, looks like data.
 */
final class UnmatchedJsonFields {

  /** How many records are looked at. */
  private static final int LOOKED_AT = 1_000;

  private final StageContext context;

  private UnmatchedJsonFields(StageContext context) {
    this.context = context;
  }

  /**
   * Warns of each.
   *
   * @param folders the columns that the names of folders are
   */
  static void tell(
      JsonReading reading, List<String> folders, InputFiles files, StageContext context) {
    Optional<SeenFields> seen =
        JsonFiles.seen(context.spark(), reading, files.statuses(), LOOKED_AT);
    if (seen.isEmpty()) {
      return;
    }
    PartitionColumns.tellHidden(folders, List.copyOf(seen.get().names()), context);
    StructType inRecords =
        new StructType(
            Arrays.stream(reading.root().type().fields())
                .filter(field -> folders.stream().noneMatch(field.name()::equalsIgnoreCase))
                .toArray(StructField[]::new));
    new UnmatchedJsonFields(context).compare("", inRecords, seen.get());
  }

  private void compare(String parent, StructType declared, SeenFields seen) {
    Set<String> names = new TreeSet<>(seen.names());
    for (StructField field : declared.fields()) {
      String name = field.name();
      Optional<String> other =
          names.stream()
              .filter(each -> each.equalsIgnoreCase(name) && !each.equals(name))
              .map(each -> parent + each)
              .findFirst();
      if (!names.contains(name)) {
        tellOfMissing(parent + name, other);
        continue;
      }
      other.ifPresent(twin -> tellOfTwin(parent + name, twin));
      objects(field.dataType())
          .ifPresent(
              inner ->
                  seen.within(name)
                      .filter(within -> isTold(inner, within))
                      .ifPresent(
                          within ->
                              compare(
                                  parent + name + lists(field.dataType()) + ".", inner, within)));
    }
  }

  /** Of a few objects a field may be missing by chance, unless another stands in its place. */
  private static boolean isTold(StructType declared, SeenFields seen) {
    return !seen.areOfFew() || !List.of(declared.fieldNames()).containsAll(seen.names());
  }

  private static Optional<StructType> objects(DataType type) {
    DataType at = type;
    while (at instanceof ArrayType list) {
      at = list.elementType();
    }
    return at instanceof StructType fields ? Optional.of(fields) : Optional.empty();
  }

  private static String lists(DataType type) {
    return type instanceof ArrayType list ? "[]" + lists(list.elementType()) : "";
  }

  private void tellOfMissing(String field, Optional<String> other) {
    context.warnOfColumns(
        "none of the first records, up to "
            + LOOKED_AT
            + ", has the schema's field '"
            + field
            + "'",
        other
            .map(name -> "they have '" + name + "'; name it so in the schema")
            .orElse("see whether it is named as in the files"));
  }

  private void tellOfTwin(String field, String other) {
    context.warnOfColumns(
        "the records have '"
            + field
            + "' and '"
            + other
            + "', which differ in case only; the schema's '"
            + field
            + "' is read, and the other is not",
        "give one of them another name where the files are written");
  }
}
