package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.MetadataView;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import java.util.Optional;

/** Makes a view of what is known of another view's columns. */
public final class MetadataExtractStage implements StageType<MetadataExtract> {

  @Override
  public Class<MetadataExtract> configuration() {
    return MetadataExtract.class;
  }

  @Override
  public String description() {
    return "Makes a view of the columns of a view: a row for each, with its name, type and metadata"
        + " as a schema file has them.";
  }

  @Override
  public Stage plan(MetadataExtract keys, StagePlanning planning) {
    return context ->
        Optional.of(
            keys.output().register(MetadataView.of(context.view(keys.inputView())), context));
  }
}
