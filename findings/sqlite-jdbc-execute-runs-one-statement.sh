#!/usr/bin/env bash
# sqlite-jdbc runs one statement of several by execute(), and all of them by executeUpdate().
#
# A text with two INSERTs, given to Statement.execute of sqlite-jdbc 3.50.3.0, inserts one row, and neither
# fails nor warns; getMoreResults then says that there is nothing more. Statement.executeUpdate with the
# same text inserts both. Drivers of PostgreSQL and H2 run all of them in both ways, so that a script that
# worked there loses its end.
#
# Needs Java 17 or newer.
# Seen: execute leaves 1 row, executeUpdate 2 rows.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
curl -fsSLo sqlite.jar \
  https://repo.maven.apache.org/maven2/org/xerial/sqlite-jdbc/3.50.3.0/sqlite-jdbc-3.50.3.0.jar
curl -fsSLo slf4j.jar https://repo.maven.apache.org/maven2/org/slf4j/slf4j-api/2.0.17/slf4j-api-2.0.17.jar
cat >Rows.java <<'JAVA'
import java.sql.DriverManager;

class Rows {
  static int after(boolean update) throws Exception {
    try (var connection = DriverManager.getConnection("jdbc:sqlite::memory:");
        var statement = connection.createStatement()) {
      statement.executeUpdate("CREATE TABLE t (n INTEGER)");
      String two = "INSERT INTO t VALUES (1); INSERT INTO t VALUES (2);";
      if (update) {
        statement.executeUpdate(two);
      } else {
        statement.execute(two);
        if (statement.getMoreResults()) {
          throw new AssertionError("there are more results");
        }
      }
      try (var rows = statement.executeQuery("SELECT count(*) FROM t")) {
        return rows.getInt(1);
      }
    }
  }

  public static void main(String[] arguments) throws Exception {
    System.out.println(after(false) + " by execute, " + after(true) + " by executeUpdate");
  }
}
JAVA
said=$(java -cp sqlite.jar:slf4j.jar Rows.java 2>/dev/null)
echo "$said"
[ "$said" = "1 by execute, 2 by executeUpdate" ] || {
  echo "this has changed" >&2
  exit 1
}
