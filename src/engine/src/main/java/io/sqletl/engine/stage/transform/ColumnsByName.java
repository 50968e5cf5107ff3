package io.sqletl.engine.stage.transform;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.ColumnName;
import io.sqletl.engine.stage.InternalColumn;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;

/**
 * Puts the columns of a view in the order of a schema where both name the same ones, whatever their
 * case. Typing goes by position, which is right where the view has no names of its own, or others.
 */
final class ColumnsByName {

  /** What columns are called that have no name. */
  private static final Pattern NO_NAME = Pattern.compile("_c\\d+");

  private final Dataset<Row> input;
  private final List<String> view;
  private final List<String> schema;
  private final List<String> firstRecord;
  private final List<String> described;
  private final StageContext context;

  /**
   * @param firstRecord the first record of a view without names, where it is known
   * @param described how another schema names the columns of such a view, in their order
   */
  ColumnsByName(
      Dataset<Row> input,
      List<String> schema,
      List<String> firstRecord,
      List<String> described,
      StageContext context) {
    this.input = input;
    this.view =
        Arrays.stream(input.schema().fields())
            .filter(field -> !InternalColumn.isInternal(field.metadata()))
            .map(StructField::name)
            .toList();
    this.schema = schema;
    this.firstRecord = firstRecord;
    this.described = described;
    this.context = context;
  }

  /**
   * The view with its columns in the order of the schema, internal ones last.
   *
   * @throws StageException when some names are the same and stand in other places, and others
   *     differ: then neither names nor positions say which column is which
   */
  Dataset<Row> inOrder() {
    List<String> want = keys(schema);
    boolean hasNoNames = keys(view).stream().allMatch(name -> NO_NAME.matcher(name).matches());
    boolean isHeader =
        hasNoNames
            && firstRecord.stream().allMatch(Objects::nonNull)
            && keys(firstRecord).equals(want);
    if (isHeader) {
      warn(
          "The first record of the view has the names of the schema ("
              + String.join(", ", firstRecord)
              + "), and is typed as data",
          "set \"header\": true in the DelimitedExtract if it is a header");
    }
    boolean isDescribed = hasNoNames && described.size() == view.size();
    List<String> names = isDescribed ? described : view;
    List<String> have = keys(names);
    boolean unclear =
        new HashSet<>(have).size() < have.size() || new HashSet<>(want).size() < want.size();
    if (have.equals(want) || unclear || have.size() != want.size() || hasNoNames && !isDescribed) {
      return input;
    }
    if (new HashSet<>(have).equals(new HashSet<>(want))) {
      warn(
          (isDescribed
                  ? "The schema of the extract names the columns in another order than this one ("
                  : "The view has the columns of the schema in another order (")
              + String.join(", ", names)
              + "), and they are typed by name",
          "write the schema in this order");
      return reordered(have, want);
    }
    List<String> renamed = new ArrayList<>();
    for (int i = 0; i < want.size(); i++) {
      if (!have.get(i).equals(want.get(i))) {
        if (want.contains(have.get(i)) || have.contains(want.get(i))) {
          throw new StageException(
              "The columns of the view and of the schema have some names in common, in other"
                  + " places, so that neither names nor positions tell which is which: the "
                  + (isDescribed ? "schema of the extract" : "view")
                  + " has "
                  + String.join(", ", names)
                  + "; the schema has "
                  + String.join(", ", schema)
                  + "; give the columns the names of the schema, or select them in its order under"
                  + " other names");
        }
        renamed.add(names.get(i) + " as " + schema.get(i));
      }
    }
    if (isDescribed) {
      // Where the file has no names, positions are what both schemas are about
      return input;
    }
    warn(
        "The view has other names than the schema, so columns are typed by position: "
            + String.join(", ", renamed),
        "give the columns the names of the schema if that is not what is meant");
    return input;
  }

  private void warn(String message, String remedy) {
    context.warn(ErrorCode.COLUMN_NAMES, message, remedy);
  }

  private Dataset<Row> reordered(List<String> have, List<String> want) {
    Map<String, String> names = new HashMap<>();
    for (int i = 0; i < have.size(); i++) {
      names.put(have.get(i), view.get(i));
    }
    List<Column> columns = new ArrayList<>();
    want.forEach(name -> columns.add(ColumnName.column(names.get(name))));
    Arrays.stream(input.schema().fields())
        .filter(field -> InternalColumn.isInternal(field.metadata()))
        .forEach(field -> columns.add(ColumnName.column(field.name())));
    return input.select(columns.toArray(Column[]::new));
  }

  private static List<String> keys(List<String> names) {
    return names.stream().map(name -> name.strip().toLowerCase(Locale.ROOT)).toList();
  }
}
