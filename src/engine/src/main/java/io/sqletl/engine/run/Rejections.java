package io.sqletl.engine.run;

import java.util.List;

/**
 * The values that typing rejected.
 *
 * @param total how many
 * @param first the first of them, each in one line as compilers print errors, with its stage
 */
public record Rejections(long total, List<String> first) {

  public static final Rejections NONE = new Rejections(0, List.of());

  public Rejections {
    first = List.copyOf(first);
  }
}
