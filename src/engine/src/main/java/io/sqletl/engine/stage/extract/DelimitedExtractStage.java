package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.LineLayout;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** Makes a view of delimited text, every column of it text. */
public final class DelimitedExtractStage implements StageType<DelimitedExtract> {

  @Override
  public Class<DelimitedExtract> configuration() {
    return DelimitedExtract.class;
  }

  @Override
  public String description() {
    return "Makes a view of delimited text files such as CSV; every column is text, for a"
        + " TypingTransform to type.";
  }

  @Override
  public Stage plan(DelimitedExtract keys, StagePlanning planning) {
    keys.input().check(planning);
    keys.format().check(planning);
    keys.reading().access().check(planning);
    if (keys.escape().length() > 1) {
      planning.invalid(
          "escape", "\"escape\" cannot be \"" + keys.escape() + "\"", "give one character or none");
    }
    return new FileExtract(
        new Format(keys),
        keys.input(),
        keys.reading(),
        keys.schema().plan(planning),
        keys.output());
  }

  private record Format(DelimitedExtract keys) implements FileFormat {

    @Override
    public String name() {
      return "csv";
    }

    @Override
    public Map<String, String> options() {
      Map<String, String> options = keys.format().options();
      options.put("inferSchema", "false");
      // Nothing between delimiters is NULL, a pair of quotes an empty text; by Spark's default both
      // would be NULL. No value is this text
      options.put("nullValue", "\u0000NULL");
      options.put("multiLine", Boolean.toString(keys.multiLine()));
      options.put("escape", keys.escape());
      return options;
    }

    @Override
    public LineLayout layout() {
      return keys.multiLine() ? LineLayout.NONE : LineLayout.lines(keys.format().header() ? 1 : 0);
    }

    @Override
    public Optional<MissingInput> blankFiles() {
      return Optional.of(MissingInput.NO_FIELDS);
    }

    @Override
    public Optional<StructType> columns(SparkSession spark, InputFiles files) {
      return Optional.of(new FirstRecord(spark, options()).columns(files.withContent()));
    }

    @Override
    public Dataset<Row> read(DataFrameReader reader, Dataset<String> texts) {
      return reader.csv(texts);
    }
  }
}
