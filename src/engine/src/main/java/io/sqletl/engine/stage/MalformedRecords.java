package io.sqletl.engine.stage;

import io.sqletl.engine.job.KeyText;

/** What an extract does with a record that does not have the form of its format. */
public enum MalformedRecords implements KeyText {
  /** It stays a row; the column {@code _errors} and the closing lines say what is wrong. */
  REPORT("report"),
  /** The run fails at the first one. */
  FAIL("fail"),
  /** Spark's reader makes of it what it can, and says nothing. */
  IGNORE("ignore");

  /** The sentence of the key. */
  public static final String KEY =
      "What happens to a record that does not have the form of its format: it stays a row, its"
          + " _errors says what is wrong, and it counts as rejected; or the run fails at the first"
          + " one; or what can be read of it is taken without a word, and there is no _errors.";

  private final String text;

  MalformedRecords(String text) {
    this.text = text;
  }

  @Override
  public String text() {
    return text;
  }
}
