package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.ColumnName;
import io.sqletl.engine.stage.OutputView;
import io.sqletl.engine.stage.PlannedSchema;
import io.sqletl.engine.stage.SchemaMetadata;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import io.sqletl.engine.stage.jdbc.JdbcDatabase;
import io.sqletl.engine.stage.jdbc.SqliteFile;
import io.sqletl.engine.typing.Schema;
import java.sql.Types;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** Makes a view of a table or a query of another database. */
public final class JDBCExtractStage implements StageType<JDBCExtract> {

  private static final String UNKNOWN = "UNRECOGNIZED_SQL_TYPE";
  private static final Pattern QUERY = Pattern.compile("^\\s*(?i:select|with)\\s");

  @Override
  public Class<JDBCExtract> configuration() {
    return JDBCExtract.class;
  }

  @Override
  public String description() {
    return "Makes a view of a table or a query of a database, through JDBC; the database is read"
        + " when the view is used, filters and columns of the use being its own.";
  }

  @Override
  public Stage plan(JDBCExtract keys, StagePlanning planning) {
    Optional<JdbcDatabase> database =
        JdbcDatabase.find(keys.jdbcURL(), planning.header().params(), planning);
    PlannedSchema schema = keys.schema().plan(planning);
    check(keys, planning);
    return context -> {
      JdbcDatabase found = database.orElseThrow();
      describe(keys, found, context);
      requireFile(found);
      Dataset<Row> rows = found.guard(() -> read(keys, found, context));
      Optional<StructType> given = schema.schema(context).map(Schema::toStructType);
      if (given.isPresent()) {
        SchemaDifferences.tell("the table", rows.schema(), given.get(), context);
        rows = SchemaMetadata.describe(rows, SchemaMetadata.attach(rows.schema(), given.get()));
      }
      return Optional.of(output(keys, rows).register(rows, context));
    };
  }

  /** Also where a stage before might have made the file, but did not. */
  private static void requireFile(JdbcDatabase database) {
    SqliteFile.missing(database.url())
        .ifPresent(
            file -> {
              throw new StageException(
                  "There is no SQLite file "
                      + file
                      + ". Correct \"jdbcURL\"; only a load makes a file that is not there.");
            });
  }

  /** What the connections read is as many partitions already, and is not dealt out again. */
  private static OutputView output(JDBCExtract keys, Dataset<Row> rows) {
    OutputView output = keys.output();
    boolean isDealtOut =
        keys.partitionColumn().isPresent()
            && output.partitionBy().isEmpty()
            && output.numPartitions().equals(Optional.of(rows.javaRDD().getNumPartitions()));
    return isDealtOut
        ? new OutputView(output.outputView(), Optional.empty(), List.of(), output.persist())
        : output;
  }

  private static void check(JDBCExtract keys, StagePlanning planning) {
    if (QUERY.matcher(keys.tableName()).find()) {
      planning.invalid(
          "tableName",
          "\"tableName\" is a query without brackets and a name",
          "write (" + keys.tableName().strip() + ") q");
    }
    if (keys.fetchsize() < 0) {
      planning.invalid("fetchsize", "\"fetchsize\" is " + keys.fetchsize(), "it counts from 0");
    }
    if (keys.partitionColumn().isPresent()
        && keys.predicates().isEmpty()
        && keys.output().numPartitions().isEmpty()) {
      planning.invalid(
          "partitionColumn",
          "\"partitionColumn\" has no effect without \"numPartitions\"",
          "say with how many connections to read");
    }
  }

  private static void describe(JDBCExtract keys, JdbcDatabase database, StageContext context) {
    database.describe(context);
    context.detail("tableName", keys.tableName());
    context.detail("fetchsize", keys.fetchsize());
    keys.partitionColumn().ifPresent(column -> context.detail("partitionColumn", column));
    keys.customSchema().ifPresent(types -> context.detail("customSchema", types));
    if (!keys.predicates().isEmpty()) {
      context.detail("predicates", keys.predicates());
    }
  }

