package io.sqletl.engine.stage.extract;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyGroup;
import io.sqletl.engine.job.KeyText;
import io.sqletl.engine.stage.OutputView;
import io.sqletl.engine.stage.StorageAccess;

/** The keys of BytesExtract. */
public record BytesExtract(
    @KeyGroup PathSource input,
    @KeyGroup OutputView output,
    @Key(
            value =
                "What happens when there is no file: the stage fails, or the view is empty"
                    + " (permissive).",
            defaultValue = "failfast")
        WithoutFiles failMode,
    @Key(
            value = "Changes nothing, as in Arc: a row is a file, and has no number in it.",
            defaultValue = "true")
        boolean contiguousIndex,
    @KeyGroup StorageAccess access) {

  /** What happens when there is no file. */
  public enum WithoutFiles implements KeyText {
    FAILFAST("failfast"),
    PERMISSIVE("permissive");

    private final String text;

    WithoutFiles(String text) {
      this.text = text;
    }

    @Override
    public String text() {
      return text;
    }
  }
}
