package io.sqletl.engine.stage.extract;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.FaultText;
import io.sqletl.engine.stage.InternalColumn;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.files.FileSignature;
import io.sqletl.engine.stage.files.PackedName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.paths.SparkPath;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.csv.CSVOptions;
import org.apache.spark.sql.execution.datasources.csv.CSVUtils;
import org.apache.spark.unsafe.types.UTF8String;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Finds the columns of delimited files in their first records: of one file where they have no
 * names, else of all, so that files whose columns differ are read by name.
 */
final class DelimitedHeaders {

  /** Line ends are seen, and joiners belong to the letters of some languages. */
  private static final Pattern UNSEEN =
      Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Z}&&[^ \\n\\r\\t\\u200C\\u200D]]");

  private static final String ERRORS = InternalColumn.ERRORS;

  /** So many records tell what a header is not. */
  private static final int SAMPLED = 8;

  private final DelimitedDialect dialect;
  private final CSVOptions options;
  private final boolean isCaseSensitive;
  private final Configuration configuration;
  private final StageContext context;
  private final HeaderSigns signs;
  private final List<String> schema;

  /** The column of a view that has the texts. */
  private String textColumn;

  private List<String> firstRecord = List.of();

  /**
   * What files have for columns.
   *
   * @param names of the columns of the view; none when no file has a record
   * @param usual the header of all files but the others; null when they have none
   * @param others by the URI of the file, as Spark has it
   */
  record Columns(List<String> names, DelimitedHeader usual, Map<String, DelimitedHeader> others) {}

  /**
   * @param sample the first records after it
   */
  private record First(
      Path file,
      byte[] line,
      int number,
      List<String> values,
      List<String> names,
      List<SampledRecord> sample) {

    List<List<String>> sampledValues() {
      return sample.stream().map(SampledRecord::values).toList();
    }

    SampledValues.Head head() {
      String text = new String(line, StandardCharsets.UTF_8);
      return new SampledValues.Head(
          file.getName(), new SampledRecord(number, text, values), sample);
    }
  }

  /**
   * @param schema the names of the schema of the stage; empty when it has none
   */
  DelimitedHeaders(
      DelimitedDialect dialect,
      Map<String, String> options,
      List<String> schema,
      StageContext context) {
    SparkSession spark = context.spark();
    this.dialect = dialect;
    // Spark's own reader knows few encodings, and reads nothing here
    Map<String, String> withoutEncoding = new LinkedHashMap<>(options);
    withoutEncoding.remove("encoding");
    this.options =
        new CSVOptions(
            scala.collection.immutable.Map.from(CollectionConverters.asScala(withoutEncoding)),
            /* columnPruning */ false,
            spark.conf().get("spark.sql.session.timeZone"));
    this.isCaseSensitive = Boolean.parseBoolean(spark.conf().get("spark.sql.caseSensitive"));
    this.configuration = spark.sessionState().newHadoopConf();
    this.context = context;
    this.signs = new HeaderSigns(dialect, context);
    this.schema = schema;
  }

  /** The columns of files with content. */
  Columns of(List<Path> files) {
    if (!dialect.header()) {
      for (Path file : files) {
        Optional<First> first = first(file);
        if (first.isPresent()) {
          signs.record(file.getName(), first.get().values, first.get().sampledValues(), schema);
          firstRecord = first.get().values;
          new SampledValues(dialect, first.get().names, context).tell(List.of(first.get().head()));
          return new Columns(first.get().names, null, Map.of());
        }
      }
      return new Columns(List.of(), null, Map.of());
    }
    List<First> all = firsts(files);
    if (all.isEmpty()) {
      return new Columns(List.of(), null, Map.of());
    }
    First first = all.get(0);
    signs.header(first.file.getName(), first.values, first.sampledValues());
    if (all.stream().allMatch(each -> each.sample.isEmpty())) {
      signs.onlyHeader(first.file.getName(), first.values);
    }
    new SampledValues(dialect, first.names, context).tell(all.stream().map(First::head).toList());
    warnOfNames(first);
    DelimitedHeader usual = new DelimitedHeader(first.line, null, first.names.size());
    Map<String, DelimitedHeader> others = new HashMap<>();
    HeaderDifferences differences =
        new HeaderDifferences(first.file.getName(), first.names, context);
    for (First other : all) {
      if (!Arrays.equals(other.line, first.line)) {
        differences.add(other.file.getName(), other.names);
        int[] places = DelimitedHeader.places(first.names, other.names);
        others.put(
            SparkPath.fromPath(other.file).urlEncoded(),
            new DelimitedHeader(other.line, places, other.names.size()));
      }
    }
    differences.tell();
    return new Columns(first.names, usual, others);
  }

  /**
   * The columns of a record that is given as text.
   *
   * @param column of the view that has it
   */
  Columns of(String text, String column) {
    textColumn = column;
    byte[] line = text.getBytes(StandardCharsets.UTF_8);
    First first = first(null, line, 1, List.of());
    if (!dialect.header()) {
      return new Columns(first.names, null, Map.of());
    }
    warnOfNames(first);
    return new Columns(first.names, new DelimitedHeader(line, null, first.names.size()), Map.of());
  }

  private List<First> firsts(List<Path> files) {
    return FilesAtOnce.look(files, this::first).stream().flatMap(Optional::stream).toList();
  }

  private Optional<First> first(Path file) {
    try (DelimitedStream records = DelimitedStream.open(dialect, 0, file, configuration)) {
      Optional<String> sign = sign(records.first());
      if (sign.isPresent()) {
        throw new StageException(
            "DelimitedExtract reads text, but the file '" + file + "' " + sign.get());
      }
      HeaderSigns.requireNoSeparatorLine(file.toString(), records.first());
      SampledRecord.Reader reader = new SampledRecord.Reader(records, dialect);
      Optional<byte[]> line = reader.next();
      if (line.isEmpty()) {
        return Optional.empty();
      }
      requireEncoding(file, line.get());
      int number = reader.number();
      return Optional.of(
          first(file, SampledRecord.utf8(line.get(), dialect), number, reader.sample(SAMPLED)));
    } catch (StageException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw new StageException(
          "Cannot read '"
              + file
              + "': "
              + PackedName.problem(file, configuration)
                  .orElse(
                      FaultText.of(e)
                          + "; see that the file is whole and in the encoding "
                          + dialect.encoding()),
          e);
    }
  }

  /** The first record of files without a header; empty when there is one, or no record. */
  List<String> firstRecord() {
    return firstRecord;
  }

  /** A record says what is wrong with it in its row, a header has none. */
  private void requireEncoding(Path file, byte[] line) {
    if (dialect.header() && dialect.isUtf8() && !UTF8String.fromBytes(line).isValid()) {
      throw new StageException(
          "The header of '"
              + file
              + "' has bytes that are no UTF-8; set \"encoding\" to that of the file, such as"
              + " \"ISO-8859-1\" or \"windows-1252\"");
    }
  }

  private Optional<String> sign(byte[] first) {
    return dialect.hasAsciiLines() ? FileSignature.of(first, 0, first.length) : Optional.empty();
  }

  private First first(Path file, byte[] line, int number, List<SampledRecord> sample) {
    DelimitedLine record = new DelimitedLine(dialect);
    String problem = record.read(line, 0, line.length, 0);
    if (problem != null && dialect.header()) {
      throw new StageException(
          "The header of "
              + (file == null ? "the view" : "'" + file + "'")
              + " is malformed: "
              + problem
              + (file == null
                  ? "; each text of the view is one record: explode(split("
                      + textColumn
                      + ", '\\n')) makes rows of lines"
                  : ""));
    }
    List<String> values = SampledRecord.values(record);
    List<String> names =
        List.of(CSVUtils.makeSafeHeader(values.toArray(String[]::new), isCaseSensitive, options));
    return new First(file, line, number, values, names, sample);
  }

  private void warnOfNames(First first) {
    Set<String> seen = new HashSet<>();
    Set<String> twice = new TreeSet<>();
    for (String name : first.values) {
      if (name != null && !seen.add(DelimitedHeader.key(name))) {
        twice.add(name);
      }
    }
    String where = first.file == null ? "the view" : first.file.getName();
    if (!twice.isEmpty()) {
      context.warn(
          ErrorCode.COLUMN_NAMES,
          "The header of "
              + where
              + " has names twice ("
              + String.join(", ", twice)
              + "); their columns are called by name and number ("
              + String.join(", ", first.names)
              + ")",
          "give each column a name of its own");
    }
    first.values.stream()
        .filter(name -> name != null && UNSEEN.matcher(name).find())
        .findFirst()
        .ifPresent(
            name ->
                context.warn(
                    ErrorCode.COLUMN_NAMES,
                    "The header of "
                        + where
                        + " has a sign that is not seen in the name "
                        + UNSEEN
                            .matcher(name)
                            .replaceAll(
                                sign -> String.format("(U+%04X)", sign.group().codePointAt(0)))
                        + ", which is part of the column's name",
                    "take it out of the file, as no name without it finds the column"));
    if (seen.contains(DelimitedHeader.key(ERRORS))) {
      context.warn(
          ErrorCode.COLUMN_NAMES,
          "The header of "
              + where
              + " has a column "
              + ERRORS
              + ", which is the name of the column with the errors of the records too",
          "give it another name in the file, or set \"malformedRecords\": \"ignore\" or \"fail\","
              + " with which there is no other one");
    }
    if (first.values.stream().anyMatch(Objects::isNull)) {
      context.warn(
          ErrorCode.COLUMN_NAMES,
          "The header of "
              + where
              + " has columns without a name; they are called by their number ("
              + String.join(", ", first.names)
              + ")",
          "name them in the file, or take out the delimiter that is too much");
    }
  }

  static List<String> keys(List<String> names) {
    return names.stream().map(DelimitedHeader::key).toList();
  }

  /** The names that are not among others, whatever their case. */
  static List<String> without(List<String> names, List<String> others) {
    Set<String> known = new HashSet<>(keys(others));
    return names.stream().filter(name -> !known.contains(DelimitedHeader.key(name))).toList();
  }
}
