package io.sqletl.engine.wordcount;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.split;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * Counts the words of text files, {@code WordCount INPUT OUTPUT [COPIES]}: what to try a cluster
 * with. The text is taken {@code COPIES} times (default 1), made by the executors as they count, so
 * that little data is work for many of them.
 */
public final class WordCount {

  /** Copies that one task counts: some seconds of work on a few thousand lines. */
  private static final int COPIES_PER_TASK = 200;

  private WordCount() {}

  public static void main(String[] arguments) throws java.io.IOException {
    if (arguments.length < 2 || arguments.length > 3) {
      throw new IllegalArgumentException("Usage: WordCount INPUT OUTPUT [COPIES]");
    }
    long copies = arguments.length == 3 ? copies(arguments[2]) : 1;
    try (SparkSession spark = SparkSession.builder().appName("word-count").getOrCreate()) {
      run(spark, arguments[0], arguments[1], copies);
    }
  }

  /**
   * Writes the words, in lower case, with how often each is there, the most frequent first, as
   * Parquet.
   *
   * @param input text files, in UTF-8
   * @param output a folder, which is replaced
   * @param copies how often the text is counted, from 1
   */
  static void run(SparkSession spark, String input, String output, long copies) {
    int tasks = (int) Math.min(100_000, (copies + COPIES_PER_TASK - 1) / COPIES_PER_TASK);
    Dataset<Row> lines = spark.read().text(input);
    Dataset<Row> counts =
        spark
            .range(0, copies, 1, tasks)
            .crossJoin(broadcast(lines))
            .select(explode(split(lower(col("value")), "[^\\p{L}\\p{N}]+")).as("word"))
            .where(col("word").notEqual(""))
            .groupBy("word")
            .agg(count(lit(1)).as("count"))
            .orderBy(col("count").desc(), col("word"));
    counts.write().mode(SaveMode.Overwrite).parquet(output);
  }

  private static long copies(String text) {
    try {
      long copies = Long.parseLong(text);
      if (copies > 0) {
        return copies;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("COPIES is \"" + text + "\", which is no number", e);
    }
    throw new IllegalArgumentException("COPIES is " + text + "; give 1 or more");
  }
}
