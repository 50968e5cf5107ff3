package io.sqletl.engine.session.kubernetes;

import io.sqletl.engine.session.SessionException;
import java.util.List;
import java.util.stream.Collectors;

/** A cluster that cannot be used as asked; every problem with what to do about it. */
public final class ClusterException extends SessionException {

  private static final long serialVersionUID = 1L;

  private final transient List<Trouble> troubles;

  /**
   * One thing that is wrong.
   *
   * @param message what is wrong, with the values, without a full stop at its end
   * @param remedy what to do about it
   */
  public record Trouble(String message, String remedy) {

    @Override
    public String toString() {
      return message + "; " + remedy;
    }
  }

  ClusterException(List<Trouble> troubles, Throwable cause) {
    super(troubles.stream().map(Trouble::toString).collect(Collectors.joining(" | ")), cause);
    this.troubles = List.copyOf(troubles);
  }

  static ClusterException of(String message, String remedy) {
    return new ClusterException(List.of(new Trouble(message, remedy)), null);
  }

  static ClusterException of(String message, String remedy, Throwable cause) {
    return new ClusterException(List.of(new Trouble(message, remedy)), cause);
  }

  /** Everything that is wrong, in the order of the options. */
  public List<Trouble> troubles() {
    return troubles;
  }
}
