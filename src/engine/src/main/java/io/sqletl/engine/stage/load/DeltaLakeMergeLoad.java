package io.sqletl.engine.stage.load;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyGroup;
import io.sqletl.engine.stage.StorageAccess;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The keys of DeltaLakeMergeLoad. */
public record DeltaLakeMergeLoad(
    @Key(
            value = "The view that is merged; its columns are called source.NAME.",
            required = true,
            role = Key.Role.INPUT_VIEW)
        String inputView,
    @Key(
            value = "The path of the Delta table; its columns are called target.NAME.",
            required = true,
            role = Key.Role.OUTPUT_URI)
        String outputURI,
    @Key(
            value =
                "The SQL condition under which a row of the view and one of the table match, such"
                    + " as source.id = target.id.",
            required = true)
        String condition,
    @Key(
            value =
                "Whether a table that is not there is made, of the rows that would be inserted.",
            defaultValue = "false")
        boolean createTableIfNotExists,
    @Key(
            value =
                "Which clause for a matched row is asked first: true for whenMatchedDelete, false"
                    + " for whenMatchedUpdate.",
            defaultValue = "true")
        boolean whenMatchedDeleteFirst,
    @Key("Deletes matched rows; {} deletes them all.") Optional<Delete> whenMatchedDelete,
    @Key("Updates matched rows; {} takes every column from the view.")
        Optional<Write> whenMatchedUpdate,
    @Key("Inserts the view's rows that match none of the table; {} takes every column.")
        Optional<Write> whenNotMatchedByTargetInsert,
    @Key("Deletes the table's rows that match none of the view; {} deletes them all.")
        Optional<Delete> whenNotMatchedBySourceDelete,
    @Key(
            value =
                "Whether columns of the view that the table lacks are added to it where a clause"
                    + " takes every column. If false, they are left out, and the run warns.",
            defaultValue = "false")
        boolean mergeSchema,
    @Key(
            value =
                "Whether a manifest of the data files is written for Athena and Presto; not"
                    + " possible for tables with deletion vectors.",
            defaultValue = "true")
        boolean generateSymlinkManifest,
    @Key("The number of partitions that the merge shuffles into, from 1; Spark's when left out.")
        Optional<Integer> numPartitions,
    @Key("The columns by whose values a table that is made is laid out in folders.")
        List<String> partitionBy,
    @KeyGroup StorageAccess access) {

  /** A clause that deletes rows. */
  public record Delete(
      @Key("The SQL condition that a row must meet as well.") Optional<String> condition) {}

  /** A clause that writes rows. */
  public record Write(
      @Key("The SQL condition that a row must meet as well.") Optional<String> condition,
      @Key(
              "Columns of the table with the SQL expressions that they are set to; all columns, from"
                  + " the view's columns of the same names, when left out.")
          Map<String, String> values) {}
}
