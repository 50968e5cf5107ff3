package io.sqletl.engine.stage.load;

import static org.apache.spark.sql.functions.col;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.FaultText;
import io.sqletl.engine.stage.RecordAccount;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.files.DataFormat;
import io.sqletl.engine.stage.files.TableFormat;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;

/**
 * Writes texts to files that the view names, one after the other. They are put in their places when
 * all are complete, so a load that fails leaves what was there.
 *
 * @param target what is written
 * @param outputURI the file, or the directory of the files; empty when rows name them whole
 * @param wrapping what stands around the rows of a file
 */
record SingleFiles(TextTarget target, Optional<String> outputURI, Wrapping wrapping) {

  private static final String VALUE = "value";
  private static final String FILENAME = "filename";
  private static final String INDEX = "index";

  /** What stands before, between and behind the rows of a file, and whether it is one document. */
  record Wrapping(String prefix, String separator, String suffix, boolean isDocument) {}

  /** Writes a view of one string column, or of value, filename and index. */
  Dataset<Row> write(Dataset<Row> view, StageContext context) {
    Dataset<Row> rows = RecordAccount.withoutErrors(view);
    if (rows.isStreaming()) {
      throw new StageException(
          context.type() + " cannot write a stream to single files; set 'singleFile' to false.");
    }
    Dataset<Row> texts = ordered(rows, context);
    outputURI.ifPresent(uri -> target.access().apply(uri, context));
    List<String> written;
    try (PendingFiles files = new PendingFiles(context)) {
      boolean named = texts.columns().length > 1;
      long empty = writePending(texts, named, files, context);
      written = files.put();
      warnOfNulls(empty, context);
    } catch (IOException e) {
      throw failure(e, context);
    } catch (FSError e) {
      // Hadoop's local files tell so of a disk that is full
      throw failure(e.getCause() == null ? e : e.getCause(), context);
    }
    context.detail("outputFiles", written);
    written.forEach(context::wrote);
    return rows;
  }

  private StageException failure(Throwable cause, StageContext context) {
    return new StageException(
        context.type() + " cannot write '" + outputURI.orElse("") + "': " + FaultText.of(cause),
        cause);
  }

  /** The columns value and, where there is one, filename; rows of a file follow each other. */
  private Dataset<Row> ordered(Dataset<Row> rows, StageContext context) {
    StructField[] fields = rows.schema().fields();
    Optional<StructField> filename = field(fields, FILENAME, StringType.class);
    Optional<StructField> index = field(fields, INDEX, IntegerType.class);
    Optional<StructField> value =
        fields.length == 1
            ? Optional.of(fields[0]).filter(field -> field.dataType() instanceof StringType)
            : field(fields, VALUE, StringType.class);
    int known =
        (value.isPresent() ? 1 : 0)
            + (filename.isPresent() && fields.length > 1 ? 1 : 0)
            + (index.isPresent() && filename.isPresent() ? 1 : 0);
    if (value.isEmpty() || known != fields.length) {
      throw new StageException(
          context.type()
              + " with 'singleFile' requires inputView to be dataset with [value: string], [value:"
              + " string, filename: string] or [value: string, filename: string, index: integer]"
              + " signature. Got ["
              + Arrays.stream(fields)
                  .map(field -> field.name() + ": " + field.dataType().simpleString())
                  .collect(Collectors.joining(", "))
              + "].");
    }
    if (fields.length == 1) {
      if (outputURI.isEmpty()) {
        throw new StageException(
            context.type()
                + " requires 'outputURI' to be set, as the view '"
                + target.inputView()
                + "' has no column 'filename'.");
      }
      return rows;
    }
    List<Column> order = new ArrayList<>(List.of(col(FILENAME)));
    index.ifPresent(field -> order.add(col(INDEX)));
    return rows.orderBy(order.toArray(Column[]::new)).select(col(VALUE), col(FILENAME));
  }

  private static Optional<StructField> field(StructField[] fields, String name, Class<?> type) {
    return Arrays.stream(fields)
        .filter(field -> field.name().equals(name) && type.isInstance(field.dataType()))
        .findFirst();
  }

  private void warnOfNulls(long rows, StageContext context) {
    if (rows > 0) {
      context.warn(
          ErrorCode.LOST_IN_LOAD,
          context.type()
              + ": "
              + rows
              + (rows == 1 ? " row" : " rows")
              + " of the view \""
              + target.inputView()
              + "\" "
              + (rows == 1 ? "is" : "are")
              + " NULL and left out, with no separator either",
          "leave them out in a SQLTransform, or give them a text");
    }
  }

