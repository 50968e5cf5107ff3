package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import java.util.Optional;

/** Makes a view of ORC files. */
public final class ORCExtractStage implements StageType<ORCExtract> {

  @Override
  public Class<ORCExtract> configuration() {
    return ORCExtract.class;
  }

  @Override
  public String description() {
    return "Makes a view of ORC files; a column that only some files have is null for the others,"
        + " and one of several types has the widest.";
  }

  @Override
  public Stage plan(ORCExtract keys, StagePlanning planning) {
    InputSource input = InputSource.ofFiles(keys.inputURI());
    input.check(planning);
    keys.reading().access().check(planning);
    return new FileExtract(
        new SelfDescribingFormat(
            "orc",
            SelfDescribingFormat.MERGED,
            Optional.of(MissingInput.NO_FILES),
            /* isDeclared */ false,
            keys.reading().basePath()),
        input,
        keys.reading(),
        keys.schema().plan(planning),
        keys.output());
  }
}
