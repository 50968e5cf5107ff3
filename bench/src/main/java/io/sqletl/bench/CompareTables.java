package io.sqletl.bench;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.crc32;
import static org.apache.spark.sql.functions.encode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Tells whether both sides of a benchmark made the same: {@code same OURS THEIRS} for two tables,
 * {@code broken BROKEN CLEAN} for the typing of a broken file beside that of the clean one.
 */
public final class CompareTables {
  private final SparkSession spark;

  private CompareTables(SparkSession spark) {
    this.spark = spark;
  }

  /** Prints one line on what was found; a difference is exit 1. */
  public static void main(String[] args) throws IOException {
    String difference;
    try (SparkSession spark = PlainSession.openWithDelta()) {
      CompareTables compare = new CompareTables(spark);
      Dataset<Row> left = compare.table(args[1]);
      Dataset<Row> right = compare.table(args[2]);
      difference =
          args[0].equals("broken") ? compare.broken(left, right) : compare.same(left, right);
    }
    if (!difference.isEmpty()) {
      System.out.println(difference);
      System.exit(1);
    }
  }

  private Dataset<Row> table(String directory) {
    boolean delta = Files.isDirectory(Path.of(directory, "_delta_log"));
    return spark.read().format(delta ? "delta" : "parquet").load(directory);
  }

  /** Ours may have more columns; of theirs each must be equal, alone and row by row. */
  private String same(Dataset<Row> ours, Dataset<Row> theirs) {
    List<String> names = Arrays.asList(theirs.columns());
    Row left = checksums(ours, names);
    Row right = checksums(theirs, names);
    System.out.println(right.getLong(0) + " rows, " + names.size() + " columns");
    if (left.getLong(0) != right.getLong(0)) {
      return "rows differ: " + left.getLong(0) + " and " + right.getLong(0);
    }
    for (int i = 0; i < names.size(); i++) {
      if (!left.get(i + 2).equals(right.get(i + 2))) {
        return "column " + names.get(i) + " differs";
      }
    }
    return left.get(1).equals(right.get(1)) ? "" : "columns agree, rows do not";
  }

  private static Row checksums(Dataset<Row> table, List<String> names) {
    List<Column> sums = new ArrayList<>();
    sums.add(
        sum(
            checksum(
                concat_ws("|", names.stream().map(CompareTables::text).toArray(Column[]::new)))));
    names.forEach(name -> sums.add(sum(checksum(text(name)))));
    return table.agg(count(lit(1)), sums.toArray(Column[]::new)).head();
  }

  private static Column checksum(Column text) {
    return crc32(encode(text, "UTF-8"));
  }

  private static Column text(String name) {
    return coalesce(col(name).cast("string"), lit("null"));
  }

  /** Every value is that of the clean file or null, and there are as many errors as such nulls. */
  private String broken(Dataset<Row> broken, Dataset<Row> clean) {
    Column nulls = lit(0);
    Column others = lit(0);
    for (String name : LineItemTable.SCHEMA.fieldNames()) {
      Column mine = col("broken." + name);
      Column theirs = col("clean." + name);
      nulls = nulls.plus(when(mine.isNull().and(theirs.isNotNull()), 1).otherwise(0));
      others = others.plus(when(mine.isNotNull().and(mine.notEqual(theirs)), 1).otherwise(0));
    }
    Row counts =
        broken
            .as("broken")
            .join(clean.as("clean"), "_index")
            .agg(
                count(lit(1)),
                sum(nulls),
                sum(others),
                sum(org.apache.spark.sql.functions.size(col("broken._errors"))))
            .head();
    System.out.println(counts.getLong(0) + " rows, " + counts.getLong(3) + " errors");
    if (counts.getLong(0) != clean.count() || counts.getLong(0) != broken.count()) {
      return "rows differ";
    }
    if (counts.getLong(2) != 0) {
      return counts.getLong(2) + " values differ from those of the clean file";
    }
    return counts.getLong(1) == counts.getLong(3) && counts.getLong(3) > 0
        ? ""
        : counts.getLong(1) + " values are missing, but there are " + counts.getLong(3) + " errors";
  }
}
