package io.sqletl.engine.stage.transform;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyGroup;
import io.sqletl.engine.job.KeyText;
import io.sqletl.engine.stage.OutputView;
import io.sqletl.engine.stage.StorageAccess;
import io.sqletl.engine.typing.FailMode;

/** The keys of TypingTransform. */
public record TypingTransform(
    @Key(
            value =
                "The view whose columns of text are typed: by name where it has the names of the"
                    + " schema in another order, else by position.",
            required = true,
            role = Key.Role.INPUT_VIEW)
        String inputView,
    @KeyGroup OutputView output,
    @KeyGroup SchemaChoice source,
    @Key(
            value =
                "What happens to a value that does not fit its column: it becomes null and the"
                    + " row's _errors says why, or the run fails at the first one. A column that"
                    + " may not be null fails either way.",
            defaultValue = "permissive")
        OnError failMode,
    @KeyGroup StorageAccess access) {

  /** What happens to a value that does not fit its column. */
  public enum OnError implements KeyText {
    PERMISSIVE("permissive", FailMode.PERMISSIVE),
    FAILFAST("failfast", FailMode.FAILFAST);

    private final String text;
    private final FailMode mode;

    OnError(String text, FailMode mode) {
      this.text = text;
      this.mode = mode;
    }

    @Override
    public String text() {
      return text;
    }

    FailMode mode() {
      return mode;
    }
  }
}
