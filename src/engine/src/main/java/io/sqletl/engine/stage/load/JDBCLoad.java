package io.sqletl.engine.stage.load;

import io.sqletl.engine.job.Key;
import java.util.Optional;
import org.apache.spark.sql.SaveMode;

/** The keys of JDBCLoad. */
public record JDBCLoad(
    @Key(value = "The view that is written.", required = true, role = Key.Role.INPUT_VIEW)
        String inputView,
    @Key(
            value =
                "The JDBC URL of the database, whose driver must be on the class path; \"params\""
                    + " are the connection's properties, such as user and password.",
            required = true,
            role = Key.Role.SECRET)
        String jdbcURL,
    @Key(
            value = "The table that is written, as the database's SQL names it.",
            required = true,
            role = Key.Role.OUTPUT_URI)
        String tableName,
    @Key(
            value =
                "What happens to a table that is there: its rows are replaced, rows are added, the"
                    + " stage fails, or it does nothing. Overwrite makes a table with other columns"
                    + " than the view's anew, unless \"truncate\" is true.",
            defaultValue = "Overwrite")
        SaveMode saveMode,
    @Key(
            value =
                "Whether Overwrite keeps the table as it was made, with its types, indexes and"
                    + " grants, and replaces nothing but its rows.",
            defaultValue = "false")
        boolean truncate,
    @Key(value = "How many rows are sent at a time, from 1.", defaultValue = "1000") int batchsize,
    @Key(
            value =
                "How the transactions of the writing connections see those of others; NONE writes"
                    + " without transactions.",
            defaultValue = "READ_UNCOMMITTED")
        IsolationLevel isolationLevel,
    @Key("The greatest number of connections that write side by side; one a partition if left out.")
        Optional<Integer> numPartitions,
    @Key("What follows the columns when a table is made, in the database's own SQL.")
        Optional<String> createTableOptions,
    @Key("Types of columns when a table is made, as \"name TYPE, ...\"; Spark's for the others.")
        Optional<String> createTableColumnTypes,
    @Key(
            value =
                "Whether a table that is there changes in one transaction, and stays as it was when"
                    + " the load fails: rows go to a table of their own beside it first, which the"
                    + " user must be allowed to make. If false, each connection writes into the"
                    + " table itself, and a load that fails leaves what it wrote; databases that"
                    + " commit at each DROP TABLE can lose a table that is made anew even if true.",
            defaultValue = "true")
        boolean transactional,
    @Key(
            value = "Has no effect, as in Arc; it was meant for a connector of SQL Server.",
            defaultValue = "true")
        boolean tablock) {

  /** Isolation levels of JDBC. */
  public enum IsolationLevel {
    NONE,
    READ_COMMITTED,
    READ_UNCOMMITTED,
    REPEATABLE_READ,
    SERIALIZABLE
  }
}
