package io.sqletl.engine.stage.load;

import static org.apache.spark.sql.functions.exists;
import static org.apache.spark.sql.functions.map_keys;
import static org.apache.spark.sql.functions.map_values;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.size;

import io.sqletl.engine.stage.ColumnName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** What XML makes of values. */
final class XmlValues implements FormatRules.Values {

  /** A name of an element; behind _ that of an attribute. */
  private static final Pattern NAME = Pattern.compile("_?[\\p{L}_][\\p{L}\\p{N}_.\\-]*");

  /** No document can hold them, not even escaped. */
  private static final String NOT_XML = "[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\uFFFE\\uFFFF]";

  static final FormatRules RULES =
      FormatRules.of(
          WritableTypes.XML,
          new WritableNames(
              name -> NAME.matcher(name).matches(),
              "names in XML are letters, digits, _, - and ., a letter first"),
          new XmlValues());

  @Override
  public Column written(Column value, StructField field) {
    Column plain = TextValues.plain(value, field);
    return plain == value ? XmlAttributes.written(value, field) : plain;
  }

  @Override
  public Column guarded(Column value, StructField field, String type) {
    XmlAttributes.require(field, type);
    Column encoded =
        flat(named(TextValues.encoded(value, field, type), value, field, type), value, field, type);
    Column once = RepeatedMapKeys.refused(encoded, value, field, type);
    return refusing(
        Guard.anyText(value, field.dataType(), text -> text.rlike(NOT_XML)),
        once,
        field,
        type,
        "a value holds a control character, which XML has no way to write. Remove it, or write"
            + " base64(…) of the value.");
  }

  /** The keys of maps are the names of elements. */
  private static Column named(Column written, Column value, StructField field, String type) {
    return refusing(
        Guard.any(
            value,
            field.dataType(),
            MapType.class::isInstance,
            map -> exists(map_keys(map), key -> not(key.rlike("^(?:" + NAME + ")$")))),
        written,
        field,
        type,
        "a key of a map is no name of XML, which is letters, digits, _, - and ., a letter first."
            + " Write map_entries(…) of it.");
  }

  /** The keys of maps may be names of attributes, which hold no lists and structures. */
  private static Column flat(Column written, Column value, StructField field, String type) {
    return refusing(
        XmlAttributes.anyNestedOfMap(value, field.dataType()),
        written,
        field,
        type,
        "a key of a map begins with _, so that it is an attribute, and its value is a list or has"
            + " fields. Give it a key without the _, or write the value as text, such as"
            + " to_json(…).");
  }

  private static Column refusing(
      Optional<Column> isWrong, Column written, StructField field, String type, String why) {
    return isWrong
        .map(
            wrong ->
                Guard.against(
                    written,
                    wrong,
                    type + " cannot write the column '" + field.name() + "': " + why,
                    null))
        .orElse(written);
  }

  @Override
  public List<LossyValues.Kind> lossy(StructType columns, String zone) {
    List<LossyValues.Kind> kinds = new ArrayList<>(OffsetsOfSeconds.of(columns, zone));
    kinds.addAll(LateYears.of(columns));
    for (StructField field : columns.fields()) {
      Column value = ColumnName.column(field.name());
      Optional<Column> trimmed =
          Guard.anyText(value, field.dataType(), text -> text.rlike("^\\s|\\s$|^$|\\r"));
      trimmed.ifPresent(
          isLossy ->
              kinds.add(
                  new LossyValues.Kind(
                      isLossy,
                      "of column '"
                          + field.name()
                          + "' hold an empty text, blanks at an end or a carriage return; readers"
                          + " of XML take them away",
                      "trim them, or write them in another format")));
      Guard.any(
              value,
              field.dataType(),
              ArrayType.class::isInstance,
              list -> size(list).equalTo(0).or(exists(list, Column::isNull)))
          .ifPresent(
              isLossy ->
                  kinds.add(
                      new LossyValues.Kind(
                          isLossy,
                          "of column '"
                              + field.name()
                              + "' have an empty list, or NULL in one; XML has neither, and they"
                              + " read back as NULL and as a shorter list",
                          "filter(…, x -> x IS NOT NULL), or write them in another format")));
      Guard.any(
              value,
              field.dataType(),
              MapType.class::isInstance,
              map -> exists(map_values(map), Column::isNull))
          .ifPresent(
              isLossy ->
                  kinds.add(
                      new LossyValues.Kind(
                          isLossy,
                          "of column '"
                              + field.name()
                              + "' have a map with NULL for a key; XML has no such element, and the"
                              + " key is gone when they are read",
                          "give such keys a value, such as"
                              + " transform_values(…, (k, x) -> coalesce(x, '')), write"
                              + " map_entries(…) of it, or write them in another format")));
    }
    return kinds;
  }
}
