package io.sqletl.engine.stage.validate;

import io.sqletl.engine.stage.DataUri;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import io.sqletl.engine.stage.delta.DeltaCommits;
import io.sqletl.engine.stage.delta.DeltaVersion;
import io.sqletl.engine.stage.history.StoredHistory;
import java.util.Optional;

/** Fails the job when the versions of a history contradict each other. */
public final class DeltaLakeHistoryValidateStage implements StageType<DeltaLakeHistoryValidate> {

  @Override
  public Class<DeltaLakeHistoryValidate> configuration() {
    return DeltaLakeHistoryValidate.class;
  }

  @Override
  public String description() {
    return "Fails the job when a table that DeltaLakeHistoryLoad made is not a sound history: a"
        + " version overlaps another of its thing, ends before it begins, is open beside another"
        + " that is, is wrongly marked as the current one, or has NULL in its key.";
  }

  @Override
  public Stage plan(DeltaLakeHistoryValidate keys, StagePlanning planning) {
    DataUri.checkTable(planning, "inputURI", keys.inputURI());
    keys.access().check(planning);
    keys.options().ifPresent(options -> options.check(planning));
    return context -> {
      validate(keys, context);
      return Optional.empty();
    };
  }

  private static void validate(DeltaLakeHistoryValidate keys, StageContext context) {
    context.detail("input", keys.inputURI());
    keys.access().apply(keys.inputURI(), context);
    // So that what is counted is what is shown
    context.keepVersion();
    DeltaCommits commits = DeltaCommits.of(context.spark(), keys.inputURI());
    if (!commits.exist()) {
      throw new StageException("There is no Delta table at '" + keys.inputURI() + "'.");
    }
    long versions =
        StoredHistory.of(
                DeltaVersion.read(keys.inputURI(), keys.options(), commits, context),
                commits,
                keys.inputURI())
            .validate(keys.nullKeys());
    context.detail("versions", versions);
  }
}
