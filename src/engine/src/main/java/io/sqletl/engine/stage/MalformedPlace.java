package io.sqletl.engine.stage;

import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.TaskContext;

/**
 * Where the last malformed record stands that a task has read, for what is refused of its rows
 * behind the extract. Nothing is known of it in another task, such as behind a shuffle.
 */
public final class MalformedPlace {

  private static final ThreadLocal<Read> LAST = new ThreadLocal<>();

  private record Read(TaskContext task, String problem, Supplier<String> place) {}

  private MalformedPlace() {}

  /** Told by the reader. */
  static void read(String problem, Supplier<String> place) {
    LAST.set(new Read(TaskContext.get(), problem, place));
  }

  /**
   * The file and line of the last one, where it was read by this task.
   *
   * @param sign that its problem has to have in it
   */
  public static Optional<String> of(String sign) {
    Read last = LAST.get();
    return last == null || last.task != TaskContext.get() || !last.problem.contains(sign)
        ? Optional.empty()
        : Optional.of(last.place.get());
  }
}
