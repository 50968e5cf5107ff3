package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.StageContext;
import java.sql.Types;
import java.util.List;
import java.util.Set;

/** Tells of columns of times whose type has more digits of a second than Spark reads. */
final class JdbcFractions {

  private static final Set<Integer> TIMES = Set.of(Types.TIME, Types.TIME_WITH_TIMEZONE);
  private static final Set<Integer> TIMESTAMPS =
      Set.of(Types.TIMESTAMP, Types.TIMESTAMP_WITH_TIMEZONE);

  private static final int MICROSECONDS = 6;

  /** JDBC's own type of a time of day has no more. */
  private static final int MILLISECONDS = 3;

  private JdbcFractions() {}

  /** Warns of each. */
  static void tell(List<JdbcColumn> columns, StageContext context) {
    for (JdbcColumn column : columns) {
      boolean isTime = TIMES.contains(column.type());
      int most = isTime ? MILLISECONDS : MICROSECONDS;
      if ((isTime || TIMESTAMPS.contains(column.type())) && column.scale() > most) {
        context.warnOfColumns(
            "column '"
                + column.name()
                + "' is "
                + column.typeName()
                + " with "
                + column.scale()
                + " digits of a second, and "
                + most
                + " of them are read",
            "cast it to text in a query as \"tableName\", if all are needed");
      }
    }
  }
}
