package io.sqletl.engine.typing;

/**
 * Is told of values that are taken as something else than their texts say, or than they may mean.
 */
public interface Adjustments {

  /** Tells of one value. */
  void add(AdjustedValues.Value value);
}
