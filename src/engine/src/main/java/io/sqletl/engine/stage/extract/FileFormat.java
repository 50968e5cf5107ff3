package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.LineLayout;
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
  LineLayout layout();

  /** Whether the format itself knows the number of each row in its file. */
  boolean numbersRows();

  /** Whether a file without a byte is a file without records, or none of the format. */
  boolean canBeBlank();

  /** What a given schema does. */
  SchemaUse schemaUse();

  /**
   * The columns of the files, where the format has a cheaper way to them than Spark; without
   * columns when the files hold no records.
   *
   * @param files those with content
   */
  Optional<StructType> columns(SparkSession spark, InputFiles files);

  /** Reads the texts of a view. */
  Dataset<Row> read(DataFrameReader reader, Dataset<String> texts);

  /** What a schema that the stage is given does to the data. */
  enum SchemaUse {
    /** Columns of the same name get its metadata. */
    METADATA,
    /** The data are read as it says. */
    READ
  }
}
