package io.sqletl.engine.stage.extract;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;

import io.sqletl.engine.stage.InternalColumn;
import io.sqletl.engine.stage.LineLayout;
import io.sqletl.engine.stage.MalformedRecords;
import io.sqletl.engine.stage.RecordAccount;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import java.util.List;
import java.util.Optional;
import org.apache.spark.ml.image.ImageSchema;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Makes a view of images. */
public final class ImageExtractStage implements StageType<ImageExtract> {

  private static final String FORMAT = "image";
  private static final String DROP_INVALID = "dropInvalid";
  private static final String UNDEFINED = "Undefined";
  private static final String PROBLEM = InternalColumn.PREFIX + "problem";

  @Override
  public Class<ImageExtract> configuration() {
    return ImageExtract.class;
  }

  @Override
  public String description() {
    return "Makes a view of images, decoded, as the column image of origin, height, width,"
        + " nChannels, mode and data; without files it is empty.";
  }

  @Override
  public Stage plan(ImageExtract keys, StagePlanning planning) {
    InputSource.ofFiles(keys.inputURI()).check(planning);
    keys.access().check(planning);
    return context -> {
      keys.access().apply(keys.inputURI(), context);
      Dataset<Row> images =
          context.options().streaming() ? stream(keys, context) : read(keys, context);
      return Optional.of(keys.output().register(images, context));
    };
  }

  private static Dataset<Row> read(ImageExtract keys, StageContext context) {
    InputFiles files =
        InputFiles.find(List.of(keys.inputURI()), context.spark().sessionState().newHadoopConf());
    context.detail("inputFiles", files.all().size());
    files.surroundings().tell(context);
    files.passedOver().tell("name them by a pattern, such as FOLDER/*/*", context);
    EmptyFiles.of(files).tell(context);
    if (files.all().isEmpty()) {
      context.detail("records", 0);
      return context.spark().createDataFrame(List.of(), ImageSchema.imageSchema());
    }
    DataFrameReader reader = context.spark().read().format(FORMAT).option(DROP_INVALID, false);
    keys.basePath().ifPresent(path -> reader.option("basePath", path));
    Dataset<Row> all = reader.load(keys.inputURI());
    Column isImage = col("image.mode").notEqual(ImageSchema.ocvTypes().apply(UNDEFINED));
    Column problem =
        when(
            not(isImage),
            concat(
                coalesce(col("image.origin"), lit("a file")),
                lit(" is no image that can be decoded, and is "),
                lit(keys.dropInvalid() ? "left out" : "a row without data")));
    // Counted and named before it is left out
    Dataset<Row> told =
        RecordAccount.open(MalformedRecords.REPORT, LineLayout.NONE, context)
            .check(all.withColumn(PROBLEM, problem), PROBLEM)
            .drop(InternalColumn.ERRORS);
    return keys.dropInvalid() ? told.filter(isImage) : told;
  }

  private static Dataset<Row> stream(ImageExtract keys, StageContext context) {
    Dataset<Row> images =
        context
            .spark()
            .readStream()
            .format(FORMAT)
            .option(DROP_INVALID, keys.dropInvalid())
            .schema(ImageSchema.imageSchema())
            .load(keys.inputURI());
    return Watermark.apply(keys.watermark(), images);
  }
}
