package io.sqletl.engine.stage.extract;

import com.typesafe.config.ConfigValue;
import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyGroup;
import io.sqletl.engine.stage.OutputView;
import io.sqletl.engine.stage.SchemaSource;
import io.sqletl.engine.stage.StorageAccess;
import io.sqletl.engine.stage.delta.TimeTravel;
import java.util.Optional;

/** The keys of DeltaLakeHistoryExtract. */
public record DeltaLakeHistoryExtract(
    @Key(
            value = "The path of a Delta table that DeltaLakeHistoryLoad made.",
            required = true,
            role = Key.Role.INPUT_URI)
        String inputURI,
    @KeyGroup OutputView output,
    @Key(
            "The moment whose versions are read, of the type of \"sequenceBy\": those with"
                + " valid_from <= asOf < valid_to of things that were there. A date, a timestamp, a"
                + " number or a text; a list of them for several columns in \"sequenceBy\".")
        Optional<ConfigValue> asOf,
    @Key(
            "Whether only the versions that hold now are read, or all rows of the table; all when"
                + " neither this nor \"asOf\" is given.")
        Optional<Versions> versions,
    @Key(
            "Which version of the Delta table is read: what was known then, while \"asOf\" asks when"
                + " things were so.")
        Optional<TimeTravel> options,
    @KeyGroup SchemaSource schema,
    @KeyGroup StorageAccess access) {

  /** Which versions are read. The constants are written as they stand. */
  public enum Versions {
    /** Those that hold, of things that are there. */
    current,
    /** All rows of the table, those that stand for a deletion included. */
    all
  }
}
