package io.sqletl.engine.run.failure;

import io.sqletl.engine.job.NearestName;
import io.sqletl.engine.session.SessionException;
import io.sqletl.engine.stage.MalformedRecord;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.files.SoundFile;
import java.io.FileNotFoundException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistry;
import scala.jdk.javaapi.CollectionConverters;

/** Says what an exception means to the person who wrote the job. */
public final class Diagnoses {

  /** What only says that something within failed. */
  private static final Set<String> WRAPPERS =
      Set.of("TASK_WRITE_FAILED", "STREAM_FAILED", "EXPRESSION_DECODING_FAILED");

  private static final String FAILED_READ = "FAILED_READ_FILE";

  private Diagnoses() {}

  /**
   * What an exception means.
   *
   * @param stage the stage that ran; null when none did
   */
  public static Diagnosis of(Throwable exception, FailedStage stage) {
    Chain chain = new Chain(exception);
    Optional<Throwable> ours = chain.outermost(Diagnoses::isForPeople);
    if (ours.isPresent()) {
      return Diagnosis.of(ours.get().getMessage().strip(), null);
    }
    return SystemErrors.of(chain)
        .or(() -> DeltaSchemas.of(chain, stage))
        .or(() -> ofCondition(chain))
        .orElseGet(() -> inOthersWords(chain));
  }

  private static boolean isForPeople(Throwable error) {
    return (error instanceof StageException
            || error instanceof MalformedRecord
            || error instanceof SessionException)
        && error.getMessage() != null;
  }

  private static Optional<Diagnosis> ofCondition(Chain chain) {
    return chain
        .innermost(error -> error instanceof SparkThrowable spark && ErrorTexts.has(spark))
        .map(SparkThrowable.class::cast)
        .flatMap(
            error -> ErrorTexts.of(error).map(diagnosis -> withNearestFunction(diagnosis, error)));
  }

  private static Diagnosis withNearestFunction(Diagnosis diagnosis, SparkThrowable error) {
    if (!"UNRESOLVED_ROUTINE".equals(error.getCondition())) {
      return diagnosis;
    }
    String name = error.getMessageParameters().getOrDefault("routineName", "").replace("`", "");
    List<String> names =
        CollectionConverters.asJava(FunctionRegistry.functionSet()).stream()
            .map(function -> function.funcName())
            .toList();
    return NearestName.question(name, names)
        .map(question -> Diagnosis.of(diagnosis.cause(), question + " " + diagnosis.remedy()))
        .orElse(diagnosis);
  }

  /** What nobody foresaw: the message of the exception that knows most, whole. */
  private static Diagnosis inOthersWords(Chain chain) {
    Optional<Throwable> analysis = chain.outermost(AnalysisException.class::isInstance);
    Throwable telling =
        analysis
            .or(() -> chain.innermost(Diagnoses::isOwnCondition))
            .or(() -> chain.innermost(Diagnoses::says))
            .orElse(chain.outermostFirst().get(0));
    String text = SparkText.of(telling);
    Optional<String> file = analysis.isPresent() ? Optional.empty() : unreadableFile(chain);
    return file.map(path -> ofFile(path, text, chain)).orElseGet(() -> Diagnosis.of(text, null));
  }

  private static Diagnosis ofFile(String path, String text, Chain chain) {
    boolean isGone = chain.outermost(error -> error instanceof FileNotFoundException).isPresent();
    Optional<String> table = isGone ? DeltaFiles.tableOf(path) : Optional.empty();
    return table
        .map(
            uri ->
                Diagnosis.of(
                    "The Delta table "
                        + uri
                        + " no longer has the file "
                        + path
                        + " of the version that is read: VACUUM removes the files of old versions,"
                        + " or somebody removed it",
                    "read a later version with versionAsOf, timestampAsOf or relativeVersion, or the"
                        + " latest without them; %sql DESCRIBE HISTORY delta.`"
                        + uri
                        + "` lists the versions. If it is the latest, bring the file back, or RESTORE a version"
                        + " that has all of its files"))
        .orElseGet(
            () ->
                SoundFile.of(text)
                    .map(
                        sound ->
                            Diagnosis.of(
                                "Cannot read the file " + path + ": " + sound.reason(),
                                sound.remedy()))
                    .orElseGet(
                        () ->
                            Diagnosis.of(
                                "Cannot read the file " + path + ": " + text,
                                "repair it or take it out of the input")));
  }

  private static boolean isOwnCondition(Throwable error) {
    if (!(error instanceof SparkThrowable spark) || spark.getCondition() == null) {
      return false;
    }
    String condition = spark.getCondition();
    return says(error)
        && !WRAPPERS.contains(condition)
        && !condition.startsWith("_LEGACY")
        && !(condition.startsWith(FAILED_READ) && error.getCause() != null);
  }

  private static boolean says(Throwable error) {
    return error.getMessage() != null && !error.getMessage().isBlank();
  }

  /** Spark knows which file it was; what caused it mostly does not. */
  private static Optional<String> unreadableFile(Chain chain) {
    return chain
        .outermost(
            error ->
                error instanceof SparkThrowable spark
                    && spark.getCondition() != null
                    && spark.getCondition().startsWith(FAILED_READ))
        .map(error -> ((SparkThrowable) error).getMessageParameters().get("path"));
  }
}
