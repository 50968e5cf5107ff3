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

/** Makes a view of JSON. */
public final class JSONExtractStage implements StageType<JSONExtract> {

  @Override
  public Class<JSONExtract> configuration() {
    return JSONExtract.class;
  }

  @Override
  public String description() {
    return "Makes a view of JSON files; a schema decides which fields are read and how, without one"
        + " the data are looked through first.";
  }

  @Override
  public Stage plan(JSONExtract keys, StagePlanning planning) {
    keys.input().check(planning);
    keys.reading().access().check(planning);
    return new FileExtract(
        new Format(keys.multiLine()),
        keys.input(),
        keys.reading(),
        keys.schema().plan(planning),
        keys.output());
  }

  private record Format(boolean multiLine) implements FileFormat {

    @Override
    public String name() {
      return "json";
    }

    @Override
    public Map<String, String> options() {
      return Map.of("multiLine", Boolean.toString(multiLine));
    }

    @Override
    public LineLayout layout() {
      return multiLine ? LineLayout.NONE : LineLayout.lines(0);
    }

    @Override
    public Optional<MissingInput> blankFiles() {
      return Optional.of(MissingInput.NO_FIELDS);
    }

    @Override
    public SchemaUse schemaUse() {
      return SchemaUse.READ;
    }

    @Override
    public Dataset<Row> read(DataFrameReader reader, Dataset<String> texts) {
      return reader.json(texts);
    }
  }
}
