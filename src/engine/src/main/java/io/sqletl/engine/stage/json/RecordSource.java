package io.sqletl.engine.stage.json;

import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.files.FileSignature;
import io.sqletl.engine.stage.files.PackedName;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.commons.io.input.ReaderInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.io.Text;
import org.apache.spark.TaskContext;
import org.apache.spark.paths.SparkPath;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.datasources.CodecStreams;
import org.apache.spark.sql.execution.datasources.HadoopFileLinesReader;
import org.apache.spark.sql.execution.datasources.PartitionedFile;

/** The records of one block of a file, as UTF-8. */
abstract class RecordSource implements Closeable {

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  private final String file;

  private RecordSource(String file) {
    this.file = file;
  }

  /**
   * @throws StageException for a file that is no text, by its name
   */
  static RecordSource open(JsonReading reading, PartitionedFile file, Configuration conf) {
    String name = file.toPath().toString();
    try {
      RecordSource source =
          reading.splitsFiles()
              ? new Lines(name, file, conf)
              : new Whole(name, reading.encoding(), file, conf);
      TaskContext task = TaskContext.get();
      if (task != null) {
        task.addTaskCompletionListener(
            context -> {
              try {
                source.close();
              } catch (IOException e) {
                throw source.failure(e);
              }
            });
      }
      return source;
    } catch (IOException e) {
      Optional<String> packed = PackedName.problem(file.toPath(), conf);
      if (packed.isPresent()) {
        throw new StageException("JSONExtract cannot read '" + name + "': " + packed.get(), e);
      }
      throw failure(name, e);
    }
  }

  /** The records of a whole file. */
  static RecordSource open(JsonReading reading, FileStatus file, Configuration conf) {
    return open(
        reading,
        new PartitionedFile(
            InternalRow.empty(),
            SparkPath.fromPath(file.getPath()),
            0,
            file.getLen(),
            new String[0],
            file.getModificationTime(),
            file.getLen(),
            scala.collection.immutable.Map$.MODULE$.empty()),
        conf);
  }

  /** The records of a text that is in memory. */
  static RecordSource of(byte[] text) {
    return new Memory(text);
  }

  /** Goes on to the next record; false at the end. */
  abstract boolean next() throws IOException;

  /** Where the record is. */
  abstract RecordTexts texts();

  /** The line of the block on which the record begins, from 1. */
  long line() {
    return texts().line();
  }

  /** The name of the file; null for a text of a view. */
  String file() {
    return file;
  }

  /** The line of the file on which the record begins, from 1; 0 where it is not known. */
  long lineOfFile() {
    return line();
  }

  StageException failure(Exception e) {
    return failure(file, e);
  }

  private static StageException failure(String file, Exception e) {
    String start = "JSONExtract cannot read '" + file + "'";
    if (e instanceof RecordException broken) {
      return new StageException(
          start
              + ": line "
              + broken.line()
              + ": "
              + broken.getMessage()
              + "; repair the file or take it out of 'inputURI'",
          e);
    }
    String reason =
        e instanceof EOFException
            ? "the packed file ends too early; it may be cut off"
            : e instanceof CharacterCodingException
                ? "its bytes are no text of the encoding"
                : String.valueOf(e.getMessage());
    return new StageException(
        start + ": " + reason + "; repair the file or take it out of 'inputURI'", e);
  }

  private static void refuseOther(String file, byte[] head, int length) {
    Optional<String> other = FileSignature.ofBinary(head, length);
    if (other.isPresent()) {
      throw new StageException("JSONExtract cannot read '" + file + "': it is " + other.get());
    }
  }

  /** Documents wherever they stand. */
  private static final class Whole extends RecordSource {

    private final RecordTexts texts;

    private Whole(String name, String encoding, PartitionedFile file, Configuration conf)
        throws IOException {
      super(name);
      BufferedInputStream bytes =
          new BufferedInputStream(CodecStreams.createInputStream(conf, file.toPath()), 1 << 16);
      bytes.mark(FileSignature.LENGTH);
      byte[] head = new byte[FileSignature.LENGTH];
      int length = bytes.readNBytes(head, 0, head.length);
      bytes.reset();
      refuseOther(name, head, length);
      if (encoding != null && FileSignature.isMarked(head, 0, length)) {
        FileSignature.ofMarked(Charset.forName(encoding))
            .ifPresent(
                problem -> {
                  throw new StageException("JSONExtract cannot read '" + name + "': it " + problem);
                });
      }
      this.texts = new RecordTexts(utf8(bytes, encoding(encoding, head, length)));
    }

