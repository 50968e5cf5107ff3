package io.sqletl.engine.stage.load;

import io.sqletl.engine.stage.files.RunOwner;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names of the tables that rows wait in, which say whose they are: {@code
 * etl_HOST_PROCESS_SECOND_RANDOM}. At most 30 letters, the least that a database allows.
 */
final class StagingName {

  private static final String START = "etl_";
  private static final Pattern NAME =
      Pattern.compile("(?i)etl_([0-9a-z]{1,4}_[0-9a-z]+_[0-9a-z]{6})_[0-9a-f]{4}");

  private StagingName() {}

  /** One that nobody has. */
  static String next() {
    return START + RunOwner.current().token() + "_" + UUID.randomUUID().toString().substring(0, 4);
  }

  /**
   * Tables whose runs are gone.
   *
   * @param before what stands before a name there: a schema and a dot, or nothing
   */
  static List<String> left(Connection connection, String before) throws SQLException {
    String schema = before.isEmpty() ? connection.getSchema() : schemaOf(before);
    List<String> left = new ArrayList<>();
    for (String pattern : List.of("etl_%", "ETL_%")) {
      try (ResultSet tables =
          connection
              .getMetaData()
              .getTables(connection.getCatalog(), null, pattern, new String[] {"TABLE"})) {
        while (tables.next()) {
          String place = tables.getString("TABLE_SCHEM");
          boolean isThere = place == null || schema == null || place.equalsIgnoreCase(schema);
          String name = tables.getString("TABLE_NAME").toLowerCase(Locale.ROOT);
          if (isThere && isGone(name) && !left.contains(name)) {
            left.add(name);
          }
        }
      }
    }
    return left;
  }

  private static boolean isGone(String name) {
    Matcher matcher = NAME.matcher(name);
    return matcher.matches()
        && RunOwner.ofToken(matcher.group(1)).filter(RunOwner::isGone).isPresent();
  }

  private static String schemaOf(String before) {
    String[] parts = before.split("\\.");
    return parts[parts.length - 1].replaceAll("[\"`\\[\\]]", "");
  }
}
