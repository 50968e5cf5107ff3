package io.sqletl.engine.stage;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.JobOptions;
import io.sqletl.engine.job.Position;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.typing.AdjustedValues;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** What a stage runs with, and where it leaves what is to be told of it. */
public final class StageContext {

  private final SparkSession spark;
  private final JobOptions options;
  private final StageHeader header;
  private final String type;
  private final JobState state;
  private final Position position;
  private final Consumer<Problem> warnings;
  private final Map<String, Object> detail = new LinkedHashMap<>();
  private final List<String> outputs = new ArrayList<>();
  private Rejected rejected;
  private AdjustedValues adjusted;
  private boolean keepsVersion;

  /** The context of a stage that is alone. */
  public StageContext(SparkSession spark, JobOptions options, StageHeader header) {
    this(spark, options, header, header.type(), new JobState());
  }

  /**
   * @param type the simple name of the stage's type
   * @param state what the run's stages leave for each other
   */
  public StageContext(
      SparkSession spark, JobOptions options, StageHeader header, String type, JobState state) {
    this(spark, options, header, type, state, null, warning -> {});
  }

  /**
   * @param type the simple name of the stage's type
   * @param state what the run's stages leave for each other
   * @param position where the stage stands; null when it stands in no file
   * @param warnings takes what is odd and yet runs
   */
  public StageContext(
      SparkSession spark,
      JobOptions options,
      StageHeader header,
      String type,
      JobState state,
      Position position,
      Consumer<Problem> warnings) {
    this.spark = spark;
    this.options = options;
    this.header = header;
    this.type = type;
    this.state = state;
    this.position = position;
    this.warnings = warnings;
  }

  public SparkSession spark() {
    return spark;
  }

  public JobOptions options() {
    return options;
  }

  public StageHeader header() {
    return header;
  }

  /** The simple name of the stage's type, however the job file names it. */
  public String type() {
    return type;
  }

  /** What the stages of this run leave for each other. */
  public JobState state() {
    return state;
  }

  /** A view that an earlier stage made. */
  public Dataset<Row> view(String name) {
    return spark.table(name);
  }

  /**
   * Adds a field to the stage's entry in the log.
   *
   * @param value a string, number, boolean, or a map or list of these; null is kept
   */
  public void detail(String field, Object value) {
    detail.put(field, value);
  }

  /** The fields added so far, in order. */
  public Map<String, Object> detail() {
    return detail;
  }

  /**
   * Tells the user of something odd that does not end the run. It is told as a warning of planning
   * is, in the text, the log, the results and the notebook, and once however often it is said.
   *
   * @param message what is odd, with the values, without a full stop at its end
   * @param remedy what to do about it; null when the message says it
   */
  public void warn(ErrorCode code, String message, String remedy) {
    warnings.accept(new Problem(code, position, message, remedy));
  }

  /**
   * {@link #warn Tells} of something odd with the stage's name before it.
   *
   * @param what is odd, without the stage
   */
  public void warnOf(ErrorCode code, String what, String remedy) {
    warn(code, type() + " '" + header.name() + "': " + what, remedy);
  }

  /** {@link #warnOf The same} of columns that are not as somebody may take them to be. */
  public void warnOfColumns(String what, String remedy) {
    warnOf(ErrorCode.COLUMNS_DIFFER, what, remedy);
  }

  /** Where the stage stands; nothing when it stands in no file. */
  public Optional<Position> position() {
    return Optional.ofNullable(position);
  }

  /** Takes the warnings of this stage, for one that runs on its behalf. */
  public Consumer<Problem> warnings() {
    return warnings;
  }

  /** Tells what became of the rows of a table that was there, in the log and the stage's line. */
  public void changed(RowChanges changes) {
    detail(RowChanges.FIELD, changes.fields());
  }

  /** What the stage reads stays as it is now, whatever the job writes there later. */
  public void keepVersion() {
    keepsVersion = true;
  }

  /** Whether a later stage changes what this one reads, and its view is to stay as it is. */
  public boolean keepsVersion() {
    return keepsVersion;
  }

  /** Says that the stage wrote there, for the run's closing lines. */
  public void wrote(String uri) {
    outputs.add(uri);
  }

  /** Says where the values that the stage rejects are gathered, now and when its view is used. */
  public void rejected(Rejected values) {
    rejected = values;
  }

  /** Where the values that the stage rejects are gathered; nothing for one that rejects none. */
  public Optional<Rejected> rejected() {
    return Optional.ofNullable(rejected);
  }

  /** Says where the values are counted that the stage rounds, now and when its view is used. */
  public void adjusted(AdjustedValues values) {
    adjusted = values;
  }

  /** Where the values are counted that the stage rounds; nothing for one that rounds none. */
  public Optional<AdjustedValues> adjusted() {
    return Optional.ofNullable(adjusted);
  }

  public List<String> outputs() {
    return List.copyOf(outputs);
  }
}
