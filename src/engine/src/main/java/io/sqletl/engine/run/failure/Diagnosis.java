package io.sqletl.engine.run.failure;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What went wrong, for the person who wrote the job.
 *
 * @param cause what is wrong, without a full stop at its end; may hold line breaks of the user's
 * @param remedy what to do about it; null when the cause says it
 * @param sql what a statement holds that can end so; empty when this tells nothing
 */
public record Diagnosis(String cause, String remedy, Optional<Pattern> sql) {

  static Diagnosis of(String cause, String remedy) {
    return new Diagnosis(cause, remedy, Optional.empty());
  }
}
