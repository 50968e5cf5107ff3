package com.example.etl;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyGroup;
import io.sqletl.engine.job.KeyText;
import io.sqletl.engine.stage.OutputView;
import java.util.List;

/**
 * The keys of the stage FingerprintTransform. Reading a job, errors for keys that are missing,
 * unknown or of another type, `etl stages FingerprintTransform`, and the JSON Schema for editors
 * all come from this record.
 */
public record FingerprintTransform(
    @Key(
            value = "The view whose rows get a fingerprint.",
            required = true,
            role = Key.Role.INPUT_VIEW)
        String inputView,
    @KeyGroup OutputView output,
    @Key("The columns that count; all when left out.") List<String> fields,
    @Key(value = "The name of the column that is added.", defaultValue = "fingerprint")
        String outputField,
    @Key(value = "How the fingerprint is made.", defaultValue = "sha256") Algorithm algorithm) {

  /** How a fingerprint is made. */
  public enum Algorithm implements KeyText {
    /** 64 hexadecimal digits. */
    SHA256("sha256"),
    /** A number of 64 bits, which is quick and may be the same for other rows. */
    XXHASH64("xxhash64");

    private final String text;

    Algorithm(String text) {
      this.text = text;
    }

    @Override
    public String text() {
      return text;
    }
  }
}
