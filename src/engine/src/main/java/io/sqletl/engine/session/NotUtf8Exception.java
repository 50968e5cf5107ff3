package io.sqletl.engine.session;

import java.io.IOException;

/** A text whose bytes are none of UTF-8. */
public final class NotUtf8Exception extends IOException {

  private static final long serialVersionUID = 1L;

  private final String guess;

  NotUtf8Exception(String message, String guess) {
    super(message);
    this.guess = guess;
  }

  /** The text as it probably is, to look at and not to use. */
  public String guess() {
    return guess;
  }
}
