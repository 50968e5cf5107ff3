package io.sqletl.engine.stage.history;

import org.apache.spark.sql.catalyst.InternalRow;

/**
 * A version that the table has.
 *
 * @param start when it came to be
 * @param end when it ceased to be; null if it holds
 * @param deleted whether it says that the thing is not there
 * @param values the columns that the load does not make
 * @param markedRight whether the mark of the current version is where it belongs
 * @param place where it stands, as the versions have it in {@link Names#PLACE}
 */
record TableVersion(
    Object start,
    Object end,
    boolean deleted,
    InternalRow values,
    boolean markedRight,
    Object place) {}
