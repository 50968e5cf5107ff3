package io.sqletl.engine.job;

/**
 * Why something of the job format is refused by name.
 *
 * @param reason a clause that follows "because"
 * @param instead what to do instead, as an advice
 */
public record Refusal(String reason, String instead) {

  /** The problem of a job that holds it all the same. */
  public Problem problem(Position position, String what) {
    return new Problem(ErrorCode.UNSUPPORTED, position, what + " because " + reason, instead);
  }
}
