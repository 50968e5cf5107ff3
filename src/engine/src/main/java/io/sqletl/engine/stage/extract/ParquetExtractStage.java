package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;

/** Makes a view of Parquet files. */
public final class ParquetExtractStage implements StageType<ParquetExtract> {

  @Override
  public Class<ParquetExtract> configuration() {
    return ParquetExtract.class;
  }

  @Override
  public String description() {
    return "Makes a view of Parquet files of any writer; a column that only some files have is null for"
        + " the others, one of several types has the widest, and nanoseconds become microseconds.";
  }

  @Override
  public Stage plan(ParquetExtract keys, StagePlanning planning) {
    InputSource input = InputSource.ofFiles(keys.inputURI());
    input.check(planning);
    keys.reading().access().check(planning);
    return new FileExtract(
        new ParquetFormat(keys.reading().basePath()),
        input,
        keys.reading(),
        keys.schema().plan(planning),
        keys.output());
  }
}
