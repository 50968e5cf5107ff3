package io.sqletl.engine.session;

/** A session that cannot start; says in one line what is wrong and what to do about it. */
public class SessionException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public SessionException(String message, Throwable cause) {
    super(message, cause);
  }
}