  private static Dataset<Row> read(JDBCExtract keys, JdbcDatabase database, StageContext context) {
    Map<String, String> options = new LinkedHashMap<>(database.sparkOptions());
    // What the job says in so many words counts before what it hands to the driver
    options.put("fetchsize", Integer.toString(keys.fetchsize()));
    keys.customSchema().ifPresent(types -> options.put("customSchema", types));
    options.put("dbtable", keys.tableName());
    List<JdbcColumn> columns = JdbcColumn.of(database, keys.tableName());
    Dataset<Row> whole = whole(options, columns, context);
    JdbcFractions.tell(columns, context);
    StructType typed = keys.customSchema().map(StructType::fromDDL).orElseGet(StructType::new);
    requireDays(database, columns, typed);
    CustomTypes.tell(typed, columns, context);
    PostgresValues.tell(database, keys.tableName(), whole.schema(), columns, typed, context);
    Optional<String> own =
        SqliteValues.types(database, keys.tableName(), columns, whole.schema(), typed, context);
    Optional<String> given =
        Stream.concat(keys.customSchema().stream(), own.stream())
            .reduce((one, other) -> one + ", " + other);
    StructType settled = given.map(StructType::fromDDL).orElseGet(StructType::new);
    UnboundedNumbers unbounded =
        UnboundedNumbers.find(
            columns,
            whole.schema(),
            Stream.concat(keys.partitionColumn().stream(), Stream.of(settled.fieldNames()))
                .toList());
    Optional<String> types = unbounded.customSchema(given);
    types.ifPresent(all -> options.put("customSchema", all));
    boolean isOther = !types.equals(keys.customSchema());
    return H2Days.guarded(
        database, unbounded.asNumbers(read(keys, database, whole, isOther, options, context)));
  }

  /** Drivers make a moment of a time with a zone: PostgreSQL's of 1970-01-01, H2's of today. */
  private static void requireDays(
      JdbcDatabase database, List<JdbcColumn> columns, StructType typed) {
    for (JdbcColumn column : columns) {
      if (column.type() == Types.TIME_WITH_TIMEZONE
          && !database.url().startsWith("jdbc:postgresql:")
          && ColumnName.find(typed, column.name()).isEmpty()) {
        throw new StageException(
            "JDBCExtract cannot read '"
                + column.name()
                + "': it is "
                + column.typeName()
                + ", which has no day, and its driver would make a timestamp of today of it. Read"
                + " it as text, with cast(… AS varchar) in a query as \"tableName\", or with"
                + " \"customSchema\": \""
                + column.name()
                + " STRING\".");
      }
    }
  }

  private static Dataset<Row> whole(
      Map<String, String> options, List<JdbcColumn> columns, StageContext context) {
    try {
      return context.spark().read().format("jdbc").options(options).load();
    } catch (Exception e) {
      // Spark says the type and not the column, by an SQLException that it does not declare
      if (e instanceof SparkThrowable told && UNKNOWN.equals(told.getCondition())) {
        String type = String.valueOf(told.getMessageParameters().get("typeName"));
        throw new StageException(
            "JDBCExtract cannot read "
                + columns.stream()
                    .filter(column -> type.equals(column.typeName()))
                    .map(column -> "'" + column.name() + "'")
                    .collect(Collectors.joining(", "))
                + ": Spark has no type for "
                + type
                + ". Read it as text, with cast(… AS varchar) in a query as \"tableName\", or leave"
                + " the column out there",
            e);
      }
      throw e;
    }
  }

  private static Dataset<Row> read(
      JDBCExtract keys,
      JdbcDatabase database,
      Dataset<Row> whole,
      boolean isOther,
      Map<String, String> options,
      StageContext context) {
    if (!keys.predicates().isEmpty()) {
      Properties properties = new Properties();
      properties.putAll(options);
      properties.remove("dbtable");
      return context
          .spark()
          .read()
          .jdbc(
              database.url(),
              keys.tableName(),
              keys.predicates().toArray(String[]::new),
              properties);
    }
    Dataset<Row> asOne =
        isOther ? context.spark().read().format("jdbc").options(options).load() : whole;
    if (keys.partitionColumn().isEmpty()) {
      return asOne;
    }
    Optional<ColumnRange> range =
        ColumnRange.find(
            database, keys.tableName(), keys.partitionColumn().get(), whole.schema(), context);
    if (range.isEmpty()) {
      return asOne;
    }
    context.detail("lowerBound", range.get().lower());
    context.detail("upperBound", range.get().upper());
    options.put("partitionColumn", range.get().column());
    options.put("lowerBound", range.get().lower());
    options.put("upperBound", range.get().upper());
    options.put("numPartitions", keys.output().numPartitions().orElseThrow().toString());
    return context.spark().read().format("jdbc").options(options).load();
  }
}
