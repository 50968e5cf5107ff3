package io.sqletl.engine.stage.history;

import io.sqletl.engine.job.KeyText;

/** How much of the past a table keeps. */
public enum HistoryType implements KeyText {
  /** The newest state of each thing only. */
  NEWEST("1"),
  /** Every version, with the time in which it held. */
  VERSIONS("2");

  private final String text;

  HistoryType(String text) {
    this.text = text;
  }

  @Override
  public String text() {
    return text;
  }
}
