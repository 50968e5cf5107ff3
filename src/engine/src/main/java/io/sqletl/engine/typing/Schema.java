package io.sqletl.engine.typing;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.job.SourceText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * What the columns of a frame are to be: names, types and the rules by which texts become values.
 * The format is that of Arc's schema files.
 *
 * @param columns in the order of the frame's columns, which are mapped by position
 */
public record Schema(List<SchemaColumn> columns) {

  public Schema {
    columns = List.copyOf(columns);
  }

  /**
   * Reads a schema file: a HOCON or JSON list of columns, or an object with that list under {@code
   * schema}, whose other keys may be used as {@code ${…}}.
   *
   * @param variables what else <code>${…}</code> may name; wins over the document's own keys as a
   *     run's variables do in a job
   * @param problems told everything that is wrong
   * @param warnings told what is probably not meant, such as unknown keys
   * @return empty when there is a problem
   */
  public static Optional<Schema> parse(
      SourceText source, Config variables, Consumer<Problem> problems, Consumer<Problem> warnings) {
    return new SchemaDocument(source, variables, problems)
        .columns()
        .flatMap(columns -> parse(columns, source, problems, warnings));
  }

  /**
   * Reads a schema that stands in a stage.
   *
   * @param columns resolved
   * @param source the text that the list's line numbers count
   * @return empty when there is a problem
   */
  public static Optional<Schema> parse(
      ConfigList columns,
      SourceText source,
      Consumer<Problem> problems,
      Consumer<Problem> warnings) {
    List<Problem> found = new ArrayList<>();
    List<SchemaColumn> read =
        ColumnReader.readAll(columns, new ColumnReader.Sink(source, found::add, warnings));
    found.forEach(problems);
    return found.isEmpty() ? Optional.of(new Schema(read)) : Optional.empty();
  }

  /**
   * Reads a schema that is the rows of a view, a column of the view for each key; a null means that
   * the key is not there. Runs a Spark job.
   *
   * @throws TypingException when a row is no column; names them all
   */
  public static Schema fromView(Dataset<Row> view, String viewName, Consumer<Problem> warnings) {
    String rows = view.toJSON().collectAsList().stream().collect(Collectors.joining(",\n"));
    SourceText source = SourceText.ofFile("schema view '" + viewName + "'", "[" + rows + "\n]");
    List<Problem> problems = new ArrayList<>();
    return parse(source, ConfigFactory.empty(), problems::add, warnings)
        .orElseThrow(
            () ->
                new TypingException(
                    problems.stream()
                        .map(problem -> "- " + problem.headline())
                        .collect(
                            Collectors.joining(
                                "\n",
                                "Schema view '"
                                    + viewName
                                    + "' to cannot be parsed as it has errors:\n",
                                ""))));
  }

  /** The columns as Spark knows them: types, nullability and metadata. */
  public StructType toStructType() {
    return new StructType(
        columns.stream().map(SchemaColumn::toStructField).toArray(StructField[]::new));
  }
}
