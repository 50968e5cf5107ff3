package io.sqletl.engine.stage.transform;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyGroup;
import io.sqletl.engine.job.KeyText;
import io.sqletl.engine.stage.OutputView;
import io.sqletl.engine.stage.StorageAccess;

/** The keys of MetadataTransform. */
public record MetadataTransform(
    @Key(
            value = "The view whose columns are given metadata.",
            required = true,
            role = Key.Role.INPUT_VIEW)
        String inputView,
    @KeyGroup OutputView output,
    @KeyGroup SchemaChoice source,
    @Key(
            value =
                "What happens when schema and view have different columns: those of both get their"
                    + " metadata, or the run fails.",
            defaultValue = "permissive")
        Match failMode,
    @KeyGroup StorageAccess access) {

  /** Which columns schema and view must have. */
  public enum Match implements KeyText {
    PERMISSIVE("permissive"),
    FAILFAST("failfast");

    private final String text;

    Match(String text) {
      this.text = text;
    }

    @Override
    public String text() {
      return text;
    }
  }
}
