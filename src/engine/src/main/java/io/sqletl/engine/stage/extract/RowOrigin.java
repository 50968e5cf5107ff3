package io.sqletl.engine.stage.extract;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.input_file_block_start;
import static org.apache.spark.sql.functions.input_file_name;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.monotonically_increasing_id;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.spark_partition_id;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import io.sqletl.engine.stage.InternalColumn;
import io.sqletl.engine.stage.LineLayout;
import io.sqletl.engine.stage.RecordAccount;
import io.sqletl.engine.typing.MethodCall;
import io.sqletl.engine.typing.MethodCall.Evaluation;
import io.sqletl.engine.typing.MethodCall.NullArgument;
import io.sqletl.engine.typing.MethodCall.Result;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructType;

/**
 * Adds the internal columns that say where a row comes from.
 *
 * <p>Nothing runs until the columns are used. Numbers within a file need the counts of the blocks
 * before, which a subquery over the same input finds: the same files fall into the same partitions,
 * since a projection that is not deterministic keeps filters from reaching either scan. The
 * subquery reads no columns, and is dropped with the column where nobody asks for it.
 */
final class RowOrigin {

  private static final String PARTITION = "partition";
  private static final String FILE = "file";
  private static final String POSITION = "position";
  private static final String ID = "id";

  private final Numbering numbering;
  private final LineLayout layout;

  /** How the numbers of rows are found. */
  enum Numbering {
    /** The input is the only block of the only file. */
    ONE_BLOCK,
    /** Counts of blocks have to be known. */
    BLOCKS,
    /** The input is no file, and its partitions follow each other. */
    PARTITIONS,
    /** The format knows the numbers. */
    FORMAT,
    /** The column {@link RecordAccount#NUMBER} of the rows has the numbers. */
    KNOWN,
    /** Numbers have gaps and do not begin anew with each file. */
    WITH_GAPS,
    /** The same, of an input that is no file. */
    WITH_GAPS_IN_VIEW
  }

  RowOrigin(Numbering numbering, LineLayout layout) {
    this.numbering = numbering;
    this.layout = layout;
  }

  /**
   * Whether the input has such columns already, as has what was written with them. Case does not
   * count, since SQL does not tell names by it.
   */
  static boolean isKnown(StructType schema) {
    return Arrays.stream(schema.fieldNames())
        .anyMatch(
            name ->
                name.equalsIgnoreCase(InternalColumn.FILENAME)
                    || name.equalsIgnoreCase(InternalColumn.INDEX)
                    || name.equalsIgnoreCase(InternalColumn.ID));
  }

  /**
   * The rows, so that every use of them has the same partitions. Of rows that a query has in
   * itself, as {@code VALUES}, Spark computes some columns as it plans, all in one partition, and
   * deals others out.
   */
  static Dataset<Row> dealtOut(Dataset<Row> rows) {
    org.apache.spark.sql.classic.Dataset<Row> planned =
        (org.apache.spark.sql.classic.Dataset<Row>) rows;
    return planned.queryExecution().optimizedPlan() instanceof LocalRelation
        ? rows.sparkSession().createDataFrame(rows.toJavaRDD(), rows.schema())
        : rows;
  }

  /** The columns of an input without rows. */
  static StructType addTo(StructType schema, boolean contiguous, LineLayout layout) {
    if (isKnown(schema)) {
      return schema;
    }
    return contiguous
        ? schema
            .add(InternalColumn.FILENAME, DataTypes.StringType, false, InternalColumn.filename())
            .add(InternalColumn.INDEX, DataTypes.LongType, false, InternalColumn.index(layout))
        : schema
            .add(InternalColumn.ID, DataTypes.LongType, false, InternalColumn.id())
            .add(InternalColumn.FILENAME, DataTypes.StringType, false, InternalColumn.filename());
  }

  Dataset<Row> add(Dataset<Row> rows) {
    return add(rows, rows);
  }

  /**
   * @param counted rows of the same number and order, which cost less where they are only counted
   */
  Dataset<Row> add(Dataset<Row> rows, Dataset<Row> counted) {
    if (isKnown(rows.schema())) {
      return rows;
    }
    Column file = named(file(rows), InternalColumn.FILENAME, InternalColumn.filename());
    if (numbering == Numbering.WITH_GAPS || numbering == Numbering.WITH_GAPS_IN_VIEW) {
      Column id = named(monotonically_increasing_id(), InternalColumn.ID, InternalColumn.id());
      return rows.select(col("*"), id, file);
    }
    Column index = named(number(rows, counted), InternalColumn.INDEX, InternalColumn.index(layout));
    return rows.select(col("*"), file, index);
  }

  private static Column named(Column value, String name, Metadata metadata) {
    return value.as(name, metadata);
  }

  private Column file(Dataset<Row> rows) {
    return switch (numbering) {
      case PARTITIONS, WITH_GAPS_IN_VIEW -> lit("");
      case FORMAT -> uri(metadata(rows, "file_path"));
      case ONE_BLOCK, BLOCKS, KNOWN, WITH_GAPS -> input_file_name();
    };
  }

  private Column number(Dataset<Row> rows, Dataset<Row> counted) {
    return switch (numbering) {
      case ONE_BLOCK -> monotonically_increasing_id().plus(lit(1L));
      case FORMAT -> metadata(rows, "row_index").plus(lit(1L));
      case KNOWN -> col(RecordAccount.NUMBER);
      case PARTITIONS -> numberIn(blocks(counted, lit(""), spark_partition_id().cast("bigint")));
      case BLOCKS -> numberIn(blocks(counted, input_file_name(), input_file_block_start()));
      case WITH_GAPS, WITH_GAPS_IN_VIEW ->
          throw new IllegalStateException("Numbers with gaps are Spark's own");
    };
  }

  private static Column metadata(Dataset<Row> rows, String field) {
    return rows.metadataColumn("_metadata").getField(field);
  }

  /**
   * The path as {@code input_file_name()} writes it, which differs for local files; that function
   * would keep filters from the scan.
   */
  private static Column uri(Column path) {
    Column isBare = path.startsWith("file:/").and(not(path.startsWith("file://")));
    return when(
            isBare, concat(lit("file://"), path.substr(lit("file:".length() + 1), length(path))))
        .otherwise(path);
  }

  /** The rows of each block, as {@link RowNumbers} wants to have them: one row, one column. */
  private static Dataset<Row> blocks(Dataset<Row> rows, Column file, Column position) {
    return rows.select(
            spark_partition_id().as(PARTITION),
            file.as(FILE),
            position.as(POSITION),
            monotonically_increasing_id().as(ID))
        .groupBy(PARTITION, FILE, POSITION)
        .agg(min(ID).as("start"), count(lit(1)).as("rows"))
        .select(
            collect_list(struct(col("start"), col("rows"), col(FILE), col(POSITION))).as("blocks"));
  }

  private static Column numberIn(Dataset<Row> blocks) {
    Expression counted = ExpressionUtils.expression(blocks.scalar());
    Expression id = ExpressionUtils.expression(monotonically_increasing_id());
    return new MethodCall(new RowNumbers(), RowNumbers.class, "number")
        .column(
            DataTypes.LongType,
            List.of(counted, id),
            NullArgument.PASSED,
            Result.NOT_NULL,
            Evaluation.FREE);
  }
}
