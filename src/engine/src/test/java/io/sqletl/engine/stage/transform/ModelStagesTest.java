package io.sqletl.engine.stage.transform;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.run;
import static io.sqletl.engine.stage.SqlJob.spark;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.Folder;
import io.sqletl.engine.stage.SqlJob;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.evaluation.BinaryClassificationEvaluator;
import org.apache.spark.ml.feature.HashingTF;
import org.apache.spark.ml.feature.Tokenizer;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** MLTransform with models that Spark itself saved, and SimilarityJoinTransform. */
class ModelStagesTest {

  @TempDir static Path models;

  private static final String TEXTS =
      view("texts", "select * from values (7, 'spark hadoop'), (8, 'cake and tea') t(id, text)");

  @BeforeAll
  static void saveModels() throws Exception {
    Dataset<Row> training =
        spark()
            .sql(
                "select * from values ('spark f g', 1.0), ('cake and tea', 0.0),"
                    + " ('spark hadoop', 1.0), ('tea please', 0.0), ('hadoop spark b', 1.0),"
                    + " ('more cake', 0.0) t(text, label)")
            .repartition(1);
    Tokenizer tokenizer = new Tokenizer().setInputCol("text").setOutputCol("words");
    HashingTF hashing =
        new HashingTF().setNumFeatures(64).setInputCol("words").setOutputCol("features");
    LogisticRegression regression = new LogisticRegression().setMaxIter(5);
    Pipeline pipeline =
        new Pipeline().setStages(new PipelineStage[] {tokenizer, hashing, regression});
    pipeline.fit(training).write().overwrite().save(models + "/pipeline");
    ParamMap[] grid =
        new ParamGridBuilder().addGrid(regression.regParam(), new double[] {0.1}).build();
    new CrossValidator()
        .setEstimator(pipeline)
        .setEvaluator(new BinaryClassificationEvaluator())
        .setEstimatorParamMaps(grid)
        .setNumFolds(2)
        .setSeed(1)
        .fit(training)
        .write()
        .overwrite()
        .save(models + "/validated");
    new Pipeline()
        .setStages(new PipelineStage[] {tokenizer})
        .fit(training)
        .write()
        .overwrite()
        .save(models + "/words");
    hashing.write().overwrite().save(models + "/hashing");
    new Folder(models)
        .with("broken/metadata/part-00000", "no json")
        .with("odd/metadata/part-00000", "{}")
        .with(
            "hollow/metadata/part-00000",
            Files.readString(first(models.resolve("pipeline/metadata"))));
  }

