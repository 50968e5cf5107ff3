package io.sqletl.engine.stage.transform;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.regexp_extract_all;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import io.sqletl.engine.stage.ColumnName;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import java.util.List;
import java.util.Optional;
import org.apache.spark.ml.feature.CountVectorizer;
import org.apache.spark.ml.feature.CountVectorizerModel;
import org.apache.spark.ml.feature.MinHashLSH;
import org.apache.spark.ml.feature.NGram;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;

/** Joins rows of two views whose texts are similar. */
public final class SimilarityJoinTransformStage implements StageType<SimilarityJoinTransform> {

  private static final String ROW = "row";
  private static final String CHARACTERS = "characters";
  private static final String SHINGLES = "shingles";
  private static final String FEATURES = "features";

  @Override
  public Class<SimilarityJoinTransform> configuration() {
    return SimilarityJoinTransform.class;
  }

  @Override
  public String description() {
    return "Joins rows of two views whose texts are similar: adds how similar, from 0 to 1. It is"
        + " approximate, for hashes decide which rows are compared.";
  }

  @Override
  public Stage plan(SimilarityJoinTransform keys, StagePlanning planning) {
    if (!(keys.threshold() >= 0 && keys.threshold() <= 1)) {
      planning.invalid(
          "threshold", "'threshold' " + keys.threshold() + " must be between 0.0 and 1.0.", null);
    }
    atLeastOne("shingleLength", keys.shingleLength(), planning);
    atLeastOne("numHashTables", keys.numHashTables(), planning);
    if (keys.leftFields().isEmpty()) {
      planning.invalid("leftFields", "\"leftFields\" names no column", null);
    }
    if (keys.rightFields().isEmpty()) {
      planning.invalid("rightFields", "\"rightFields\" names no column", null);
    }
    return context -> join(keys, context);
  }

  private static void atLeastOne(String key, int value, StagePlanning planning) {
    if (value < 1) {
      planning.invalid(key, "\"" + key + "\" " + value + " must be at least 1", null);
    }
  }

  private static Optional<Dataset<Row>> join(SimilarityJoinTransform keys, StageContext context) {
    Dataset<Row> left = shingles(keys.leftView(), "leftFields", keys.leftFields(), keys, context);
    Dataset<Row> right =
        shingles(keys.rightView(), "rightFields", keys.rightFields(), keys, context);
    // Nothing is similar to nothing, and there is no vocabulary to learn
    Dataset<Row> joined =
        left.select(explode(col(SHINGLES))).isEmpty()
            ? left.crossJoin(right)
                .where(lit(false))
                .select(
                    struct(left.col(ROW)).as("datasetA"),
                    struct(right.col(ROW)).as("datasetB"),
                    lit(0.0).as("distance"))
            : similar(left, right, keys);
    Dataset<Row> result =
        joined.select(
            col("datasetA." + ROW + ".*"),
            col("datasetB." + ROW + ".*"),
            lit(1.0).minus(col("distance")).as("similarity"));
    return Optional.of(keys.output().register(result, context));
  }

  /** The rows as they are, and beside them the pieces of their texts. */
  private static Dataset<Row> shingles(
      String view,
      String key,
      List<String> fields,
      SimilarityJoinTransform keys,
      StageContext context) {
    Dataset<Row> rows = context.view(view);
    Column[] texts =
        NamedColumns.of("SimilarityJoinTransform", key, fields, rows).stream()
            .map(name -> ColumnName.column(name).cast(DataTypes.StringType))
            .toArray(Column[]::new);
    Column text = trim(concat_ws(" ", array(texts)));
    Column compared = keys.caseSensitive() ? text : lower(text);
    Dataset<Row> pieces =
        new NGram()
            .setN(keys.shingleLength())
            .setInputCol(CHARACTERS)
            .setOutputCol(SHINGLES)
            .transform(
                rows.select(
                    struct(col("*")).as(ROW),
                    regexp_extract_all(compared, lit("(?s)(.)"), lit(1)).as(CHARACTERS)));
    // A text that is shorter than a shingle has none, and would not be similar to itself
    Column isShort = size(col(SHINGLES)).equalTo(0).and(size(col(CHARACTERS)).gt(0));
    return pieces.withColumn(
        SHINGLES, when(isShort, array(concat_ws(" ", col(CHARACTERS)))).otherwise(col(SHINGLES)));
  }

  private static Dataset<Row> similar(
      Dataset<Row> left, Dataset<Row> right, SimilarityJoinTransform keys) {
    // Of both sides: what only one of them has makes its texts less similar to the other's
    CountVectorizerModel vocabulary =
        new CountVectorizer()
            .setInputCol(SHINGLES)
            .setOutputCol(FEATURES)
            .setVocabSize(Integer.MAX_VALUE)
            .fit(left.select(SHINGLES).unionAll(right.select(SHINGLES)));
    UDF1<Vector, Boolean> hasFeatures = vector -> vector.numNonzeros() > 0;
    Column filled = udf(hasFeatures, DataTypes.BooleanType).apply(col(FEATURES));
    Dataset<Row> leftVectors = vocabulary.transform(left).where(filled).select(ROW, FEATURES);
    Dataset<Row> rightVectors = vocabulary.transform(right).where(filled).select(ROW, FEATURES);
    return new MinHashLSH()
        .setNumHashTables(keys.numHashTables())
        .setInputCol(FEATURES)
        .setOutputCol("hashes")
        .fit(leftVectors)
        .approxSimilarityJoin(leftVectors, rightVectors, 1 - keys.threshold(), "distance")
        .toDF();
  }
}
