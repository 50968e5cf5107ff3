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

/** Makes a view of Parquet files. */
public final class ParquetExtractStage implements StageType<ParquetExtract> {

  @Override
  public Class<ParquetExtract> configuration() {
    return ParquetExtract.class;
  }

  @Override
  public String description() {
    return "Makes a view of Parquet files; a column that only some files have is null for the"
        + " others.";
  }

  @Override
  public Stage plan(ParquetExtract keys, StagePlanning planning) {
    InputSource input =
        new InputSource(Optional.of(keys.inputURI()), Optional.empty(), Optional.empty());
    input.check(planning);
    keys.reading().access().check(planning);
    return new FileExtract(
        new Format(), input, keys.reading(), keys.schema().plan(planning), keys.output());
  }

  private record Format() implements FileFormat {

    @Override
    public String name() {
      return "parquet";
    }

    @Override
    public Map<String, String> options() {
      return Map.of("mergeSchema", "true");
    }

    @Override
    public LineLayout layout() {
      return LineLayout.NONE;
    }

    @Override
    public boolean numbersRows() {
      return true;
    }

    @Override
    public boolean canBeBlank() {
      return false;
    }

    @Override
    public SchemaUse schemaUse() {
      return SchemaUse.METADATA;
    }

    @Override
    public Optional<StructType> columns(SparkSession spark, InputFiles files) {
      return Optional.empty();
    }

    @Override
    public Dataset<Row> read(DataFrameReader reader, Dataset<String> texts) {
      throw new IllegalStateException("Parquet is no text");
    }
  }
}
