package io.sqletl.engine.stage.history;

import io.sqletl.engine.job.NearestName;
import io.sqletl.engine.stage.ColumnName;
import io.sqletl.engine.stage.InternalColumn;
import io.sqletl.engine.stage.StageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.expressions.RowOrdering;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Finds the columns of a load in the view and in the table, or says which is missing. */
final class ColumnResolution {

  private final String view;
  private final HistoryRules rules;
  private final List<StructField> fields;
  private final Optional<LoadTime> time;

  /**
   * @param view the name of the view, for messages
   * @param schema of the view
   */
  ColumnResolution(String view, StructType schema, HistoryRules rules) {
    this.view = view;
    this.rules = rules;
    this.fields =
        Arrays.stream(schema.fields())
            .filter(field -> !InternalColumn.isInternal(field.metadata()))
            // That this view has no NULL in a column, or inside of one, says nothing of the next
            .map(
                field ->
                    new StructField(
                        field.name(), field.dataType().asNullable(), true, field.metadata()))
            .toList();
    this.time =
        rules.sequenceBy().size() == 1 ? timeOf(rules.sequenceBy().get(0)) : Optional.empty();
  }

  private Optional<LoadTime> timeOf(String text) {
    return ColumnName.find(fields, text).isPresent() ? Optional.empty() : LoadTime.of(text);
  }

  /** The time of all rows, if it is not in a column. */
  Optional<LoadTime> time() {
    return time;
  }

  /** The columns of a table that this load makes. */
  HistoryColumns ofNewTable() {
    List<StructField> sequence = sequence();
    DataType type = time.map(LoadTime::type).orElseGet(() -> typeOf(sequence));
    List<StructField> data = data();
    HistoryLayout layout = layout(keysIn(fields), sequence);
    StructType table = new StructType();
    for (StructField field : data) {
      table = table.add(field);
    }
    for (String name : layout.made()) {
      requireFree(name, data);
      boolean isMark =
          Optional.of(name).equals(layout.isCurrent())
              || Optional.of(name).equals(layout.isDeleted());
      table = table.add(name, isMark ? DataTypes.BooleanType : type, true);
    }
    return columns(layout, table, data, sequence, type);
  }

  /**
   * The columns of a table that is there, with those that are new where the load may add them.
   *
   * @throws StageException if the table is no history, or another one
   */
  HistoryColumns ofTable(HistoryTable existing, String uri) {
    StructType table = existing.schema();
    List<StructField> all = List.of(table.fields());
    HistoryLayout stored = existing.layout().orElse(null);
    List<StructField> viewSequence = sequence();
    HistoryLayout layout = layout(keysIn(fields), viewSequence);
    if (stored != null) {
      requireColumns(stored, all, uri);
      new LayoutComparison(uri, stored).require(layout);
      layout = stored;
    } else {
      layout = inTable(layout, all, uri);
    }
    Set<String> made = new LinkedHashSet<>(layout.made());
    List<StructField> data =
        new ArrayList<>(all.stream().filter(field -> !made.contains(field.name())).toList());
    List<StructField> given = data();
    List<String> missing =
        data.stream()
            .map(StructField::name)
            .filter(name -> ColumnName.find(given, name).isEmpty())
            .toList();
    if (!missing.isEmpty()) {
      throw new StageException(
          "The view \""
              + view
              + "\" lacks "
              + quoted(missing)
              + " of the table at '"
              + uri
              + "'. Add them to the view, as NULL if they are no longer known.");
    }
    made.forEach(name -> requireFree(name, given));
    List<StructField> fresh =
        given.stream().filter(field -> ColumnName.find(data, field.name()).isEmpty()).toList();
    if (!fresh.isEmpty() && !rules.schemaEvolution()) {
      throw new StageException(
          "The view \""
              + view
              + "\" has "
              + quoted(fresh.stream().map(StructField::name).toList())
              + ", which the table at '"
              + uri
              + "' has not. Set \"schemaEvolution\" to true to add them to the table, or name them"
              + " in \"exceptColumns\".");
    }
    for (StructField field : fresh) {
      table = table.add(field);
      data.add(field);
    }
    List<StructField> sequence = new ArrayList<>();
    viewSequence.forEach(field -> sequence.add(ColumnName.find(data, field.name()).orElse(field)));
    DataType type =
        layout.validFrom().map(name -> typeIn(all, name)).orElseGet(() -> typeOf(sequence));
    return columns(layout, table, data, sequence, type);
  }

