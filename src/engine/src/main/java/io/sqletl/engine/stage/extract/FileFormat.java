package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.LineLayout;
import io.sqletl.engine.stage.MalformedRecords;
import io.sqletl.engine.stage.RecordAccount;
import io.sqletl.engine.stage.StageContext;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** What extracts from files differ in. */
interface FileFormat {

  /** Spark's name of the format. */
  String name();

  /** The options of Spark's reader. */
  Map<String, String> options();

  /** Where records stand in their files. */
  default LineLayout layout() {
    return LineLayout.NONE;
  }

  /** The same format, read as these files have to be read. */
  default FileFormat of(InputFiles files, StageContext context) {
    return this;
  }

  /** Whether the format itself knows the number of each row in its file. */
  default boolean numbersRows() {
    return false;
  }

  /**
   * What files are that have no byte: an input without records, of which this is the message when
   * there is no schema; nothing for a format in whose files there is always something.
   */
  default Optional<MissingInput> blankFiles() {
    return Optional.empty();
  }

  /** The columns that every input has, however many files it has; nothing when files decide. */
  default Optional<StructType> fixedColumns() {
    return Optional.empty();
  }

  /**
   * Whether files say themselves what types their columns have, which a schema that is given does
   * not change.
   */
  default boolean saysTypes() {
    return false;
  }

  /** What a given schema does. */
  default SchemaUse schemaUse() {
    return SchemaUse.METADATA;
  }

  /**
   * The columns of the files, where the format has a cheaper way to them than Spark; without
   * columns when the files hold no records.
   *
   * @param files those with content
   */
  default Optional<StructType> columns(SparkSession spark, InputFiles files) {
    return Optional.empty();
  }

  /**
   * The rows of a format that Spark's own source of files does not read as a stage needs it, the
   * columns that say where a row comes from and what is wrong with it with them; nothing for all
   * others.
   *
   * @param account of the malformed records
   */
  default Optional<Dataset<Row>> rows(
      InputFiles files,
      Optional<StructType> given,
      boolean contiguousIndex,
      RecordAccount account,
      StageContext context) {
    return Optional.empty();
  }

  /** Whether files of all folders below are read. */
  default boolean isRecursive() {
    return false;
  }

  /** What else a user may do to have them read; begins with a comma. */
  default String recursiveRemedy() {
    return "";
  }

  /** The same of texts of a view, but for the columns that say where a row comes from. */
  default Optional<Dataset<Row>> rows(
      Dataset<String> texts,
      Optional<StructType> given,
      RecordAccount account,
      StageContext context) {
    return Optional.empty();
  }

  /** What happens to records that are malformed. */
  default MalformedRecords malformedRecords() {
    return MalformedRecords.IGNORE;
  }

  /**
   * The column of the rows read, of files or of texts, that says what is wrong with a record: a
   * text, null for a good one. It is taken out, and {@link RecordAccount} tells it. Nothing for a
   * format whose reader accounts itself, or does not at all.
   */
  default Optional<String> problemColumn() {
    return Optional.empty();
  }

  /** Reads the texts of a view. */
  default Dataset<Row> read(DataFrameReader reader, Dataset<String> texts) {
    throw new IllegalStateException(name() + " is not read from texts");
  }

  /** What a schema that the stage is given does to the data. */
  enum SchemaUse {
    /** Columns of the same name get its metadata. */
    METADATA,
    /** The data are read as it says. */
    READ
  }
}
