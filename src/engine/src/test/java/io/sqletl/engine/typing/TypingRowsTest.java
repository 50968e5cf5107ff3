package io.sqletl.engine.typing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What typing makes of rows, beyond single values. */
class TypingRowsTest {

  private static final Schema TWO =
      TypingSpark.schema(
          "[{name: a, type: integer, nullable: true}, {name: b, type: integer, nullable: true}]");

  @Test
  void columnsAreMappedByPositionAndErrorsAreInTheirOrder() {
    Row row = type(TWO, FailMode.PERMISSIVE, "x", "y").first();

    assertThat(row.schema().fieldNames()).containsExactly("a", "b", "_errors");
    assertThat(row.<Row>getList(2))
        .extracting(error -> error.getString(0))
        .containsExactly("a", "b");
  }

  @Test
  void aCleanRowHasNoErrorsAndNotNull() {
    Row row = type(TWO, FailMode.PERMISSIVE, "1", null).first();

    assertThat(row.getInt(0)).isEqualTo(1);
    assertThat(row.isNullAt(1)).isTrue();
    assertThat(row.getList(2)).isEmpty();
  }

  @Test
  void notANumberIsADouble() {
    Schema schema = TypingSpark.schema("[{name: d, type: double, nullable: true}]");

    assertThat(type(schema, FailMode.PERMISSIVE, "NaN").first().getDouble(0)).isNaN();
  }

  @Test
  void failfastNamesAllErrorsOfTheFirstBadRow() {
    assertThatThrownBy(() -> type(TWO, FailMode.FAILFAST, "x", "q").collect())
        .rootCause()
        .hasMessageContaining(
            "TypingTransform with failMode equal to 'failfast' cannot continue due to row with"
                + " error(s): [[a,Unable to convert 'x' to integer using formatters"
                + " ['#,##0;-#,##0']], [b,Unable to convert 'q' to integer using formatters"
                + " ['#,##0;-#,##0']]].");
  }

  @Test
  void aColumnThatMayNotBeNullEndsTheRunEvenIfPermissive() {
    Schema schema = TypingSpark.schema("[{name: integerDatum, type: integer, nullable: false}]");

    assertThatThrownBy(() -> type(schema, FailMode.PERMISSIVE, "textDatum").collect())
        .rootCause()
        .hasMessageContaining(
            "TypingTransform with non-nullable column 'integerDatum' cannot continue due to error:"
                + " Unable to convert 'textDatum' to integer using formatters ['#,##0;-#,##0'].");
    assertThatThrownBy(() -> type(schema, FailMode.PERMISSIVE, (String) null).collect())
        .rootCause()
        .hasMessageContaining(
            "Non-null value expected and no nullReplacementValue value was provided");
    assertThat(type(schema, FailMode.PERMISSIVE, "1").schema().fields()[0].nullable()).isFalse();
  }

  @Test
  void theNumbersOfColumnsMustBeEqual() {
    assertThatThrownBy(() -> type(TWO, FailMode.PERMISSIVE, "1"))
        .isInstanceOf(TypingException.class)
        .hasMessage(
            "TypingTransform can only be performed on tables with the same number of columns, but"
                + " the schema has 2 columns and the data table has 1 columns.");
  }

  @Test
  void internalColumnsPassByAndDoNotCount() {
    Dataset<Row> input =
        TypingSpark.texts("1", "2")
            .withColumn("_extra", internal(functions.lit(7)))
            .select("_extra", "_c0", "_c1");

    Row row = Typing.apply(input, TWO, FailMode.PERMISSIVE, null).first();

    assertThat(row.schema().fieldNames()).containsExactly("a", "b", "_extra", "_errors");
    assertThat(row.getInt(0)).isEqualTo(1);
    assertThat(row.getInt(1)).isEqualTo(2);
    assertThat(row.getInt(2)).isEqualTo(7);
  }

  @Test
  void aColumnOfItsTypeAlreadyPassesUnchanged() {
    Dataset<Row> input =
        TypingSpark.session().range(3).selectExpr("cast(id AS int) AS x", "'5' AS y");

    assertThat(Typing.apply(input, TWO, FailMode.PERMISSIVE, null).first().getInt(1)).isEqualTo(5);
  }

  @Test
  void aColumnOfAnotherTypeIsRefused() {
    Dataset<Row> input = TypingSpark.session().range(3).selectExpr("id AS x", "'5' AS y");

    assertThatThrownBy(() -> Typing.apply(input, TWO, FailMode.PERMISSIVE, null).collect())
        .hasMessageContaining("a");
  }