  /** Writes all beside their places; says how many rows are NULL and so in no file. */
  private long writePending(
      Dataset<Row> texts, boolean named, PendingFiles files, StageContext context)
      throws IOException {
    Optional<Path> only = named ? Optional.empty() : Optional.of(new Path(outputURI.orElseThrow()));
    Path current = null;
    boolean skipped = false;
    long nulls = 0;
    Writer writer = null;
    try {
      if (only.isPresent()) {
        current = only.get();
        writer = open(current, files).orElse(null);
        skipped = writer == null;
      }
      boolean first = true;
      Iterator<Row> rows =
          skipped && only.isPresent() ? List.<Row>of().iterator() : texts.toLocalIterator();
      while (rows.hasNext()) {
        Row row = rows.next();
        Path file = only.isPresent() ? only.get() : path(row, context);
        if (!file.equals(current)) {
          close(writer);
          current = file;
          writer = null;
          writer = open(file, files).orElse(null);
          first = true;
        }
        if (writer != null && row.isNullAt(0)) {
          nulls++;
        } else if (writer != null) {
          writer.write(first ? "" : wrapping.separator());
          writer.write(row.getString(0));
          first = false;
        }
      }
      close(writer);
      writer = null;
      return nulls;
    } finally {
      if (writer != null) {
        // What failed is what is told
        try (Writer unfinished = writer) {
          unfinished.flush();
        }
      }
    }
  }

  private Path path(Row row, StageContext context) {
    if (row.isNullAt(1) || row.getString(1).isBlank()) {
      throw new StageException(
          context.type()
              + ": a row of the view '"
              + target.inputView()
              + "' has no filename; give each row one.");
    }
    String name = row.getString(1);
    return outputURI.isPresent()
        ? new Path(new Path(outputURI.get()), new Path(name))
        : new Path(name);
  }

  /** Begins a file; nothing when it is there and is to stay. */
  private Optional<Writer> open(Path file, PendingFiles files) throws IOException {
    FileSystem storage = files.storage(file);
    files.claim(file);
    boolean exists = storage.exists(file);
    if (exists && target.saveMode() == SaveMode.ErrorIfExists) {
      throw new StageException(
          "File '"
              + file
              + "' already exists and 'saveMode' equals 'ErrorIfExists' so cannot continue.");
    }
    if (exists && target.saveMode() == SaveMode.Ignore) {
      return Optional.empty();
    }
    if (exists && storage.getFileStatus(file).isDirectory()) {
      throw new StageException(
          "'" + file + "' is a directory; give the path of a file, or remove it.");
    }
    refuseOtherKind(storage, file, exists);
    boolean joins =
        exists && target.saveMode() == SaveMode.Append && storage.getFileStatus(file).getLen() > 0;
    if (joins) {
      refuseToJoin(file);
    }
    FSDataOutputStream stream = files.begin(file);
    if (joins) {
      try (InputStream before = storage.open(file)) {
        before.transferTo(stream);
      }
      if (!endsWith(storage, file, wrapping.separator())
          && (wrapping.suffix().isEmpty() || !endsWith(storage, file, wrapping.suffix()))) {
        stream.write(wrapping.separator().getBytes(StandardCharsets.UTF_8));
      }
    }
    Writer writer = new OutputStreamWriter(stream, StandardCharsets.UTF_8);
    writer.write(wrapping.prefix());
    return Optional.of(writer);
  }

  private void refuseToJoin(Path file) {
    if (wrapping.isDocument()) {
      throw new StageException(
          "Rows cannot be added to '"
              + file
              + "': an XML file is one document. Write to another file.");
    }
  }

  private static boolean endsWith(FileSystem storage, Path file, String end) throws IOException {
    byte[] expected = end.getBytes(StandardCharsets.UTF_8);
    long start = storage.getFileStatus(file).getLen() - expected.length;
    if (start < 0) {
      return false;
    }
    byte[] found = new byte[expected.length];
    try (FSDataInputStream stream = storage.open(file)) {
      stream.readFully(start, found);
    }
    return Arrays.equals(found, expected);
  }

  /** A text does not take the place of a file of data, and does not lie among those of a table. */
  private void refuseOtherKind(FileSystem storage, Path file, boolean exists) throws IOException {
    if (target.replaceAll()) {
      return;
    }
    Optional<DataFormat> format = DataFormat.ofFile(file.getName()).filter(DataFormat::isBinary);
    if (exists && format.isPresent()) {
      throw new StageException(
          "'"
              + file
              + "' is a "
              + format.get().title()
              + " file, and a text would replace it. Write to another file, or set \"replaceAll\""
              + " to true.");
    }
    Optional<TableFormat.Found> table = TableFormat.around(storage, file.getParent());
    if (table.isPresent()) {
      throw new StageException(
          "'"
              + file
              + "' lies in "
              + table.get().format().title()
              + " ('"
              + table.get().folder()
              + "'). Write to another folder.");
    }
  }

  private void close(Writer writer) throws IOException {
    if (writer != null) {
      try (writer) {
        writer.write(wrapping.suffix());
      }
    }
  }
}
