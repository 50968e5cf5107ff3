package io.sqletl.engine.stage.transform;

import io.sqletl.engine.stage.StageException;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The columns of a view that a key of a stage names. */
final class NamedColumns {

  private NamedColumns() {}

  /** The columns as the view writes them, for names that may differ in letter case. */
  static List<String> of(String stage, String key, List<String> names, Dataset<Row> rows) {
    List<String> there = List.of(rows.columns());
    return names.stream()
        .map(
            name ->
                there.stream()
                    .filter(name::equals)
                    .findFirst()
                    .or(() -> there.stream().filter(name::equalsIgnoreCase).findFirst())
                    .orElseThrow(
                        () ->
                            new StageException(
                                stage
                                    + " requires the columns of '"
                                    + key
                                    + "' but there is no '"
                                    + name
                                    + "'. The view has: "
                                    + there
                                    + ".")))
        .toList();
  }
}