  /** What overwrites a table leaves its properties, which say that it is a history. */
  private static void requireColumns(HistoryLayout stored, List<StructField> all, String uri) {
    Stream.concat(stored.made().stream(), stored.keys().stream())
        .filter(name -> ColumnName.find(all, name).isEmpty())
        .findFirst()
        .ifPresent(
            name -> {
              throw new StageException(
                  "The table at '"
                      + uri
                      + "' is not a history any more: it has no column \""
                      + name
                      + "\", as after another load that replaced it. Go back to a version of it"
                      + " that has the column (RESTORE TABLE), or load into another place.");
            });
  }

  private static DataType typeIn(List<StructField> all, String name) {
    return ColumnName.find(all, name).orElseThrow().dataType();
  }

  /** A table without the property is taken for a history if it has the columns of one. */
  private HistoryLayout inTable(HistoryLayout layout, List<StructField> all, String uri) {
    for (String name : layout.made()) {
      StructField field = ColumnName.find(all, name).orElse(null);
      boolean isMark =
          Optional.of(name).equals(layout.isCurrent())
              || Optional.of(name).equals(layout.isDeleted());
      if (field == null || isMark && !field.dataType().equals(DataTypes.BooleanType)) {
        throw new StageException(
            "The table at '"
                + uri
                + "' is not a history: it has no "
                + (isMark ? "boolean " : "")
                + "column \""
                + name
                + "\". Load into another place, or give \"validFrom\", \"validTo\" and"
                + " \"isCurrent\" as the table calls them.");
      }
    }
    List<String> keys =
        layout.keys().stream()
            .map(
                key ->
                    ColumnName.find(all, key)
                        .orElseThrow(
                            () ->
                                new StageException(
                                    "The table at '"
                                        + uri
                                        + "' is not a history of these keys: it has no column \""
                                        + key
                                        + "\"."))
                        .name())
            .toList();
    return new HistoryLayout(
        layout.type(),
        keys,
        layout.sequence(),
        named(layout.validFrom(), all),
        named(layout.validTo(), all),
        named(layout.isCurrent(), all),
        named(layout.isDeleted(), all),
        layout.openEnd());
  }

  private static Optional<String> named(Optional<String> name, List<StructField> all) {
    return name.flatMap(text -> ColumnName.find(all, text)).map(StructField::name);
  }

  private HistoryLayout layout(List<StructField> keys, List<StructField> sequence) {
    boolean versions = rules.type() == HistoryType.VERSIONS;
    // The newest alone needs a start only where no column of the view tells it
    Optional<String> from = versions || sequence.isEmpty() ? rules.validFrom() : Optional.empty();
    boolean tombstones = rules.onDelete() == Choices.OnDelete.tombstone;
    return new HistoryLayout(
        rules.type(),
        keys.stream().map(StructField::name).toList(),
        sequence.stream().map(StructField::name).toList(),
        from,
        versions ? rules.validTo() : Optional.empty(),
        versions ? rules.isCurrent() : Optional.empty(),
        tombstones ? rules.isDeleted() : Optional.empty(),
        versions ? rules.openEnd() : Optional.empty());
  }

