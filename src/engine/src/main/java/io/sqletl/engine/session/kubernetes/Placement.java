package io.sqletl.engine.session.kubernetes;

import java.util.Optional;

/** The nodes that executors may run on. */
public enum Placement {
  /** Spot nodes only: a third of the price, and they may go at two minutes' notice. */
  SPOT("Ec2Spot"),
  /** On-demand nodes only, which stay. */
  ON_DEMAND("OnDemand"),
  /** Whatever node has room. */
  ANY(null);

  /** The label that the platform's nodes carry. */
  public static final String NODE_LABEL = "lifecycle";

  private final String lifecycle;

  Placement(String lifecycle) {
    this.lifecycle = lifecycle;
  }

  /** As the command line has it. */
  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  /** The value that {@link #NODE_LABEL} must have on a node. */
  Optional<String> lifecycle() {
    return Optional.ofNullable(lifecycle);
  }
}
