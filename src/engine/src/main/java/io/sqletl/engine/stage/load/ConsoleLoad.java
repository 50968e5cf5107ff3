package io.sqletl.engine.stage.load;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyText;

/** The keys of ConsoleLoad. */
public record ConsoleLoad(
    @Key(value = "The stream that is printed.", required = true, role = Key.Role.INPUT_VIEW)
        String inputView,
    @Key(
            value =
                "What is printed each time: the new rows, all rows of the result, or those that"
                    + " changed.",
            defaultValue = "Append")
        Output outputMode) {

  /** What is printed each time. */
  public enum Output implements KeyText {
    APPEND("Append"),
    COMPLETE("Complete"),
    UPDATE("Update");

    private final String text;

    Output(String text) {
      this.text = text;
    }

    @Override
    public String text() {
      return text;
    }
  }
}
