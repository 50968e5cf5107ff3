package io.sqletl.engine.stage;

/** Stages that make sense only while rows keep coming. */
public final class StreamingOnly {

  private StreamingOnly() {}

  /** Reports a stage of a run that is not streaming. */
  public static void check(StagePlanning planning) {
    if (!planning.options().streaming()) {
      String type = planning.header().type();
      planning.invalid(
          "type",
          type + " can only be executed in streaming mode.",
          "run with --etl.config.streaming=true");
    }
  }
}
