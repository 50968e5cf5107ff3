package io.sqletl.engine.kernel;

import java.util.Optional;

/** Where a running cell shows what it has to show, before its result. */
public interface CellOutput {

  /** Shows something below the cell. */
  void show(Content content);

  /**
   * Shows something below the cell that is to change.
   *
   * @param id a name of the notebook's own
   */
  void show(String id, Content content);

  /** Changes what was shown under that name. */
  void update(String id, Content content);

  /** Tells the author something that is odd. */
  void warn(String text);

  /**
   * Asks the author for a secret; nothing where nobody can be asked.
   *
   * @param prompt what the field is called
   */
  Optional<String> askSecret(String prompt);
}
