package io.sqletl.platform;

/** A file that the template is made from is not there; the message names it and what brings it. */
public final class MissingFileException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  MissingFileException(String message) {
    super(message);
  }
}