  private static Path first(Path folder) throws Exception {
    try (var files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("part-"))
          .findFirst()
          .orElseThrow();
    }
  }

  @AfterEach
  void clear() {
    spark().catalog().clearCache();
  }

  private static String predict(String model, String keys) {
    return stage(
        "MLTransform",
        "inputURI: \"" + models + "/" + model + "\", inputView: texts, outputView: p\n" + keys);
  }

  @ParameterizedTest
  @CsvSource({"pipeline", "validated"})
  void aSavedModelPredicts(String model) throws Exception {
    SqlJob job = run(TEXTS + predict(model, "persist: true"));
    assertThat(spark().table("p").columns())
        .containsExactly("id", "text", "prediction", "probability");
    assertThat(
            rows(
                "select id, prediction, probability > 0.5 and probability <= 1 from p order by id"))
        .containsExactly("[7,1.0,true]", "[8,0.0,true]");
    assertThat(job.detail()).containsEntry("records", 2L).containsKeys("blas", "lapack");
    Map<?, ?> percentiles = (Map<?, ?>) job.detail().get("percentiles");
    assertThat(percentiles.keySet()).hasToString("[prediction, probability]");
    assertThat((List<?>) percentiles.get("prediction")).hasSize(10);
  }

  @Test
  void aModelWithoutAPredictionKeepsAllColumns() throws Exception {
    run(TEXTS + predict("words", "numPartitions: 1"));
    assertThat(spark().table("p").columns()).containsExactly("id", "text", "words");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          nobody  | There is no model 'MODEL': [PATH_NOT_FOUND] Path does not exist
          broken  | The model 'MODEL' cannot be loaded: its metadata is no description of a model.
          odd     | The model 'MODEL' cannot be loaded: its metadata is no description of a model.
          hollow  | The model 'MODEL' cannot be loaded:
          hashing | The model 'MODEL' is a org.apache.spark.ml.feature.HashingTF, but MLTransform takes a PipelineModel or a CrossValidatorModel.
          """)
  void aModelThatCannotBeUsedIsSaid(String model, String message) {
    assertThatThrownBy(() -> run(TEXTS + predict(model, "")))
        .message()
        .startsWith(message.replace("MODEL", models + "/" + model));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          select 'a' as txt                           | No such struct field `text` in `txt`
          select 1 as text                            | Input type must be string
          select 'a' as text, 1 as prediction         | prediction already exists
          """)
  void columnsThatDoNotFitTheModelAreNamed(String view, String message) {
    assertThatThrownBy(() -> run(view("texts", view) + predict("pipeline", "persist: true")))
        .hasStackTraceContaining(message);
  }

  @Test
  void anEmptyViewGivesNoPredictions() throws Exception {
    run(view("texts", "select 'a' as text where false") + predict("pipeline", "persist: true"));
    assertThat(rows("select * from p")).isEmpty();
  }

  private static String similar(String left, String right, String keys) {
    return view("l", left)
        + view("r", right)
        + stage("SimilarityJoinTransform", "leftView: l, rightView: r, outputView: s\n" + keys);
  }

  private static final String ADDRESSES = "leftFields: [\"a.b\"], rightFields: [street, kind]\n";

  @Test
  void similarTextsAreJoined() throws Exception {
    run(
        similar(
            "select * from values (1, '1 smith street'), (2, 'elsewhere 77'), (3, null) t(id, `a.b`)",
            "select * from values (9, '1 SMITH', 'st'), (8, 'x', null), (7, '', '') t(rid, street, kind)",
            ADDRESSES + "threshold: 0.5"));
    assertThat(rows("select id, rid, round(similarity, 4) from s")).containsExactly("[1,9,0.6667]");
    assertThat(spark().table("s").columns())
        .containsExactly("id", "a.b", "rid", "street", "kind", "similarity");
  }

  @ParameterizedTest
  @CsvSource({"caseSensitive: true", "threshold: 0.9", "shingleLength: 20"})
  void otherSettingsFindNothingThere(String keys) throws Exception {
    run(
        similar(
            "select '1 smith street' as `a.b`",
            "select '1 SMITH' as street, 'st' as kind",
            ADDRESSES + keys + (keys.startsWith("thr") ? "" : ", threshold: 0.5")));
    assertThat(rows("select * from s")).isEmpty();
  }

  @Test
  void textsShorterThanAShingleAreSimilarToThemselves() throws Exception {
    run(
        similar(
            "select * from values (1, 'NY'), (2, 'N'), (3, 'New York'), (4, '') t(id, `a.b`)",
            "select * from values (9, 'ny', ''), (8, '', '') t(rid, street, kind)",
            ADDRESSES));
    assertThat(rows("select id, rid, similarity from s")).containsExactly("[1,9,1.0]");
  }

  /** 2 of their 13 shingles of three characters are common. */
  @ParameterizedTest
  @CsvSource({"Bank, Bank of America", "Bank of America, Bank"})
  void whatOnlyOneSideHasCounts(String left, String right) throws Exception {
    run(
        similar(
            "select '" + left + "' as `a.b`",
            "select '" + right + "' as street, '' as kind",
            ADDRESSES + "threshold: 0.1, numHashTables: 200"));
    assertThat(rows("select round(similarity, 4) from s")).containsExactly("[0.1538]");
  }

  @Test
  void viewsWithoutTextsGiveNoRows() throws Exception {
    run(
        similar(
            "select 'ab' as `a.b` where false", "select 'x' as street, 'y' as kind", ADDRESSES));
    assertThat(rows("select * from s")).isEmpty();
    assertThat(spark().table("s").columns()).containsExactly("a.b", "street", "kind", "similarity");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          leftFields: [a], rightFields: [a], threshold: 1.1     | 'threshold' 1.1 must be between 0.0 and 1.0.
          leftFields: [a], rightFields: [a], threshold: -1      | 'threshold' -1.0 must be between 0.0 and 1.0.
          leftFields: [a], rightFields: [a], shingleLength: 0   | "shingleLength" 0 must be at least 1
          leftFields: [a], rightFields: [a], numHashTables: 0   | "numHashTables" 0 must be at least 1
          leftFields: [], rightFields: [a]                      | "leftFields" names no column
          leftFields: a, rightFields: [a]                       | "leftFields" of SimilarityJoinTransform must be a list of strings, not "a"
          """)
  void settingsAreCheckedBefore(String keys, String message) {
    assertThat(SqlJob.problems(similar("select 'x' as a", "select 'x' as a", keys)))
        .extracting(Problem::message)
        .containsExactly(message);
  }

  @Test
  void aFieldThatIsNoColumnIsNamed() {
    assertThatThrownBy(
            () ->
                run(
                    similar(
                        "select 'x' as a", "select 'x' as b", "leftFields: [a], rightFields: [a]")))
        .hasMessage(
            "SimilarityJoinTransform requires the columns of 'rightFields' but there is no 'a'. The"
                + " view has: [b].");
  }
}
