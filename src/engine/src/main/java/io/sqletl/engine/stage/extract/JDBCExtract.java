package io.sqletl.engine.stage.extract;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyGroup;
import io.sqletl.engine.stage.OutputView;
import io.sqletl.engine.stage.SchemaSource;
import java.util.List;
import java.util.Optional;

/** The keys of JDBCExtract. */
public record JDBCExtract(
    @Key(
            value =
                "The JDBC URL of the database, whose driver must be on the class path; \"params\""
                    + " are the connection's properties, such as user and password, and options of"
                    + " Spark's JDBC source.",
            required = true,
            role = Key.Role.SECRET)
        String jdbcURL,
    @Key(
            value =
                "What is read: a table, or a query as \"(SELECT ...) name\" in the database's own"
                    + " SQL.",
            required = true)
        String tableName,
    @Key(
            "A column of numbers, dates or timestamps by whose ranges \"numPartitions\" connections"
                + " read side by side; its least and greatest value are asked for first.")
        Optional<String> partitionColumn,
    @Key(
            "Conditions in the database's SQL, each of which one connection reads; a row that fits"
                + " two is read twice, one that fits none is not read. Count before"
                + " \"partitionColumn\".")
        List<String> predicates,
    @Key(
            value =
                "How many rows the driver asks for at a time, from 0, its own number. Without one,"
                    + " some drivers bring the whole table into memory.",
            defaultValue = "10000")
        int fetchsize,
    @Key("Types of columns that Spark is to use, as \"name TYPE, ...\"; its own for the others.")
        Optional<String> customSchema,
    @KeyGroup OutputView output,
    @KeyGroup SchemaSource schema) {}
