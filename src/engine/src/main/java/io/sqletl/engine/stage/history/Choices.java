package io.sqletl.engine.stage.history;

/** What a load of a history can be told to do; the constants are written as they stand. */
public final class Choices {

  private Choices() {}

  /** What the rows of the view are. */
  public enum Source {
    /** Rows that changed; a thing that is not among them is as it was. */
    changes,
    /** All rows there are at one time; a thing that is not among them was deleted. */
    snapshot
  }

  /** What becomes of a thing that was deleted. */
  public enum OnDelete {
    /** Its version ends. */
    close,
    /** Its version ends, and one follows that says that it is deleted. */
    tombstone,
    /** All its versions up to the deletion are removed. */
    remove
  }

  /** What becomes of rows that are older than what the table knows of their thing. */
  public enum LateRows {
    /** A version goes between those it belongs between. */
    insert,
    /** They are passed over, and counted. */
    ignore,
    /** The load ends, and the table stays as it was. */
    fail
  }

  /** What becomes of NULL in a key. */
  public enum NullKeys {
    /** The load ends, and shows the rows. */
    fail,
    /** NULL is a value like others. */
    match
  }

  /** What becomes of a snapshot without a row. */
  public enum EmptySnapshot {
    /** The load ends: an empty file is rather a mistake than the end of all things. */
    fail,
    /** Everything was deleted. */
    delete
  }

  /** Which rows of one thing and one time may be there more than once. */
  public enum Duplicates {
    /** None. */
    fail,
    /** Copies that are the same in every column; one of them counts. */
    identical,
    /** Any; the one with the greatest value of another column counts. */
    latest
  }
}
