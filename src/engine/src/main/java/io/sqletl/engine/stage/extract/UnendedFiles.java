package io.sqletl.engine.stage.extract;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.StageContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodecFactory;

/**
 * A file of lines whose last line does not end, where those of all others do. A copy that was
 * broken off within the last value of a record looks so, and nothing else tells it.
 */
final class UnendedFiles {

  /** Fewer do not show what is usual; more take too long to open on a store. */
  private static final int FEWEST_FILES = 3;

  private static final int MOST_FILES = 32;

  private UnendedFiles() {}

  /** Looks at the last byte of the first files, and warns of one alone. */
  static void tell(List<Path> files, StageContext context) {
    Configuration configuration = context.spark().sessionState().newHadoopConf();
    CompressionCodecFactory codecs = new CompressionCodecFactory(configuration);
    List<Path> looked =
        files.stream().limit(MOST_FILES).filter(file -> codecs.getCodec(file) == null).toList();
    if (looked.size() < FEWEST_FILES) {
      return;
    }
    List<Path> unended = new ArrayList<>();
    for (Path file : looked) {
      if (!endsItsLine(file, configuration)) {
        unended.add(file);
        if (unended.size() > 1) {
          return;
        }
      }
    }
    if (!unended.isEmpty()) {
      context.warn(
          ErrorCode.UNTOLD,
          "The last line of "
              + unended.get(0)
              + " has no line end, and those of the other files have one: it may have been cut"
              + " within its last value",
          "compare it with its source, or end its last line if it is whole");
    }
  }

  private static boolean endsItsLine(Path file, Configuration configuration) {
    try {
      FileSystem store = file.getFileSystem(configuration);
      long length = store.getFileStatus(file).getLen();
      try (FSDataInputStream stream = store.open(file)) {
        stream.seek(Math.max(0, length - 1));
        int last = stream.read();
        return last == '\n' || last == '\r' || last < 0;
      }
    } catch (IOException e) {
      // Who reads the file tells what is wrong with it
      return true;
    }
  }
}
