package io.sqletl.engine.stage.load;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyGroup;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.DataUri;
import io.sqletl.engine.stage.IdleKeys;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StorageAccess;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.SaveMode;

/** The keys of a stage that writes a directory of files. */
public record FileTarget(
    @Key(value = "The view that is written.", required = true, role = Key.Role.INPUT_VIEW)
        String inputView,
    @Key(
            value = "The URI of the directory that is written; its ending means nothing.",
            required = true,
            role = Key.Role.OUTPUT_URI)
        String outputURI,
    @Key(
            value =
                "What happens to files that are there: they are replaced, files are added, the"
                    + " stage fails, or it does nothing. Extracts see the old files until the new"
                    + " ones are complete, and never both; other programs may see both for a"
                    + " moment. A load that fails leaves the old ones, and one that was killed is"
                    + " put right by the next.",
            defaultValue = "Overwrite")
        SaveMode saveMode,
    @Key(value = FileTarget.REPLACE_ALL, defaultValue = "false") boolean replaceAll,
    @Key("The columns by whose values the files are laid out in directories (key=value).")
        List<String> partitionBy,
    @Key("The number of partitions that are written, from 1; as the view has them when left out.")
        Optional<Integer> numPartitions,
    @KeyGroup StorageAccess access) {

  /** What the key "replaceAll" says. */
  static final String REPLACE_ALL =
      "Whether Overwrite also removes what no load with these keys wrote: files of other formats"
          + " or with other names, folders that are no partitions of this load, a Delta table, the"
          + " input of the view. If false, the stage fails and lists them.";

  /** Reports what is wrong with the keys. */
  void check(StagePlanning planning) {
    DataUri.checkTarget(planning, "outputURI", outputURI);
    DataUri.refuseRoot(planning, "outputURI", outputURI);
    access.check(planning);
    if (numPartitions.isPresent() && numPartitions.get() < 1) {
      planning.invalid(
          "numPartitions", "\"numPartitions\" is " + numPartitions.get(), "it counts from 1");
    }
    warnOfReplaceAll(replaceAll, saveMode, planning);
    refuseTwice(partitionBy, planning);
    checkHidden(partitionBy, planning);
  }

  /** Names of folders by which readers tell what is none of the data. */
  static void checkHidden(List<String> partitionBy, StagePlanning planning) {
    for (String name : partitionBy) {
      String folders = "\"partitionBy\" names the column '" + name + "'";
      String remedy = "give the column a name that begins with a letter, in a SQLTransform";
      if (name.startsWith(".")) {
        planning.invalid(
            "partitionBy",
            folders + ", and what begins with a dot is hidden: no reader would find its rows",
            remedy);
      } else if (name.startsWith("_")) {
        planning
            .warnings()
            .accept(
                new Problem(
                    ErrorCode.LOSSY_WRITE,
                    planning.at("partitionBy"),
                    folders
                        + ", and other readers, such as pyarrow and Hive, pass over folders that"
                        + " begin with _: they would find no rows",
                    remedy));
      }
    }
  }

  /** Only Overwrite removes anything. */
  static void warnOfReplaceAll(boolean replaceAll, SaveMode saveMode, StagePlanning planning) {
    new IdleKeys(planning)
        .warn(
            replaceAll && saveMode != SaveMode.Overwrite,
            "replaceAll",
            "with \"saveMode\": \"Overwrite\"");
  }

  /** Names in lower case, as readers that do not look at capitals see them. */
  static void refuseTwice(List<String> partitionBy, StagePlanning planning) {
    Set<String> seen = new HashSet<>();
    partitionBy.stream()
        .filter(name -> !seen.add(name.toLowerCase(Locale.ROOT)))
        .findFirst()
        .ifPresent(
            name ->
                planning.invalid(
                    "partitionBy",
                    "\"partitionBy\" names the column '" + name + "' twice",
                    "name it once; capitals make no difference"));
  }
}
