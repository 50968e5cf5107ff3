package io.sqletl.platform;

import java.util.List;
import java.util.stream.Collectors;

/** A YAML file of the platform is wrong; the message has one line for each thing that is. */
public final class ManifestException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ManifestException(String file, List<String> problems) {
    super(
        problems.stream()
            .map(problem -> file + ": " + problem)
            .collect(Collectors.joining(System.lineSeparator())));
  }
}
