package io.sqletl.engine.stage.load;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.ColumnName;
import io.sqletl.engine.stage.InternalColumn;
import io.sqletl.engine.stage.StageContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * What a table loses when a load replaces its columns: those who read it find a column no longer,
 * or with values of another type.
 */
final class ReplacedColumns {

  private ReplacedColumns() {}

  /**
   * Warns of columns that are gone, or of another type. New ones are what such a load is for.
   *
   * @param version the last one with the columns of before
   */
  static void tell(
      StructType before, StructType now, long version, String uri, StageContext context) {
    List<String> changes = new ArrayList<>();
    for (StructField field : before.fields()) {
      Optional<StructField> found = ColumnName.find(now, field.name());
      String type = field.dataType().sql();
      if (found.isEmpty() && !InternalColumn.isInternal(field.metadata())) {
        changes.add("'" + field.name() + "' (" + type + ") is gone");
      } else if (found.isPresent() && !found.get().dataType().sql().equals(type)) {
        changes.add(
            "'" + field.name() + "' was " + type + " and is " + found.get().dataType().sql());
      }
    }
    if (!changes.isEmpty()) {
      context.warn(
          ErrorCode.COLUMNS_DIFFER,
          "The load replaced columns of the table " + uri + ": " + String.join(", ", changes),
          "if that is wrong, give the view the column and the type, and bring the table back with"
              + " %sql RESTORE TABLE delta.`"
              + uri
              + "` TO VERSION AS OF "
              + version);
    }
  }
}
