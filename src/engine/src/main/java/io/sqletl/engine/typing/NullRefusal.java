package io.sqletl.engine.typing;

import java.io.Serializable;

/**
 * Ends the run at a null that would be passed through to a column that may not be null. Public
 * because the code that Spark generates calls it; made and used by {@link Typing} only.
 *
 * @param column the column's name
 */
public record NullRefusal(String column) implements Serializable {

  /**
   * @throws TypingException always
   */
  public Object refuse() {
    throw Typer.notNullable(new RejectedValue(null, null, 0, column, null, "", Typer.NULL_MESSAGE));
  }
}
