package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import java.util.List;
import java.util.Optional;
import org.apache.spark.ml.image.ImageSchema;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Makes a view of images. */
public final class ImageExtractStage implements StageType<ImageExtract> {

  private static final String FORMAT = "image";
  private static final String DROP_INVALID = "dropInvalid";

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
    if (files.all().isEmpty()) {
      context.detail("records", 0);
      return context.spark().createDataFrame(List.of(), ImageSchema.imageSchema());
    }
    DataFrameReader reader =
        context.spark().read().format(FORMAT).option(DROP_INVALID, keys.dropInvalid());
    keys.basePath().ifPresent(path -> reader.option("basePath", path));
    return reader.load(keys.inputURI());
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
