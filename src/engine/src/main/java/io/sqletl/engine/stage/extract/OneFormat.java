package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.FaultText;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.files.DataFormat;
import io.sqletl.engine.stage.files.TableFormat;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;

/** Sees to it that files of one format are read, and none that belong to a table. */
record OneFormat(InputFiles files, StageContext context) {

  /**
   * @param sparkName the format that is read
   * @throws StageException if files of another are among them, or they are those of a table
   */
  void require(String sparkName) {
    Optional<DataFormat> read = DataFormat.ofSpark(sparkName);
    if (read.isEmpty()) {
      return;
    }
    refuseTable();
    refuseOthers(read.get());
  }

  private void refuseTable() {
    Optional<TableFormat.Found> table;
    try {
      table = files.surroundings().table(context.spark().sessionState().newHadoopConf());
    } catch (IOException e) {
      throw new StageException("Cannot read '" + files.glob() + "': " + FaultText.of(e), e);
    }
    table.ifPresent(
        found -> {
          throw new StageException(
              "'"
                  + files.glob()
                  + "' holds files of "
                  + found.format().title()
                  + " ('"
                  + found.folder()
                  + "'); read as files, rows that were replaced or deleted are among them. "
                  + found
                      .format()
                      .readingRemedy()
                      .substring(0, 1)
                      .toUpperCase(java.util.Locale.ROOT)
                  + found.format().readingRemedy().substring(1)
                  + ".");
        });
  }

  private void refuseOthers(DataFormat read) {
    Map<DataFormat, Path> first = new LinkedHashMap<>();
    for (Path file : files.withContent()) {
      DataFormat.ofFile(file.getName()).ifPresent(format -> first.putIfAbsent(format, file));
    }
    if (first.isEmpty() || first.size() == 1 && first.containsKey(read)) {
      return;
    }
    boolean wrong =
        read.isBinary()
            ? first.keySet().stream().anyMatch(format -> format != read)
            : first.keySet().stream().anyMatch(DataFormat::isBinary)
                || read != DataFormat.TEXT
                    && first.keySet().stream().filter(format -> format != DataFormat.TEXT).count()
                        > 1;
    if (wrong) {
      throw new StageException(
          context.type()
              + " cannot read '"
              + files.glob()
              + "' as "
              + read.title()
              + ": it holds "
              + first.entrySet().stream()
                  .map(entry -> entry.getKey().title() + " ('" + entry.getValue() + "')")
                  .collect(Collectors.joining(", "))
              + ". Name the files of one format with a pattern, such as"
              + " \"inputURI\": \"FOLDER/*.ENDING\", or use the extract of that format.");
    }
  }
}
