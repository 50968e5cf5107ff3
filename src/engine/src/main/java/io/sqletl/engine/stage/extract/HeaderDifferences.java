package io.sqletl.engine.stage.extract;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How the headers of files differ from that of the first one, gathered so that each kind is told
 * once.
 */
final class HeaderDifferences {

  private static final int MOST_NAMED = 3;

  private final String firstFile;
  private final List<String> firstNames;
  private final StageContext context;
  private final Map<String, List<String>> files = new LinkedHashMap<>();

  /**
   * @param file the name of the first file
   * @param names of its columns
   */
  HeaderDifferences(String file, List<String> names, StageContext context) {
    this.firstFile = file;
    this.firstNames = names;
    this.context = context;
  }

  /** Looks at another file. */
  void add(String file, List<String> names) {
    List<String> missing = DelimitedHeaders.without(firstNames, names);
    List<String> tooMany = DelimitedHeaders.without(names, firstNames);
    if (missing.size() == firstNames.size()) {
      throw new StageException(
          "The file "
              + file
              + " has none of the columns of "
              + firstFile
              + ": its header is ("
              + String.join(", ", names)
              + "), not ("
              + String.join(", ", firstNames)
              + "); read files of other columns by a stage of their own, or say \"header\":"
              + " false where there is none");
    }
    if (!missing.isEmpty()) {
      note("without " + String.join(", ", missing) + ", which is NULL there", file);
    }
    if (!tooMany.isEmpty()) {
      note("with " + String.join(", ", tooMany) + ", which is not read", file);
    }
    boolean sameNames = missing.isEmpty() && tooMany.isEmpty();
    boolean sameOrder = DelimitedHeaders.keys(names).equals(DelimitedHeaders.keys(firstNames));
    if (sameNames && !sameOrder) {
      note("with its columns in another order, which are read by name", file);
    }
  }

  private void note(String difference, String file) {
    files.computeIfAbsent(difference, key -> new ArrayList<>()).add(file);
  }

  /** Warns of each kind. */
  void tell() {
    files.forEach(
        (difference, names) ->
            context.warn(
                ErrorCode.COLUMN_NAMES,
                (names.size() == 1 ? "1 file is " : names.size() + " files are ")
                    + difference
                    + ": "
                    + String.join(", ", names.subList(0, Math.min(MOST_NAMED, names.size())))
                    + (names.size() > MOST_NAMED ? ", …" : "")
                    + "; the columns are those of "
                    + firstFile
                    + " ("
                    + String.join(", ", firstNames)
                    + ")",
                "give all files of an input the same columns, or read them by stages of their"
                    + " own"));
  }
}
