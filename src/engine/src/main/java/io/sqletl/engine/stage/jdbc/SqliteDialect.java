package io.sqletl.engine.stage.jdbc;

import java.sql.SQLException;
import java.sql.Types;
import org.apache.spark.sql.jdbc.JdbcDialect;
import org.apache.spark.sql.jdbc.JdbcDialects;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MetadataBuilder;
import scala.Option;

/** What Spark has to know of SQLite, for which it has no dialect of its own, to make a table. */
final class SqliteDialect extends JdbcDialect {

  private static final long serialVersionUID = 1L;

  private static final SqliteDialect INSTANCE = new SqliteDialect();

  /** Makes it known to Spark; once more does no harm. */
  static void register() {
    JdbcDialects.registerDialect(INSTANCE);
  }

  @Override
  public boolean canHandle(String url) {
    return url.startsWith("jdbc:sqlite:");
  }

  /** SQLite pads no text, whatever it calls the column; Spark pads those of CHAR as it reads. */
  @Override
  public Option<DataType> getCatalystType(
      int sqlType, String typeName, int size, MetadataBuilder metadata) {
    return sqlType == Types.CHAR || sqlType == Types.NCHAR
        ? Option.apply(DataTypes.StringType)
        : Option.empty();
  }

  /** SQLite has no TRUNCATE; it empties a table as fast by a DELETE of all rows. */
  @Override
  public String getTruncateQuery(String table, Option<Object> cascade) {
    return "DELETE FROM " + table;
  }

  /** The same; Spark calls either. */
  @Override
  public String getTruncateQuery(String table) {
    return getTruncateQuery(table, Option.empty());
  }

  /** That no other table is emptied along; where Spark does not know, it makes the table anew. */
  @Override
  public Option<Object> isCascadingTruncateTable() {
    return Option.apply(false);
  }

  @Override
  public boolean isObjectNotFoundException(SQLException e) {
    return String.valueOf(e.getMessage()).contains("no such table");
  }
}
