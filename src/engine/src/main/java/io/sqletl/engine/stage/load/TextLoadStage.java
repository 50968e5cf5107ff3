package io.sqletl.engine.stage.load;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.ColumnName;
import io.sqletl.engine.stage.IdleKeys;
import io.sqletl.engine.stage.RecordAccount;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Writes a view as text. */
public final class TextLoadStage implements StageType<TextLoad> {

  /** Where what stands around rows is written. */
  static final String IN_SINGLE_FILES = "with \"singleFile\": true";

  @Override
  public Class<TextLoad> configuration() {
    return TextLoad.class;
  }

  @Override
  public String description() {
    return "Writes a view of one string column as text, a line for each row; or single files whose"
        + " names and order are columns of the view.";
  }

  @Override
  public Stage plan(TextLoad keys, StagePlanning planning) {
    keys.target().check(keys.outputURI(), planning);
    XmlDeclaration.check(keys.prefix(), planning);
    boolean folder = !keys.target().singleFile();
    new IdleKeys(planning)
        .warn(folder && keys.prefix().isPresent(), "prefix", IN_SINGLE_FILES)
        .warn(folder && keys.separator().isPresent(), "separator", IN_SINGLE_FILES)
        .warn(folder && keys.suffix().isPresent(), "suffix", IN_SINGLE_FILES);
    warnOfFrames(keys, planning);
    if (keys.target().singleFile()) {
      SingleFiles.Wrapping wrapping =
          new SingleFiles.Wrapping(
              keys.prefix().orElse(""),
              keys.separator().orElse(""),
              keys.suffix().orElse(""),
              false);
      return context ->
          Optional.of(
              new SingleFiles(keys.target(), keys.outputURI(), wrapping)
                  .write(context.view(keys.target().inputView()), context));
    }
    return context -> {
      requireOneText(keys, context);
      return new FileLoad(
              "text",
              Map.of(),
              keys.target().directory(keys.outputURI().orElseThrow()),
              FormatRules.of(
                  WritableTypes.JSON, new WritableNames(name -> true, ""), new TextLines()))
          .run(context);
    };
  }

  /** Each load that adds rows to a file writes what stands around them once more. */
  private static void warnOfFrames(TextLoad keys, StagePlanning planning) {
    if (!keys.target().singleFile() || keys.target().saveMode() != SaveMode.Append) {
      return;
    }
    String key = keys.prefix().filter(text -> !text.isBlank()).isPresent() ? "prefix" : "suffix";
    if (keys.prefix().orElse("").isBlank() && keys.suffix().orElse("").isBlank()) {
      return;
    }
    planning
        .warnings()
        .accept(
            new Problem(
                ErrorCode.LOSSY_WRITE,
                planning.at(key),
                "With \"saveMode\": \"Append\" the \""
                    + key
                    + "\" stands among the rows of a file that is there",
                "leave it out, or write to another file"));
  }

  /** A file of text has lines and no NULL. */
  private record TextLines() implements FormatRules.Values {

    @Override
    public Column written(Column value, StructField field) {
      return value;
    }

    @Override
    public Column guarded(Column value, StructField field, String type) {
      return TextValues.encoded(value, field, type);
    }

    @Override
    public List<LossyValues.Kind> lossy(StructType columns, String zone) {
      Column value = ColumnName.column(columns.fields()[0].name());
      return List.of(
          new LossyValues.Kind(
              value.rlike("[\\r\\n]"),
              "hold line ends, so that they are read as several",
              "write them with \"singleFile\", or as JSON: to_json(struct(*))"),
          new LossyValues.Kind(
              value.isNull(),
              "of NULL are written as blank lines, and read as empty texts",
              "leave them out in a SQLTransform, or give them a text"));
    }
  }

  private static void requireOneText(TextLoad keys, StageContext context) {
    StructField[] columns =
        RecordAccount.withoutErrors(context.view(keys.target().inputView())).schema().fields();
    long texts = columns.length - keys.target().partitionBy().size();
    if (texts != 1) {
      throw new StageException(
          "TextLoad supports only a single text column but the input view has "
              + columns.length
              + " columns.");
    }
    for (StructField column : columns) {
      if (!keys.target().partitionBy().contains(column.name())
          && !(column.dataType() instanceof StringType)) {
        throw new StageException(
            "TextLoad supports only a single text column but the column '"
                + column.name()
                + "' is of type "
                + column.dataType().simpleString()
                + ".");
      }
    }
  }
}
