package io.sqletl.engine.stage;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyText;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The keys that every stage has. */
public record StageHeader(
    @Key(value = "The stage's type.", required = true) String type,
    @Key(value = "The stage's name, shown wherever the stage is named.", required = true)
        String name,
    @Key("An identifier, unique within the job.") Optional<String> id,
    @Key("What the stage is for.") Optional<String> description,
    @Key(
            "The environments in which the stage runs; elsewhere it is skipped. A stage without"
                + " any runs only with all environments.")
        List<String> environments,
    @Key(
            value = "When variables are put in: as the job is read, or as the stage runs.",
            defaultValue = "strict")
        Resolution resolution,
    @Key(value = "Further parameters; JDBC stages hand them to the driver.", role = Key.Role.SECRET)
        Map<String, String> params) {

  /** When a stage's variables are put in. */
  public enum Resolution implements KeyText {
    STRICT("strict"),
    LAZY("lazy");

    private final String text;

    Resolution(String text) {
      this.text = text;
    }

    @Override
    public String text() {
      return text;
    }
  }
}
