package io.sqletl.engine.run;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The jobs that run each other, from the one that the user named down to the one being planned.
 *
 * @param uris what each was called
 */
record PipelineChain(List<String> uris) {

  /** Deeper is no design, but a circle that goes round under ever new names. */
  private static final int DEEPEST = 32;

  PipelineChain {
    uris = List.copyOf(uris);
  }

  static PipelineChain of(String uri) {
    return new PipelineChain(List.of(uri));
  }

  /** The chain with one job more. */
  PipelineChain with(String uri) {
    List<String> longer = new ArrayList<>(uris);
    longer.add(uri);
    return new PipelineChain(longer);
  }

  /** The circle that a job would close, as a person reads it; nothing if it closes none. */
  Optional<String> circle(String uri) {
    List<String> normalized = uris.stream().map(PipelineChain::normalized).toList();
    int start = normalized.indexOf(normalized(uri));
    if (start < 0 && uris.size() < DEEPEST) {
      return Optional.empty();
    }
    List<String> circle = uris.subList(Math.max(0, start), uris.size());
    return Optional.of(String.join(" -> ", circle) + " -> " + uri);
  }

  private static String normalized(String uri) {
    try {
      return URI.create(uri).normalize().toString().replaceFirst("^file:/+", "/");
    } catch (IllegalArgumentException e) {
      return uri; // A path with blanks, say
    }
  }
}
