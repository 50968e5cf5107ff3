package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.InternalColumn;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Makes a view of whole files as they are. */
public final class BytesExtractStage implements StageType<BytesExtract> {

  private static final String VALUE = "value";

  private static final StructType COLUMNS =
      new StructType()
          .add(VALUE, DataTypes.BinaryType)
          .add(InternalColumn.FILENAME, DataTypes.StringType);

  @Override
  public Class<BytesExtract> configuration() {
    return BytesExtract.class;
  }

  @Override
  public String description() {
    return "Makes a view of files of any kind: a row for each, with its bytes as the column value"
        + " and its URI as _filename.";
  }

  @Override
  public Stage plan(BytesExtract keys, StagePlanning planning) {
    keys.input().check(planning);
    keys.access().check(planning);
    return context -> Optional.of(keys.output().register(read(keys, context), context));
  }

  private static Dataset<Row> read(BytesExtract keys, StageContext context) {
    List<String> paths = keys.input().paths(context);
    paths.forEach(path -> keys.access().apply(path, context));
    InputFiles files = InputFiles.find(paths, context.spark().sessionState().newHadoopConf());
    context.detail("inputFiles", files.all().size());
    files.surroundings().tell(context);
    files.passedOver().tell("name them by a pattern, such as FOLDER/*/*", context);
    if (files.all().isEmpty()) {
      if (keys.failMode() == BytesExtract.WithoutFiles.FAILFAST) {
        throw new StageException(
            "BytesExtract has found no files"
                + (files.glob().isEmpty() ? "" : " at '" + files.glob() + "'")
                + " and failMode is set to 'failfast' so cannot continue.");
      }
      context.detail("records", 0);
      return context.spark().createDataFrame(List.of(), COLUMNS);
    }
    if (!files.isPathThere()) {
      throw MissingInput.NO_PATH.failure(files.missing());
    }
    Dataset<Row> blank =
        context
            .spark()
            .createDataFrame(
                files.withoutContent().stream()
                    .map(file -> RowFactory.create(new byte[0], file.toString()))
                    .toList(),
                COLUMNS);
    if (files.withContent().isEmpty()) {
      return blank;
    }
    Dataset<Row> read =
        context
            .spark()
            .read()
            .format("binaryFile")
            .load(files.globs())
            .select(
                functions.col("content").as(VALUE),
                functions.col("path").as(InternalColumn.FILENAME));
    // Spark passes over files without a byte
    return files.withoutContent().isEmpty() ? read : read.union(blank);
  }
}