  @Test
  void metadataOfTheSchemaReachesTheColumns() {
    Schema schema =
        TypingSpark.schema(
            "[{id: x1, name: a, description: d, type: string, nullable: true,"
                + " metadata: {level: 3, tags: [x, y], ok: true, ratio: 1.5}}]");

    StructField field = type(schema, FailMode.PERMISSIVE, "v").schema().fields()[0];

    assertThat(field.metadata().getLong("level")).isEqualTo(3);
    assertThat(field.metadata().getStringArray("tags")).containsExactly("x", "y");
    assertThat(field.metadata().getBoolean("ok")).isTrue();
    assertThat(field.metadata().getDouble("ratio")).isEqualTo(1.5);
    assertThat(field.metadata().getString("id")).isEqualTo("x1");
    assertThat(field.metadata().getString("description")).isEqualTo("d");
    assertThat(field.metadata().getBoolean("nullable")).isTrue();
    assertThat(field.metadata().getBoolean("internal")).isFalse();
  }

  @Test
  void errorsAreInternal() {
    StructField errors = type(TWO, FailMode.PERMISSIVE, "1", "2").schema().fields()[2];

    assertThat(errors.metadata().getBoolean("internal")).isTrue();
  }

  @Test
  void fiveHundredColumnsAreTypedInEveryWay() {
    int columns = 500;
    Schema schema =
        TypingSpark.schema(
            IntStream.range(0, columns)
                .mapToObj(i -> "{name: c" + i + ", type: integer, nullable: true}")
                .collect(Collectors.joining(",", "[", "]")));
    String[] texts = new String[columns];
    Arrays.setAll(texts, i -> i % 100 == 0 ? "x" : String.valueOf(i));

    // Generated code of that size is refused by the JVM or by Spark, which then interprets
    TypingSpark.session().conf().set("spark.sql.codegen.factoryMode", "FALLBACK");
    try {
      Row row =
          Typing.apply(
                  TypingSpark.texts(columns, List.<String[]>of(texts)),
                  schema,
                  FailMode.PERMISSIVE,
                  null)
              .first();
      assertThat(row.getInt(499)).isEqualTo(499);
      assertThat(row.getList(columns)).hasSize(5);
    } finally {
      TypingSpark.session().conf().unset("spark.sql.codegen.factoryMode");
    }
  }

  @Test
  void rejectedValuesAreCountedOnceHoweverOftenTheViewIsUsed() {
    List<String[]> rows = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      rows.add(new String[] {i % 10 == 3 ? "bad " + i : "1", i == 50 ? "x" : "2"});
    }
    Dataset<Row> input =
        TypingSpark.texts(2, rows)
            .repartition(3)
            .withColumn("_filename", internal(functions.lit("file:/in/a.csv")))
            .withColumn("_index", internal(functions.monotonically_increasing_id().plus(1L)));
    RejectedValues rejected = new RejectedValues();
    Dataset<Row> typed = Typing.apply(input, TWO, FailMode.PERMISSIVE, rejected);

    typed.collect();
    typed.union(typed).collect();

    assertThat(rejected.value().count()).isEqualTo(11);
    assertThat(rejected.value().first())
        .hasSize(11)
        .allSatisfy(
            value ->
                assertThat(value.render(1))
                    .matches("a\\.csv:\\d+: [ab] '(bad \\d+|x)' is no integer"));
  }

  @Test
  void whatNobodyAsksForIsRejectedAllTheSame() {
    RejectedValues rejected = new RejectedValues();
    Dataset<Row> typed =
        Typing.apply(TypingSpark.texts("x", "2"), TWO, FailMode.PERMISSIVE, rejected);

    assertThat(typed.select("b").first().getInt(0)).isEqualTo(2);
    assertThat(rejected.value().count()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"count(*)", "b", "a", "sum(b)", "1"})
  void everyQueryAccountsForAllValues(String selected) {
    RejectedValues rejected = new RejectedValues();
    Typing.apply(TypingSpark.texts("x", "2"), TWO, FailMode.PERMISSIVE, rejected)
        .selectExpr(selected)
        .collect();

    assertThat(rejected.value().count()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"count(*)", "b", "a", "1"})
  void aColumnThatMayNotBeNullEndsEveryQuery(String selected) {
    Schema schema =
        TypingSpark.schema(
            "[{name: a, type: integer, nullable: false}, {name: b, type: integer, nullable: true}]");
    for (String wrong : new String[] {null, "x"}) {
      Dataset<Row> typed =
          Typing.apply(TypingSpark.texts(wrong, "2"), schema, FailMode.PERMISSIVE, null);

      assertThatThrownBy(() -> typed.selectExpr(selected).collect())
          .hasStackTraceContaining("non-nullable column 'a'");
    }
    Dataset<Row> numbers =
        TypingSpark.texts("1").selectExpr("int(if(rand() < 2, null, 1)) as a", "'2' as b");
    Dataset<Row> passed = Typing.apply(numbers, schema, FailMode.PERMISSIVE, null);

    assertThatThrownBy(() -> passed.selectExpr(selected).collect())
        .hasStackTraceContaining("non-nullable column 'a'");
  }

  private static Dataset<Row> type(Schema schema, FailMode mode, String... row) {
    return Typing.apply(TypingSpark.texts(row), schema, mode, null);
  }

  private static org.apache.spark.sql.Column internal(org.apache.spark.sql.Column column) {
    return column.as("internal", new MetadataBuilder().putBoolean("internal", true).build());
  }
}
