package io.sqletl.engine.stage.function;

import java.io.Serializable;

/** The standard normal distribution. */
public final class NormalDistribution implements Serializable {

  private static final org.apache.commons.math3.distribution.NormalDistribution STANDARD =
      new org.apache.commons.math3.distribution.NormalDistribution();

  /** How likely a value is at most this. */
  public double cumulative(double value) {
    return STANDARD.cumulativeProbability(value);
  }

  /**
   * The value that is not exceeded with this probability.
   *
   * @throws IllegalArgumentException if it is none: not between 0 and 1
   */
  public double quantile(double probability) {
    if (!(probability >= 0 && probability <= 1)) {
      throw new IllegalArgumentException(
          "probit takes a probability from 0 to 1, not " + probability);
    }
    return STANDARD.inverseCumulativeProbability(probability);
  }
}
