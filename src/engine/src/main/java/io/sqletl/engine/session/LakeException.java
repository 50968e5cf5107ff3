package io.sqletl.engine.session;

/** A lake folder that cannot be used; says in one line what is wrong, and what to do about it. */
public final class LakeException extends RuntimeException {

  private final String remedy;

  LakeException(String message, String remedy, Throwable cause) {
    super(message, cause);
    this.remedy = remedy;
  }

  /** What the user can do. */
  public String remedy() {
    return remedy;
  }
}
