package io.sqletl.engine.stage.lifecycle;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyText;
import java.util.List;

/** The keys of the plugin DataLineage. */
public record DataLineage(
    @Key(value = "Where the lineage goes: into the stage's entry in the log.", defaultValue = "log")
        Output output,
    @Key("The stage types whose lineage is told; every load when left out.")
        List<String> afterPlugins) {

  /** Where lineage goes. */
  public enum Output implements KeyText {
    LOG("log");

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
