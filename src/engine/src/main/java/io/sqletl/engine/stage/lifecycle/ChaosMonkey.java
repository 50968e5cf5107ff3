package io.sqletl.engine.stage.lifecycle;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyText;

/** The keys of the plugin ChaosMonkey. */
public record ChaosMonkey(
    @Key(
            value = "How likely each stage fails after it ran, from 0 (never) to 1 (always).",
            required = true)
        double probability,
    @Key(value = "How it fails.", defaultValue = "exception") Strategy strategy) {

  /** How a stage is made to fail. */
  public enum Strategy implements KeyText {
    EXCEPTION("exception");

    private final String text;

    Strategy(String text) {
      this.text = text;
    }

    @Override
    public String text() {
      return text;
    }
  }
}