  private HistoryColumns columns(
      HistoryLayout layout,
      StructType table,
      List<StructField> data,
      List<StructField> sequence,
      DataType type) {
    if (!RowOrdering.isOrderable(type)) {
      throw new StageException(
          "\"sequenceBy\" is of the type " + type.catalogString() + ", which has no order.");
    }
    List<StructField> keys = keysIn(data);
    for (StructField key : keys) {
      if (!RowOrdering.isOrderable(key.dataType())) {
        throw new StageException(
            "The column \""
                + key.name()
                + "\" of the type "
                + key.dataType().catalogString()
                + " cannot be a key.");
      }
    }
    List<StructField> others =
        data.stream()
            .filter(field -> ColumnName.find(keys, field.name()).isEmpty())
            .filter(field -> ColumnName.find(sequence, field.name()).isEmpty())
            .filter(field -> rules.latestBy().filter(field.name()::equalsIgnoreCase).isEmpty())
            .toList();
    List<StructField> ignored = resolve("ignoreColumns", rules.ignoreColumns(), data);
    List<StructField> tracked =
        rules.trackColumns().isEmpty()
            ? others.stream().filter(field -> !ignored.contains(field)).toList()
            : resolve("trackColumns", rules.trackColumns(), data);
    List<StructField> untracked =
        others.stream().filter(field -> !tracked.contains(field)).toList();
    return new HistoryColumns(layout, table, data, keys, tracked, untracked, sequence, type);
  }

  private List<StructField> keysIn(List<StructField> columns) {
    return resolve("keys", rules.keys(), columns);
  }

  private List<StructField> sequence() {
    if (time.isPresent()) {
      return List.of();
    }
    if (rules.sequenceBy().size() == 1
        && ColumnName.find(fields, rules.sequenceBy().get(0)).isEmpty()) {
      String text = rules.sequenceBy().get(0);
      throw new StageException(
          "\"sequenceBy\" is \""
              + text
              + "\", which is neither a column of the view \""
              + view
              + "\" nor a date, a timestamp or a whole number."
              + NearestName.question(text, names()).map(question -> " " + question).orElse(""));
    }
    return resolve("sequenceBy", rules.sequenceBy(), fields);
  }

  private static DataType typeOf(List<StructField> sequence) {
    return sequence.size() == 1
        ? sequence.get(0).dataType()
        : DataTypes.createStructType(
            sequence.stream()
                .map(field -> DataTypes.createStructField(field.name(), field.dataType(), true))
                .toList());
  }

  private List<StructField> data() {
    List<StructField> excepted = resolve("exceptColumns", rules.exceptColumns(), fields);
    List<StructField> data = fields.stream().filter(field -> !excepted.contains(field)).toList();
    resolve("keys", rules.keys(), data);
    rules.latestBy().ifPresent(name -> resolve("latestBy", List.of(name), fields));
    boolean isStored =
        rules.type() == HistoryType.VERSIONS && rules.validFrom().isPresent() || time.isPresent();
    if (!isStored) {
      resolve("sequenceBy", rules.sequenceBy(), data);
    }
    return data;
  }

  private List<StructField> resolve(String key, List<String> names, List<StructField> columns) {
    List<StructField> found = new ArrayList<>();
    for (String name : names) {
      found.add(
          ColumnName.find(columns, name)
              .orElseThrow(
                  () ->
                      new StageException(
                          "\""
                              + key
                              + "\" names the column \""
                              + name
                              + "\", which the view \""
                              + view
                              + "\" has not."
                              + NearestName.question(name, names())
                                  .map(question -> " " + question)
                                  .orElse(" It has " + quoted(names()) + "."))));
    }
    return found;
  }

  private List<String> names() {
    return fields.stream().map(StructField::name).toList();
  }

  private void requireFree(String name, List<StructField> data) {
    if (ColumnName.find(data, name).isPresent()) {
      throw new StageException(
          "The view \""
              + view
              + "\" has a column \""
              + name
              + "\", and the load makes one of this name. Give another name to \"validFrom\","
              + " \"validTo\", \"isCurrent\" or \"isDeleted\", or leave the view's column out by"
              + " \"exceptColumns\".");
    }
  }

  private static String quoted(List<String> names) {
    return (names.size() == 1 ? "the column " : "the columns ")
        + String.join(", ", names.stream().map(name -> "\"" + name + "\"").toList());
  }
}
