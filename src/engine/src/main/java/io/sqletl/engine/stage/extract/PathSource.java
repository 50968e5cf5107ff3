package io.sqletl.engine.stage.extract;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.StagePlanning;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;

/** The keys that say which files are read: a pattern, or a view of paths. */
public record PathSource(
    @Key(
            value =
                "The URI of the input: a file, a directory, or a pattern with *, ?, [..] and {..,..};"
                    + " needed unless \"inputView\" is given.",
            role = Key.Role.INPUT_URI)
        Optional<String> inputURI,
    @Key(
            value =
                "The name of a view whose one column, the string \"value\", holds the paths of the"
                    + " files; counts before \"inputURI\".",
            role = Key.Role.INPUT_VIEW)
        Optional<String> inputView) {

  /** Reports what is wrong with the keys. */
  void check(StagePlanning planning) {
    new InputSource(inputURI, inputView, Optional.empty()).check(planning);
  }

  /**
   * The paths and patterns that are read.
   *
   * @throws StageException if the view is none of paths
   */
  List<String> paths(StageContext context) {
    if (inputView.isEmpty()) {
      return List.of(inputURI.orElseThrow());
    }
    Dataset<Row> view = context.view(inputView.get());
    StructField[] columns = view.schema().fields();
    if (columns.length != 1
        || !columns[0].name().equals("value")
        || !(columns[0].dataType() instanceof StringType)) {
      throw new StageException(
          context.type()
              + " requires 'inputView' to be dataset with [value: string] signature. inputView '"
              + inputView.get()
              + "' has "
              + columns.length
              + " columns of type ["
              + Arrays.stream(columns)
                  .map(column -> column.name() + ": " + column.dataType().simpleString())
                  .collect(Collectors.joining(", "))
              + "].");
    }
    return view.as(Encoders.STRING()).filter("value is not null").collectAsList();
  }
}
