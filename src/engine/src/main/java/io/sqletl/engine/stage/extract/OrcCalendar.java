package io.sqletl.engine.stage.extract;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.apache.orc.OrcProto;
import org.apache.orc.Reader;
import org.apache.orc.TypeDescription;

/**
 * Finds days before 1582-10-15 in ORC files that do not say their calendar. ORC's reader in Java
 * takes those for days of the Julian calendar, as Hive wrote them; the writer in C++, which pyarrow
 * and others use, means those of the Gregorian calendar and does not say so either.
 */
final class OrcCalendar {

  private static final LocalDate FIRST_GREGORIAN = LocalDate.of(1582, 10, 15);
  private static final long FIRST_DAY = FIRST_GREGORIAN.toEpochDay();
  private static final long FIRST_MILLI =
      Instant.parse(FIRST_GREGORIAN + "T00:00:00Z").toEpochMilli();

  /**
   * {@code writer} in the footer, of the writer in Java that wrote Julian days before it said so.
   */
  private static final int JAVA = 0;

  private OrcCalendar() {}

  /** What is said of the file's columns, at the top or within structures, with such days. */
  static List<String> notes(Reader file) {
    OrcProto.Footer footer = file.getFileTail().getFooter();
    boolean isSaid =
        footer.hasCalendar() && footer.getCalendar() != OrcProto.CalendarKind.UNKNOWN_CALENDAR;
    if (isSaid || footer.getWriter() == JAVA) {
      return List.of();
    }
    List<String> notes = new ArrayList<>();
    TypeDescription type = file.getSchema();
    for (int i = 0; i < type.getChildren().size(); i++) {
      TypeDescription column = type.getChildren().get(i);
      if (isOld(column, footer.getStatisticsList())) {
        notes.add(
            "column '"
                + type.getFieldNames().get(i)
                + "' has days before "
                + FIRST_GREGORIAN
                + " of a writer that does not say their calendar; they are read as days of the"
                + " Julian calendar, and 1500-01-01 of pyarrow comes as 1499-12-23");
      }
    }
    return notes;
  }

  private static boolean isOld(TypeDescription column, List<OrcProto.ColumnStatistics> statistics) {
    for (int id = column.getId(); id <= column.getMaximumId() && id < statistics.size(); id++) {
      OrcProto.ColumnStatistics range = statistics.get(id);
      OrcProto.TimestampStatistics times = range.getTimestampStatistics();
      if (range.getDateStatistics().hasMinimum()
              && range.getDateStatistics().getMinimum() < FIRST_DAY
          || times.hasMinimumUtc() && times.getMinimumUtc() < FIRST_MILLI
          || times.hasMinimum() && times.getMinimum() < FIRST_MILLI) {
        return true;
      }
    }
    return false;
  }
}
