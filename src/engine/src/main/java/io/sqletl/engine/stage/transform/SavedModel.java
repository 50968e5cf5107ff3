package io.sqletl.engine.stage.transform;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sqletl.engine.stage.StageException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.SparkSession;

/**
 * A model that Spark ML saved.
 *
 * @param model what predicts
 */
record SavedModel(Transformer model) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Loads a model.
   *
   * @throws StageException if there is none, or none that can be used
   */
  static SavedModel load(String uri, SparkSession spark) {
    String type = type(uri, spark);
    try {
      if (type.equals(PipelineModel.class.getName())) {
        return new SavedModel(PipelineModel.load(uri));
      }
      if (type.equals(CrossValidatorModel.class.getName())) {
        return new SavedModel(CrossValidatorModel.load(uri).bestModel());
      }
    } catch (Exception e) { // Spark throws AnalysisException undeclared
      throw new StageException("The model '" + uri + "' cannot be loaded: " + firstLine(e), e);
    }
    throw new StageException(
        "The model '"
            + uri
            + "' is a "
            + type
            + ", but MLTransform takes a PipelineModel or a CrossValidatorModel.");
  }

  /** The class that the model's own description names. */
  private static String type(String uri, SparkSession spark) {
    List<String> lines;
    try {
      lines = spark.read().textFile(uri + "/metadata").takeAsList(1);
    } catch (Exception e) { // Spark throws AnalysisException undeclared
      String reason =
          e instanceof AnalysisException analysis
              ? analysis.getSimpleMessage()
              : String.valueOf(e.getMessage());
      throw new StageException("There is no model '" + uri + "': " + reason, e);
    }
    try {
      String type = lines.isEmpty() ? "" : JSON.readTree(lines.get(0)).path("class").asText("");
      if (!type.isEmpty()) {
        return type;
      }
    } catch (JsonProcessingException e) {
      throw noDescription(uri, e);
    }
    throw noDescription(uri, null);
  }

  private static StageException noDescription(String uri, Exception cause) {
    return new StageException(
        "The model '" + uri + "' cannot be loaded: its metadata is no description of a model.",
        cause);
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.getClass().getSimpleName());
  }

  /** The columns that a parameter of the model's stages names, each once. */
  List<String> columns(String parameter) {
    return stages(model)
        .filter(stage -> stage.hasParam(parameter))
        .map(stage -> String.valueOf(stage.getOrDefault(stage.getParam(parameter))))
        .filter(name -> !name.isEmpty())
        .distinct()
        .toList();
  }

  private static Stream<PipelineStage> stages(Transformer transformer) {
    return transformer instanceof PipelineModel pipeline
        ? Arrays.stream(pipeline.stages()).flatMap(SavedModel::stages)
        : Stream.of(transformer);
  }
}
