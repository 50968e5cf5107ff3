package io.sqletl.engine.run.failure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkThrowable;

/** What a Delta table has other than the view that is written to it. */
final class DeltaSchemas {

  private static final String METADATA_MISMATCH = "DELTA_METADATA_MISMATCH";
  private static final String FAILED_TO_MERGE = "DELTA_FAILED_TO_MERGE_FIELDS";
  private static final String INCOMPATIBLE = "DELTA_MERGE_INCOMPATIBLE_DATATYPE";
  private static final String DECIMALS = "DELTA_MERGE_INCOMPATIBLE_DECIMAL_TYPE";

  private static final Pattern SCHEMAS =
      Pattern.compile("Table schema:\\s*root\\R(.*?)Data schema:\\s*root\\R(.*)", Pattern.DOTALL);
  private static final Pattern FIELD =
      Pattern.compile("^((?: \\|   | {5})*) \\|-- (.+): (\\w[^\\s]*) ?\\(", Pattern.MULTILINE);
  private static final Pattern PARTITIONS = Pattern.compile("Given: \\[(.*)]\\s*Table: \\[(.*)]");

  private DeltaSchemas() {}

  static Optional<Diagnosis> of(Chain chain, FailedStage stage) {
    String view =
        stage == null
            ? "the view"
            : stage.inputView().map(name -> "the view \"" + name + "\"").orElse("the view");
    Optional<Throwable> mismatch = chain.outermost(error -> is(error, METADATA_MISMATCH));
    if (mismatch.isPresent()) {
      return mismatch(mismatch.get().getMessage(), view);
    }
    return chain
        .outermost(error -> is(error, FAILED_TO_MERGE))
        .flatMap(error -> types(chain, view));
  }

  private static Optional<Diagnosis> mismatch(String message, String view) {
    Matcher partitions = PARTITIONS.matcher(message);
    if (partitions.find()) {
      String own = partitions.group(2).replace("`", "");
      return Optional.of(
          Diagnosis.of(
              "The table is partitioned by "
                  + (own.isBlank() ? "nothing" : own)
                  + ", and \"partitionBy\" says "
                  + (partitions.group(1).isBlank()
                      ? "nothing"
                      : partitions.group(1).replace("`", "")),
              "write \"partitionBy\" as the table has it, or make the table anew with saveMode"
                  + " Overwrite and overwriteSchema true"));
    }
    Matcher schemas = SCHEMAS.matcher(message);
    if (!schemas.find()) {
      return Optional.empty();
    }
    Map<String, String> table = fields(schemas.group(1));
    List<String> added = new ArrayList<>();
    fields(schemas.group(2))
        .forEach(
            (name, type) -> {
              if (table.keySet().stream().noneMatch(name::equalsIgnoreCase)) {
                added.add(name + " (" + type + ")");
              }
            });
    if (added.isEmpty()) {
      return Optional.empty();
    }
    boolean one = added.size() == 1;
    return Optional.of(
        Diagnosis.of(
            "The table has no column "
                + String.join(", ", added)
                + ", and "
                + view
                + " has; the table's are "
                + String.join(", ", table.keySet()),
            "set \"mergeSchema\": true to add "
                + (one ? "it" : "them")
                + " to the table, or leave "
                + (one ? "it" : "them")
                + " out of the view"));
  }

  /** The fields of a printed schema, nested ones by their path, and their types. */
  private static Map<String, String> fields(String printed) {
    Map<String, String> fields = new LinkedHashMap<>();
    List<String> path = new ArrayList<>();
    Matcher field = FIELD.matcher(printed);
    while (field.find()) {
      int depth = field.group(1).length() / 5;
      while (path.size() > depth) {
        path.remove(path.size() - 1);
      }
      path.add(field.group(2));
      fields.put(String.join(".", path), field.group(3));
    }
    return fields;
  }

  private static Optional<Diagnosis> types(Chain chain, String view) {
    List<String> path = new ArrayList<>();
    Optional<SparkThrowable> types = Optional.empty();
    for (Throwable error : chain.outermostFirst()) {
      if (is(error, FAILED_TO_MERGE)) {
        path.add(((SparkThrowable) error).getMessageParameters().get("currentField"));
      } else if (is(error, INCOMPATIBLE) || is(error, DECIMALS)) {
        types = Optional.of((SparkThrowable) error);
      }
    }
    String column = String.join(".", path);
    if (types.isEmpty() || is((Throwable) types.get(), DECIMALS)) {
      String why = types.map(error -> ": " + SparkText.of((Throwable) error)).orElse("");
      return Optional.of(
          Diagnosis.of(
              "The column " + column + " of " + view + " does not fit the table's" + why,
              "cast it in the view to the table's type"));
    }
    Map<String, String> parameters = types.get().getMessageParameters();
    String inTable = SparkText.type(parameters.getOrDefault("currentDataType", "another type"));
    String inView = SparkText.type(parameters.getOrDefault("updateDataType", "another type"));
    return Optional.of(
        Diagnosis.of(
            "The column "
                + column
                + " is "
                + inTable
                + " in the table and "
                + inView
                + " in "
                + view,
            "cast it in the view, as in CAST("
                + column
                + " AS "
                + inTable
                + "), or make the table anew with saveMode Overwrite"));
  }

  private static boolean is(Throwable error, String condition) {
    return error instanceof SparkThrowable spark && condition.equals(spark.getCondition());
  }
}
