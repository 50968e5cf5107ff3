package io.sqletl.engine.stage.load;

import com.typesafe.config.ConfigValue;
import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyGroup;
import io.sqletl.engine.stage.StorageAccess;
import io.sqletl.engine.stage.history.Choices;
import io.sqletl.engine.stage.history.HistoryType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The keys of DeltaLakeHistoryLoad. */
public record DeltaLakeHistoryLoad(
    @Key(value = "The view that is loaded.", required = true, role = Key.Role.INPUT_VIEW)
        String inputView,
    @Key(
            value = "The path of the Delta table, which is made if it is not there.",
            required = true,
            role = Key.Role.OUTPUT_URI)
        String outputURI,
    @Key(value = "The columns that name a thing.", required = true) ConfigValue keys,
    @Key(
            value =
                "What orders the changes of a thing: a column, or several of which the first counts"
                    + " most; or the time of all rows, as ${…}: a date, a timestamp or a whole"
                    + " number.",
            required = true)
        ConfigValue sequenceBy,
    @Key(
            value =
                "What the rows are: those that changed, or all that there are, so that what is"
                    + " missing was deleted.",
            defaultValue = "changes")
        Choices.Source source,
    @Key(
            value = "2 keeps every version with the time in which it held, 1 only the newest.",
            defaultValue = "2")
        HistoryType historyType,
    @Key("The columns whose change makes a new version; all but \"ignoreColumns\" when left out.")
        List<String> trackColumns,
    @Key("The columns whose change makes no new version: it is put into the one that there is.")
        List<String> ignoreColumns,
    @Key("The columns of the view that the table does not have.") List<String> exceptColumns,
    @Key("The SQL condition of the rows that mean that a thing is deleted.")
        Optional<String> deleteWhen,
    @Key(
            value =
                "The column of the time from which a version holds, or \"off\" for none; of the"
                    + " type of \"sequenceBy\".",
            defaultValue = "valid_from")
        String validFrom,
    @Key(
            value = "The column of the time at which a version ceases to hold, or \"off\".",
            defaultValue = "valid_to")
        String validTo,
    @Key(
            value = "The column that says whether a version is the current one, or \"off\".",
            defaultValue = "is_current")
        String isCurrent,
    @Key(
            value = "The column that marks the versions of \"onDelete\": \"tombstone\".",
            defaultValue = "is_deleted")
        String isDeleted,
    @Key("The end of a version that has none yet, such as 9999-12-31; NULL when left out.")
        Optional<String> openEnd,
    @Key(
            value =
                "What becomes of a thing that is deleted: its version ends; it ends, and one that"
                    + " says so follows; or all versions up to then are removed.",
            defaultValue = "close")
        Choices.OnDelete onDelete,
    @Key(
            value =
                "What becomes of rows older than what the table knows of their thing: a version"
                    + " goes between those it belongs between, they are passed over, or the load"
                    + " fails.",
            defaultValue = "insert")
        Choices.LateRows lateRows,
    @Key(
            value =
                "Which rows of one key and one \"sequenceBy\" may be there more than once: none,"
                    + " exact copies, or any, of which the greatest \"latestBy\" counts.",
            defaultValue = "fail")
        Choices.Duplicates duplicates,
    @Key("The column that \"duplicates\": \"latest\" decides by.") Optional<String> latestBy,
    @Key(
            value = "Whether NULL in a key fails the load, or is a value like others.",
            defaultValue = "fail")
        Choices.NullKeys nullKeys,
    @Key(
            value = "Whether a snapshot without rows fails the load, or deletes everything.",
            defaultValue = "fail")
        Choices.EmptySnapshot emptySnapshot,
    @Key(
            value = "Whether columns of the view that the table has not are added to it.",
            defaultValue = "false")
        boolean schemaEvolution,
    @Key(
            value = "Whether all things of the table are checked, and not only those of the load.",
            defaultValue = "false")
        boolean verify,
    @Key("The columns by whose values a table that is made is laid out in folders.")
        List<String> partitionBy,
    @Key(
            "Properties of a table that is made, such as delta.enableDeletionVectors, with which"
                + " loads do not copy the rows that stay.")
        Map<String, String> tableProperties,
    @Key(
            "Whether a manifest of the data files is written for Athena and Presto; where it is left"
                + " out, for every table without deletion vectors. Not possible for one that has"
                + " them.")
        Optional<Boolean> generateSymlinkManifest,
    @KeyGroup StorageAccess access) {}
