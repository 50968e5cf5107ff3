package io.sqletl.engine.stage.load;

import io.sqletl.engine.stage.StageException;
import java.sql.SQLException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a database says as it refuses a load, where its words do not name what to do in a job, or
 * name what would remove more than the author knows of.
 */
final class LoadRefusal {

  /** Of PostgreSQL and its kin: a value is not of the column's type. */
  private static final String OTHER_TYPE = "42804";

  private static final Pattern TEXT =
      Pattern.compile(
          "column \"([^\"]+)\" is of type (.+?) but expression is of type (?:character varying|text)");

  /** Of PostgreSQL and of H2: a table is not dropped because of others. */
  private static final Set<String> DEPENDENT = Set.of("2BP01", "90107");

  private static final Pattern DEPENDENTS =
      Pattern.compile(
          "Detail: (.+?)\\s*(?:\\n\\s*Hint:|$)|because (.+? depends on it)", Pattern.DOTALL);

  private LoadRefusal() {}

  /** The failure of a database, with a remedy where there is one. */
  static StageException of(StageException failure, JDBCLoad keys) {
    if (!(failure.getCause() instanceof SQLException refusal)) {
      return failure;
    }
    String message = String.valueOf(failure.getMessage());
    Matcher text = TEXT.matcher(message);
    if (OTHER_TYPE.equals(refusal.getSQLState()) && text.find()) {
      return new StageException(
          "JDBCLoad cannot write the text of the column '"
              + text.group(1)
              + "' of inputView '"
              + keys.inputView()
              + "' into table '"
              + keys.tableName()
              + "': the column there is "
              + text.group(2)
              + ", and the database takes no text for it. Add stringtype=unspecified to"
              + " \"jdbcURL\" ("
              + (keys.jdbcURL().contains("?") ? "&" : "?")
              + "stringtype=unspecified), so that PostgreSQL reads texts as what a column is, or"
              + " load into a table of texts and cast them in a JDBCExecute.",
          refusal);
    }
    Matcher dependents = DEPENDENTS.matcher(message);
    if (refusal.getSQLState() != null
        && DEPENDENT.contains(refusal.getSQLState())
        && dependents.find()) {
      return new StageException(
          "JDBCLoad cannot make the table '"
              + keys.tableName()
              + "' anew, as other columns need it: "
              + (dependents.group(1) == null ? dependents.group(2) : dependents.group(1))
                  .replaceAll("\\s*\\n\\s*", "; ")
              + ". To keep the table with its columns, set \"truncate\": true, or \"saveMode\" to"
              + " \"Append\"; to change its columns, drop what depends on it in a JDBCExecute"
              + " before, and make it again in one behind.",
          refusal);
    }
    return failure;
  }
}
