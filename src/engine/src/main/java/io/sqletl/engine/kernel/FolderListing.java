package io.sqletl.engine.kernel;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.JobException;
import io.sqletl.engine.job.Position;
import io.sqletl.engine.job.Problem;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.sql.Timestamp;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The files of a folder as rows. */
final class FolderListing {

  private static final Pattern VARIABLE = Pattern.compile("\"?\\$\\{\\??([^}]+)}\"?");

  private static final StructType COLUMNS =
      new StructType()
          .add("path", DataTypes.StringType)
          .add("name", DataTypes.StringType)
          .add("modificationTime", DataTypes.TimestampType)
          .add("size", DataTypes.StringType)
          .add("bytes", DataTypes.LongType);

  private FolderListing() {}

  /** A URI as a stage has it, with its variables put in and quotes removed. */
  static String resolve(String written, Function<String, Optional<String>> variables) {
    Matcher variable = VARIABLE.matcher(written);
    String resolved =
        variable.replaceAll(
            match ->
                Matcher.quoteReplacement(
                    variables.apply(match.group(1).strip()).orElse(match.group())));
    return resolved.replace("\"", "").strip();
  }

  /**
   * @param uri a folder, a file or a glob
   * @throws JobException if there is none
   */
  static Dataset<Row> of(SparkSession spark, String uri, Position place) throws IOException {
    Path path = new Path(uri);
    FileSystem files = path.getFileSystem(spark.sparkContext().hadoopConfiguration());
    FileStatus[] matches;
    try {
      FileStatus[] named = files.globStatus(path);
      boolean isFolder = named != null && named.length == 1 && named[0].isDirectory();
      matches = isFolder ? files.listStatus(named[0].getPath()) : named;
    } catch (FileNotFoundException e) {
      matches = null;
    }
    if (matches == null || matches.length == 0) {
      throw new JobException(
          Problem.of(ErrorCode.FILE_NOT_FOUND, place, "There is nothing in " + uri));
    }
    List<Row> rows =
        Arrays.stream(matches)
            .sorted(Comparator.comparing(status -> status.getPath().getName()))
            .map(FolderListing::row)
            .toList();
    return spark.createDataFrame(rows, COLUMNS);
  }

  private static Row row(FileStatus status) {
    return RowFactory.create(
        status.getPath().toString(),
        status.getPath().getName() + (status.isDirectory() ? "/" : ""),
        new Timestamp(status.getModificationTime()),
        status.isDirectory() ? "" : size(status.getLen()),
        status.getLen());
  }

  private static String size(long bytes) {
    String[] units = {"B", "kB", "MB", "GB", "TB", "PB"};
    double number = bytes;
    int unit = 0;
    while (number >= 1000 && unit < units.length - 1) {
      number /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", number, units[unit]);
  }
}
