package io.sqletl.engine.stage.load;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.NearestName;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.IdleKeys;
import io.sqletl.engine.stage.StagePlanning;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.SaveMode;

/** The options of Delta's writer, which itself passes over those that it does not know or need. */
final class DeltaOptions {

  static final String REPLACE_WHERE = "replaceWhere";
  static final String OVERWRITE_SCHEMA = "overwriteSchema";
  static final String CHECKPOINT_LOCATION = "checkpointLocation";
  static final String TXN_VERSION = "txnVersion";
  private static final String OVERWRITE_MODE = "partitionOverwriteMode";

  private static final Set<String> KNOWN =
      Set.of(
          REPLACE_WHERE,
          OVERWRITE_SCHEMA,
          CHECKPOINT_LOCATION,
          OVERWRITE_MODE,
          "mergeSchema",
          "userMetadata",
          "maxRecordsPerFile",
          "optimizeWrite",
          "dataChange",
          "txnAppId",
          TXN_VERSION,
          "compression",
          "clusterByAuto",
          "targetFileSize",
          "queryName");

  private DeltaOptions() {}

  /**
   * Reports options that would be passed over: as an error where rows would be kept that the job
   * says to replace.
   *
   * @param options those of the job
   */
  static void check(DeltaLakeLoad keys, Map<String, String> options, StagePlanning planning) {
    boolean overwrites = keys.saveMode() == SaveMode.Overwrite;
    if (!overwrites && replacesPart(options)) {
      String option = options.containsKey(REPLACE_WHERE) ? REPLACE_WHERE : OVERWRITE_MODE;
      planning.invalid(
          keys.replaceWhere().isPresent() ? REPLACE_WHERE : "options",
          "\""
              + option
              + "\" says which rows are replaced, and with \"saveMode\": \""
              + keys.saveMode()
              + "\" none are",
          "set \"saveMode\" to \"Overwrite\", which keeps all other rows, or leave it out");
    }
    new IdleKeys(planning)
        .warn(
            !overwrites && Boolean.parseBoolean(options.get(OVERWRITE_SCHEMA)),
            OVERWRITE_SCHEMA,
            "with \"saveMode\": \"Overwrite\"");
    keys.options().keySet().stream()
        .filter(option -> KNOWN.stream().noneMatch(option::equalsIgnoreCase))
        .filter(option -> option.indexOf('.') < 0)
        .forEach(
            option ->
                planning
                    .warnings()
                    .accept(
                        new Problem(
                            ErrorCode.NO_EFFECT,
                            planning.at("options"),
                            "Delta's writer has no option \"" + option + "\" and passes over it",
                            NearestName.question(option, KNOWN).orElse("leave it out"))));
  }

  /** Whether rows of the table are kept by what the options say. */
  static boolean replacesPart(Map<String, String> options) {
    return options.containsKey(REPLACE_WHERE)
        || "dynamic".equalsIgnoreCase(Optional.ofNullable(options.get(OVERWRITE_MODE)).orElse(""));
  }
}
