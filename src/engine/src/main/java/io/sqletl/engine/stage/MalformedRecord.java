package io.sqletl.engine.stage;

/** A record that ends the run, since the job asks for it or it cannot be told from the next. */
public final class MalformedRecord extends RuntimeException {

  /**
   * @param place the file and the line, as a person looks for them
   * @param problem what is wrong there, and what to do
   */
  public MalformedRecord(String place, String problem) {
    super(place + ": " + problem);
  }
}
