package io.sqletl.engine.stage.load;

import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.jdbc.JdbcDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.execution.datasources.jdbc.JdbcOptionsInWrite;
import org.apache.spark.sql.execution.datasources.jdbc.JdbcUtils;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The columns of the table that a load writes into. Their names are the database's to say; Spark
 * has no type for some of them, which need not keep a load from the others.
 */
record TableColumns(JdbcDatabase database, JDBCLoad keys) {

  /**
   * The columns of the table that the rows fill, by the names that the database has for them.
   *
   * @throws StageException if the table lacks one, or Spark would fail with its type
   */
  List<String> toFill(StructType rows) {
    List<String> there = names();
    List<String> filled = Arrays.stream(rows.fieldNames()).map(name -> find(name, there)).toList();
    // Where rows wait first, Spark sees none but these
    List<String> unknown = unknown(keys.transactional() ? filled : there);
    if (!unknown.isEmpty()) {
      throw new StageException(
          "JDBCLoad cannot write into table '"
              + keys.tableName()
              + "': Spark has no type for "
              + quoted(unknown)
              + " there. "
              + (unknown.stream().anyMatch(filled::contains)
                  ? "Leave the column out of inputView '"
                      + keys.inputView()
                      + "', or load into a table in which it is text, and cast it in a JDBCExecute"
                      + " with INSERT INTO … SELECT."
                  : "Leave \"transactional\": false out, so that only columns of inputView '"
                      + keys.inputView()
                      + "' are written."));
    }
    return filled;
  }

  /** Columns that Spark has no type for. */
  private List<String> unknown(List<String> names) {
    return names.isEmpty() || types(only(names)).isDefined()
        ? List.of()
        : names.stream().filter(name -> types(only(List.of(name))).isEmpty()).toList();
  }

  private static String quoted(List<String> names) {
    return names.stream().map(name -> "'" + name + "'").collect(Collectors.joining(", "));
  }

  private String find(String name, List<String> there) {
    Optional<String> exact = there.stream().filter(name::equals).findFirst();
    return exact
        .or(() -> there.stream().filter(name::equalsIgnoreCase).findFirst())
        .orElseThrow(
            () ->
                new StageException(
                    "Table '"
                        + keys.tableName()
                        + "' has no column '"
                        + name
                        + "' of inputView '"
                        + keys.inputView()
                        + "'; it has ["
                        + String.join(", ", there)
                        + "]."));
  }

  private List<String> names() {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet none =
            statement.executeQuery("SELECT * FROM " + keys.tableName() + " WHERE 1 = 0")) {
      List<String> names = new ArrayList<>();
      for (int i = 1; i <= none.getMetaData().getColumnCount(); i++) {
        names.add(none.getMetaData().getColumnName(i));
      }
      return names;
    } catch (SQLException e) {
      throw JdbcDatabase.failure(e);
    }
  }

  /**
   * Whether a table that Spark made of the rows would have these columns.
   *
   * @throws StageException if Spark has no type for one of the table's
   */
  boolean areThoseOf(StructType rows) {
    if (keys.createTableColumnTypes().isPresent() || keys.createTableOptions().isPresent()) {
      return false;
    }
    StructType there = types(keys.tableName()).getOrElse(this::refuseUnknown);
    if (there.length() != rows.length()) {
      return false;
    }
    for (int i = 0; i < rows.length(); i++) {
      StructField column = rows.fields()[i];
      if (!column.name().equalsIgnoreCase(there.fields()[i].name())
          || !databaseType(column.dataType()).equals(databaseType(there.fields()[i].dataType()))) {
        return false;
      }
    }
    return true;
  }

  private StructType refuseUnknown() {
    throw new StageException(
        "JDBCLoad does not overwrite the table '"
            + keys.tableName()
            + "': Spark has no type for "
            + quoted(unknown(names()))
            + " there, so that a table made anew would have another. Set \"truncate\": true, which"
            + " keeps the table and its columns, or drop it in a JDBCExecute before.");
  }

  private String only(List<String> names) {
    return names.stream()
        .map(database.dialect()::quoteIdentifier)
        .collect(Collectors.joining(", ", "(SELECT ", " FROM " + keys.tableName() + ") q"));
  }

  /** Nothing where Spark has no type for a column. */
  private Option<StructType> types(String table) {
    Map<String, String> options = new LinkedHashMap<>(database.sparkOptions());
    options.put("dbtable", table);
    try (Connection connection = database.connect()) {
      return JdbcUtils.getSchemaOption(
          connection,
          new JdbcOptionsInWrite(
              scala.collection.immutable.Map.from(CollectionConverters.asScala(options))));
    } catch (SQLException e) {
      throw JdbcDatabase.failure(e);
    }
  }

  private String databaseType(DataType type) {
    return JdbcUtils.getJdbcType(type, database.dialect()).databaseTypeDefinition();
  }
}
