package io.sqletl.engine.stage.history;

import java.io.Serializable;
import java.util.Comparator;
import org.apache.spark.sql.catalyst.util.TypeUtils;
import org.apache.spark.sql.types.DataType;
import scala.math.Ordering;

/** The order of Spark's own values of a type. NULL comes first, and is neither before nor after. */
final class TimeOrder implements Comparator<Object>, Serializable {

  private static final long serialVersionUID = 1;

  private final DataType type;
  private transient Ordering<Object> ordering;

  TimeOrder(DataType type) {
    this.type = type;
  }

  @Override
  public int compare(Object one, Object other) {
    if (one == null || other == null) {
      return Boolean.compare(one != null, other != null);
    }
    if (ordering == null) {
      ordering = TypeUtils.getInterpretedOrdering(type);
    }
    return ordering.compare(one, other);
  }

  /** False also where one of the two is NULL. */
  boolean isBefore(Object one, Object other) {
    return one != null && other != null && compare(one, other) < 0;
  }

  /** False also where one of the two is NULL. */
  boolean isAt(Object one, Object other) {
    return one != null && other != null && compare(one, other) == 0;
  }

  /** The later of two; NULL is earlier than all. */
  Object later(Object one, Object other) {
    return compare(one, other) >= 0 ? one : other;
  }
}
