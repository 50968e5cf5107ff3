package io.sqletl.engine.stage.sql;

import io.sqletl.engine.job.Position;
import io.sqletl.engine.stage.JobState;
import io.sqletl.engine.stage.StageContext;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The statements that the stages of a run gave to Spark. A view is computed when a later stage
 * reads it, so that an error of its statement comes to light there; this is how to find back.
 */
public final class RanStatements {

  /** A notebook goes on for days; what ran long ago has been replaced. */
  private static final int MOST_KEPT = 1_000;

  private final Deque<Ran> statements = new ArrayDeque<>();

  /**
   * A statement and the stage that ran it.
   *
   * @param stage the stage's name
   * @param position where the stage stands; null when it stands in no file
   */
  public record Ran(SqlStatement statement, String stage, Position position) {}

  private RanStatements() {}

  /** Those of a run. */
  public static RanStatements of(JobState state) {
    return (RanStatements)
        state.data().computeIfAbsent(RanStatements.class.getName(), key -> new RanStatements());
  }

  synchronized void add(SqlStatement statement, StageContext context) {
    statements.addFirst(
        new Ran(statement, context.header().name(), context.position().orElse(null)));
    if (statements.size() > MOST_KEPT) {
      statements.removeLast();
    }
  }

  /** All of them, the last one first. */
  public synchronized List<Ran> lastFirst() {
    return new ArrayList<>(statements);
  }
}
