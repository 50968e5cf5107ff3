package io.sqletl.engine.stage.load;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyGroup;
import io.sqletl.engine.stage.StorageAccess;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SaveMode;

/** The keys of DeltaLakeLoad. */
public record DeltaLakeLoad(
    @Key(value = "The view that is written.", required = true, role = Key.Role.INPUT_VIEW)
        String inputView,
    @Key(value = "The path of the Delta table.", required = true, role = Key.Role.OUTPUT_URI)
        String outputURI,
    @Key(
            value =
                "What happens to a table that is there: its rows are replaced, rows are added, the"
                    + " stage fails, or it does nothing. The version before can still be read.",
            defaultValue = "Overwrite")
        SaveMode saveMode,
    @Key("The columns by whose values the table is laid out in folders.") List<String> partitionBy,
    @Key("The number of partitions that are written, from 1; as the view has them when left out.")
        Optional<Integer> numPartitions,
    @Key(
            "Options of Delta's writer, such as replaceWhere, mergeSchema, userMetadata or"
                + " maxRecordsPerFile. overwriteSchema is true unless it is given, part of the table"
                + " is replaced, or a table with rules such as NOT NULL has the same columns as the"
                + " view.")
        Map<String, String> options,
    @Key("The condition of the rows that are replaced; short for the option of that name.")
        Optional<String> replaceWhere,
    @Key("Whether new columns are added to the table; short for the option of that name.")
        Optional<Boolean> mergeSchema,
    @Key("Whether the view's columns replace the table's; short for the option of that name.")
        Optional<Boolean> overwriteSchema,
    @Key("Where a streaming load keeps its progress; short for the option of that name.")
        Optional<String> checkpointLocation,
    @Key(value = "Which rows of a streaming query are written.", defaultValue = "Append")
        StreamOutput outputMode,
    @Key(
            value =
                "Whether a manifest of the data files is written for Athena and Presto; not"
                    + " possible for tables with deletion vectors.",
            defaultValue = "true")
        boolean generateSymlinkManifest,
    @KeyGroup StorageAccess access) {

  /** Which rows of a streaming query are written. */
  public enum StreamOutput {
    /** New rows. */
    Append,
    /** All rows of the result, each time. */
    Complete
  }
}
