package io.sqletl.engine.stage.sql;

import io.sqletl.engine.job.Position;

/**
 * Where the statement was written that an exception is about. It travels with the exception, as
 * suppressed, since Spark's own type and message stay what they are.
 */
public final class SqlPlace extends Exception {

  private static final long serialVersionUID = 1;

  private final transient Position position;

  SqlPlace(Position position) {
    super("at " + position, null, false, false);
    this.position = position;
  }

  /** The place; null after the exception has travelled to another process. */
  public Position position() {
    return position;
  }
}
