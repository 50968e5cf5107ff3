package io.sqletl.engine.stage.load;

import static org.apache.spark.sql.functions.to_xml;

import io.sqletl.engine.stage.ColumnName;
import io.sqletl.engine.stage.IdleKeys;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Writes a view as XML. */
public final class XMLLoadStage implements StageType<XMLLoad> {

  private static final String VALUE = "value";
  private static final String ROW = "ROW";

  @Override
  public Class<XMLLoad> configuration() {
    return XMLLoad.class;
  }

  @Override
  public String description() {
    return "Writes a view as XML files, a ROW for each row, columns whose names begin with _ as"
        + " attributes; or single files of the documents that the column value holds as structures.";
  }

  @Override
  public Stage plan(XMLLoad keys, StagePlanning planning) {
    keys.target().check(Optional.of(keys.outputURI()), planning);
    XmlDeclaration.check(keys.prefix(), planning);
    new IdleKeys(planning)
        .warn(
            !keys.target().singleFile() && keys.prefix().isPresent(),
            "prefix",
            TextLoadStage.IN_SINGLE_FILES);
    if (keys.target().singleFile()) {
      SingleFiles.Wrapping wrapping =
          new SingleFiles.Wrapping(keys.prefix().orElse(""), "\n", "", true);
      return context ->
          Optional.of(
              new SingleFiles(keys.target(), Optional.of(keys.outputURI()), wrapping)
                  .write(documents(keys, context), context));
    }
    return context -> {
      StructType columns = context.view(keys.target().inputView()).schema();
      return new FileLoad(
              "xml",
              options(ROW, columns),
              keys.target().directory(keys.outputURI()),
              XmlValues.RULES)
          .run(context);
    };
  }

  /** The view with its column value as text. */
  private static Dataset<Row> documents(XMLLoad keys, StageContext context) {
    Dataset<Row> rows = context.view(keys.target().inputView());
    Column[] columns =
        Arrays.stream(rows.schema().fields())
            .map(
                field ->
                    field.name().equals(VALUE) && field.dataType() instanceof StructType
                        ? document(field, rows, keys, context).as(VALUE)
                        : ColumnName.column(field.name()))
            .toArray(Column[]::new);
    return rows.select(columns);
  }

  private static Map<String, String> options(String rowTag, StructType content) {
    Map<String, String> options = new TreeMap<>(TextValues.TIMES);
    options.put("rowTag", rowTag);
    if (XmlAttributes.isMixed(content)) {
      // What stands between a text and the next element is a part of the text
      options.put("indent", "");
    }
    return options;
  }

  /** A structure of one structure is the document's root; others are wrapped in a ROW. */
  private static Column document(
      StructField field, Dataset<Row> rows, XMLLoad keys, StageContext context) {
    XmlAttributes.require(field, context.type());
    Column value = XmlValues.RULES.prepare(field, rows, keys.target().inputView(), context.type());
    StructType fields = (StructType) field.dataType();
    StructField[] parts = fields.fields();
    return parts.length == 1 && parts[0].dataType() instanceof StructType root
        ? to_xml(value.getField(parts[0].name()), options(parts[0].name(), root))
        : to_xml(value, options(ROW, fields));
  }
}
