package io.sqletl.engine.stage.load;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyGroup;
import io.sqletl.engine.stage.DataUri;
import io.sqletl.engine.stage.IdleKeys;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StorageAccess;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SaveMode;

/** The keys of a stage that writes a directory of files, or files that it names itself. */
public record TextTarget(
    @Key(value = "The view that is written.", required = true, role = Key.Role.INPUT_VIEW)
        String inputView,
    @Key(
            value =
                "Whether one file is written, or one for each value of the column filename; rows"
                    + " stand in the order of the column index, if there is one.",
            defaultValue = "false")
        boolean singleFile,
    @Key(
            value =
                "What happens to files that are there: they are replaced, rows are added, the stage"
                    + " fails, or it does nothing. A load that fails leaves them as they were; single"
                    + " files are written beside their places and put there when all are complete.",
            defaultValue = "Overwrite")
        SaveMode saveMode,
    @Key(value = FileTarget.REPLACE_ALL, defaultValue = "false") boolean replaceAll,
    @Key("The columns by whose values the files are laid out in directories; not for single files.")
        List<String> partitionBy,
    @Key(
            "The number of partitions that are written, from 1; as the view has them when left out."
                + " Not for single files.")
        Optional<Integer> numPartitions,
    @KeyGroup StorageAccess access) {

  /** What the key "outputURI" of such a stage says. */
  static final String OUTPUT_URI =
      "The URI of the directory that is written; with \"singleFile\" that of the one file, or of the"
          + " directory in which the files of the column filename are, where those are not URIs"
          + " themselves.";

  /** Reports what is wrong with the keys. */
  void check(Optional<String> outputURI, StagePlanning planning) {
    access.check(planning);
    if (outputURI.isPresent()) {
      DataUri.checkTarget(planning, "outputURI", outputURI.get());
      if (!singleFile) {
        DataUri.refuseRoot(planning, "outputURI", outputURI.get());
      }
    } else if (!singleFile) {
      planning.missing(
          "outputURI", "Missing required attribute 'outputURI' when not in 'singleFile' mode");
    }
    if (numPartitions.isPresent() && numPartitions.get() < 1) {
      planning.invalid(
          "numPartitions", "\"numPartitions\" is " + numPartitions.get(), "it counts from 1");
    }
    FileTarget.warnOfReplaceAll(replaceAll, saveMode, planning);
    FileTarget.refuseTwice(partitionBy, planning);
    if (!singleFile) {
      FileTarget.checkHidden(partitionBy, planning);
    }
    String folders = "without \"singleFile\"";
    new IdleKeys(planning)
        .warn(singleFile && !partitionBy.isEmpty(), "partitionBy", folders)
        .warn(singleFile && numPartitions.isPresent(), "numPartitions", folders);
  }

  /** The same as keys of a load that writes a directory. */
  FileTarget directory(String outputURI) {
    return new FileTarget(
        inputView, outputURI, saveMode, replaceAll, partitionBy, numPartitions, access);
  }
}
