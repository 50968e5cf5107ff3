package io.sqletl.engine.stage.extract;

import com.univocity.parsers.csv.CsvParser;
import io.sqletl.engine.stage.FaultText;
import io.sqletl.engine.stage.StageException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.csv.CSVOptions;
import org.apache.spark.sql.execution.datasources.CodecStreams;
import org.apache.spark.sql.execution.datasources.csv.CSVUtils;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Finds the columns of delimited files in their first record, with Spark's own parser and names but
 * without the job that Spark runs for it.
 */
final class FirstRecord {

  private static final int BYTE_ORDER_MARK = '\uFEFF';

  private final CSVOptions options;
  private final boolean isCaseSensitive;
  private final Configuration configuration;

  FirstRecord(SparkSession spark, Map<String, String> options) {
    scala.collection.immutable.Map<String, String> parameters =
        scala.collection.immutable.Map.from(
            CollectionConverters.asScala(new LinkedHashMap<>(options)));
    this.options =
        new CSVOptions(
            parameters, /* columnPruning */ false, spark.conf().get("spark.sql.session.timeZone"));
    this.isCaseSensitive = Boolean.parseBoolean(spark.conf().get("spark.sql.caseSensitive"));
    this.configuration = spark.sessionState().newHadoopConf();
  }

  /** The columns of the first file that has a record; without columns when none has. */
  StructType columns(List<Path> files) {
    StructType columns = new StructType();
    Optional<String[]> record = first(files);
    if (record.isPresent()) {
      for (String name : CSVUtils.makeSafeHeader(record.get(), isCaseSensitive, options)) {
        columns = columns.add(name, DataTypes.StringType);
      }
    }
    return columns;
  }

  private Optional<String[]> first(List<Path> files) {
    for (Path file : files) {
      try {
        Optional<String[]> record = options.multiLine() ? firstRecord(file) : firstLine(file);
        if (record.isPresent()) {
          return record;
        }
      } catch (IOException | RuntimeException e) {
        throw new StageException("Cannot read '" + file + "': " + FaultText.of(e), e);
      }
    }
    return Optional.empty();
  }

  private Optional<String[]> firstRecord(Path file) throws IOException {
    CsvParser parser = new CsvParser(options.asParserSettings());
    try (InputStream bytes = CodecStreams.createInputStream(configuration, file)) {
      parser.beginParsing(bytes, charset());
      Optional<String[]> record = Optional.ofNullable(parser.parseNext());
      parser.stopParsing();
      return record;
    }
  }

  private Optional<String[]> firstLine(Path file) throws IOException {
    try (InputStream bytes = CodecStreams.createInputStream(configuration, file);
        BufferedReader lines = new BufferedReader(new InputStreamReader(bytes, charset()))) {
      skipByteOrderMark(lines);
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        // As Spark's scan passes over lines
        if (!line.trim().isEmpty()) {
          return Optional.ofNullable(new CsvParser(options.asParserSettings()).parseLine(line));
        }
      }
      return Optional.empty();
    }
  }

  private static void skipByteOrderMark(BufferedReader text) throws IOException {
    text.mark(1);
    if (text.read() != BYTE_ORDER_MARK) {
      text.reset();
    }
  }

  private Charset charset() {
    return Charset.forName(options.charset());
  }
}
