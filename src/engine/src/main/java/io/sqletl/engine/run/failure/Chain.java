package io.sqletl.engine.run.failure;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** An exception and its causes, the outermost first. */
final class Chain {

  /** Causes may go in a circle. */
  private static final int LONGEST = 50;

  private final List<Throwable> errors = new ArrayList<>();

  Chain(Throwable exception) {
    for (Throwable t = exception; t != null && errors.size() < LONGEST; t = t.getCause()) {
      errors.add(t);
    }
  }

  List<Throwable> outermostFirst() {
    return errors;
  }

  Optional<Throwable> outermost(Predicate<Throwable> wanted) {
    return errors.stream().filter(wanted).findFirst();
  }

  Optional<Throwable> innermost(Predicate<Throwable> wanted) {
    return errors.stream().filter(wanted).reduce((outer, inner) -> inner);
  }

  /** Whether the message of one of them holds a text. */
  boolean says(String text) {
    return errors.stream()
        .anyMatch(error -> error.getMessage() != null && error.getMessage().contains(text));
  }
}