    /** What the zeros around the first bracket say, as the standard has it. */
    private static Charset encoding(String given, byte[] head, int length) {
      if (given != null) {
        return Charset.forName(given);
      }
      if (length >= 2
          && (head[0] == (byte) 0xfe && head[1] == (byte) 0xff
              || head[0] == (byte) 0xff && head[1] == (byte) 0xfe)) {
        return StandardCharsets.UTF_16;
      }
      if (length >= 2 && head[0] == 0 && head[1] != 0) {
        return StandardCharsets.UTF_16BE;
      }
      return length >= 2 && head[0] != 0 && head[1] == 0
          ? StandardCharsets.UTF_16LE
          : StandardCharsets.UTF_8;
    }

    private static InputStream utf8(BufferedInputStream bytes, Charset charset) throws IOException {
      InputStream text = bytes;
      if (!charset.equals(StandardCharsets.UTF_8)) {
        InputStreamReader characters =
            new InputStreamReader(
                bytes,
                charset
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT));
        text =
            new BufferedInputStream(
                ReaderInputStream.builder()
                    .setReader(characters)
                    .setCharset(StandardCharsets.UTF_8)
                    .get());
      }
      text.mark(BYTE_ORDER_MARK.length);
      byte[] first = text.readNBytes(BYTE_ORDER_MARK.length);
      if (!java.util.Arrays.equals(first, BYTE_ORDER_MARK)) {
        text.reset();
      }
      return text;
    }

    @Override
    boolean next() throws IOException {
      return texts.next();
    }

    @Override
    RecordTexts texts() {
      return texts;
    }

    @Override
    public void close() throws IOException {
      texts.close();
    }
  }

  /** Documents each of which ends on its line. */
  private static class Lines extends RecordSource {

    private final HadoopFileLinesReader lines;
    private final RecordTexts texts =
        new RecordTexts("; if it goes on in the lines below, set \"multiLine\": true");
    private final boolean isFirstBlock;
    private long line;

    private Lines(String name, PartitionedFile file, Configuration conf) throws IOException {
      super(name);
      isFirstBlock = file.start() == 0;
      if (isFirstBlock) {
        refuse(name, file, conf);
      }
      lines = new HadoopFileLinesReader(file, conf);
    }

    private static void refuse(String name, PartitionedFile file, Configuration conf)
        throws IOException {
      try (InputStream bytes = CodecStreams.createInputStream(conf, file.toPath())) {
        byte[] head = new byte[FileSignature.LENGTH];
        int length = bytes.readNBytes(head, 0, head.length);
        refuseOther(name, head, length);
        if (!Whole.encoding(null, head, length).equals(StandardCharsets.UTF_8)) {
          throw new StageException(
              "JSONExtract cannot read '"
                  + name
                  + "': it looks like UTF-16; say so with \"encoding\"");
        }
      }
    }

    @Override
    boolean next() throws IOException {
      while (!texts.next()) {
        if (!lines.hasNext()) {
          return false;
        }
        Text text = lines.next();
        line++;
        int start = line == 1 && startsWithMark(text) ? BYTE_ORDER_MARK.length : 0;
        texts.begin(text.getBytes(), start, text.getLength());
      }
      return true;
    }

    private static boolean startsWithMark(Text text) {
      return FileSignature.isMarked(text.getBytes(), 0, text.getLength());
    }

    @Override
    RecordTexts texts() {
      return texts;
    }

    @Override
    long line() {
      return line;
    }

    @Override
    long lineOfFile() {
      return isFirstBlock ? line : 0;
    }

    @Override
    public void close() throws IOException {
      lines.close();
    }
  }

  /** A text of a view. */
  private static final class Memory extends RecordSource {

    private final RecordTexts texts;

    private Memory(byte[] text) {
      super("a text of the view");
      texts = new RecordTexts("; the text may be cut off");
      texts.begin(text, 0, text.length);
    }

    @Override
    boolean next() throws IOException {
      return texts.next();
    }

    @Override
    RecordTexts texts() {
      return texts;
    }

    @Override
    String file() {
      return null;
    }

    @Override
    public void close() throws IOException {
      texts.close();
    }
  }
}
