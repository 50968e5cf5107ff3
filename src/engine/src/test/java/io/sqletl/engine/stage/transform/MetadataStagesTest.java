package io.sqletl.engine.stage.transform;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.run;
import static io.sqletl.engine.stage.SqlJob.spark;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.job.JobOptions;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.Folder;
import io.sqletl.engine.stage.SqlJob;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.types.StructField;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** MetadataTransform, MetadataFilterTransform and MetadataValidate, which go together. */
class MetadataStagesTest {

  private static final String PEOPLE =
      view("people", "select 1 as id, 'a' as `first.name`, 'b' as `ü ``x`, true as private");

  /** Gives `id` the level 1, and the two texts the level 7. */
  private static String classify(String keys) {
    return PEOPLE
        + stage(
            "MetadataTransform",
            "inputView: people, outputView: classified\n"
                + keys
                + """
                schema: [
                  {name: id, type: long, nullable: true, description: "the id",
                   metadata: {level: 1, secret: false}},
                  {name: "first.name", type: string, nullable: true, metadata: {level: 7, secret: true}},
                  {name: "ü `x", type: string, nullable: true, metadata: {level: 7, secret: true}},
                  {name: nobody, type: string, nullable: true, metadata: {level: 9}}
                ]
                """);
  }

  @Test
  void columnsGetTheMetadataOfTheirNamesAndStayAsTheyAre() throws Exception {
    run(classify(""));
    StructField[] fields = spark().table("classified").schema().fields();
    assertThat(fields)
        .extracting(StructField::name)
        .containsExactly("id", "first.name", "ü `x", "private");
    assertThat(fields[0].dataType().simpleString()).isEqualTo("int");
    assertThat(fields[0].metadata().getLong("level")).isEqualTo(1);
    assertThat(fields[0].metadata().getString("description")).isEqualTo("the id");
    assertThat(fields[1].metadata().getBoolean("secret")).isTrue();
    assertThat(fields[3].metadata().contains("level")).isFalse();
    assertThat(rows("select * from classified")).containsExactly("[1,a,b,true]");
  }

  @Test
  void failfastWantsTheSameColumns() {
    assertThatThrownBy(() -> run(classify("failMode: failfast\n")))
        .hasMessage(
            "MetadataTransform with failMode = 'failfast' ensures that the supplied schema has the"
                + " same columns as inputView 'people' but the supplied schema has columns: ['id',"
                + " 'first.name', 'ü `x', 'nobody'] and 'people' contains columns: ['id',"
                + " 'first.name', 'ü `x', 'private'].");
  }

  @Test
  void aSchemaMayBeAFileOrAView(@TempDir Path directory) throws Exception {
    Folder folder =
        new Folder(directory)
            .with("s.json", "[{name: id, type: long, nullable: true, metadata: {level: 2}}]");
    run(
        PEOPLE
            + stage(
                "MetadataTransform",
                "inputView: people, outputView: a, schemaURI: \"" + folder.of("s.json") + "\""));
    assertThat(spark().table("a").schema().apply("id").metadata().getLong("level")).isEqualTo(2);
    run(
        PEOPLE
            + view(
                "s",
                "select 'id' as name, 'long' as type, true as nullable,"
                    + " named_struct('level', 3) as metadata")
            + stage("MetadataTransform", "inputView: people, outputView: a, schemaView: s"));
    assertThat(spark().table("a").schema().apply("id").metadata().getLong("level")).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          outputView: a                                           | MetadataTransform needs one of the keys "schema", "schemaURI" and "schemaView"
          outputView: a, schemaURI: x, schemaView: people         | MetadataTransform has both "schemaURI" and "schemaView"
          outputView: a, schema: [{name: a}]                      | Missing required attribute 'type'
          outputView: a, schemaURI: "/nowhere.json"               | /nowhere.json
          outputView: a, schemaView: nobody                       | No earlier stage makes the view "nobody"
          outputView: a, failMode: fast, schema: []               | "failMode" of MetadataTransform cannot be "fast"
          """)
  void aSchemaIsNeeded(String keys, String message) {
    assertThat(SqlJob.problems(PEOPLE + stage("MetadataTransform", "inputView: people, " + keys)))
        .extracting(Problem::message)
        .anyMatch(text -> text.contains(message));
  }

  @Test
  void thePolicyAgainstInlineSchemasHolds() {
    JobOptions policy =
        new JobOptions("test", false, false, false, "DISK_ONLY", true, false, true, true);
    assertThat(SqlJob.problems("job.conf", "stages = [" + classify("") + "]", policy))
        .extracting(Problem::message)
        .containsExactly("A policy of this run forbids schemas within a job");
  }

  private static String filter(String sql) {
    return stage(
        "MetadataFilterTransform",
        "inputView: classified, outputView: filtered, sql: \"\"\"" + sql + "\"\"\"");
  }

  @Test
  void aFilterKeepsTheColumnsThatItsQueryNames() throws Exception {
    SqlJob job =
        run(
            classify("")
                + filter("select name from metadata where metadata.level > ${n}")
                    .replace("}\n", "\nsqlParams: {n: 5}}\n"));
    assertThat(spark().table("filtered").columns()).containsExactly("first.name", "ü `x");
    assertThat(rows("select * from filtered")).containsExactly("[a,b]");
    assertThat(job.detail())
        .containsEntry("includedColumns", List.of("first.name", "ü `x"))
        .containsEntry("excludedColumns", List.of("id", "private"));
    assertThat(spark().catalog().tableExists("metadata")).isFalse();
  }

  @Test
  void aViewCalledMetadataIsThereAgainAfterTheFilter() throws Exception {
    run(
        view("metadata", "select 'mine' as x")
            + classify("")
            + filter("select name from metadata where metadata.secret")
            + view("after", "select * from metadata"));
    assertThat(rows("select * from after")).containsExactly("[mine]");
    spark().catalog().dropTempView("metadata");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          select type from metadata                               | result does not contain field 'name' so cannot be filtered
          select name from metadata where metadata.nobody > 1     | nobody
          select name from metadat                                | metadat
          """)
  void aFilterSaysWhatIsWrongWithItsQuery(String sql, String message) {
    assertThatThrownBy(() -> run(classify("") + filter(sql))).hasMessageContaining(message);
    spark().catalog().dropTempView("metadata");
  }

  @Test
  void namesThatTheViewDoesNotHaveAreTold() throws Exception {
    SqlJob job = run(classify("") + filter("select explode(array('id', 'Private')) as name"));
    assertThat(spark().table("filtered").columns()).containsExactly("id");
    assertThat(job.runWarnings())
        .singleElement()
        .extracting(Problem::message)
        .asString()
        .contains("[Private]", "\"classified\" does not have");
  }

  @Test
  void aQueryThatNamesNothingLeavesNoColumns() throws Exception {
    run(classify("") + filter("select name from metadata where false"));
    assertThat(spark().table("filtered").columns()).isEmpty();
  }

  @Test
  void theViewHasTheKeysOfASchemaForEveryType() throws Exception {
    run(
        view(
                "types",
                """
                select cast(1 as byte) as b, cast(1 as smallint) as s, 1 as i, 1L as l,
                  1.5F as f, 1.5D as d, cast(1 as decimal(9, 2)) as dec, 'x' as t, true as bool,
                  date'2020-01-01' as day, timestamp'2020-01-01 00:00:00' as at,
                  timestamp_ntz'2020-01-01 00:00:00' as local, X'00' as bin, array(1) as arr,
                  named_struct('a', 1) as str, map('k', 1) as m, null as untyped
                """)
            + stage(
                "MetadataValidate",
                "inputView: types, sql: \"select true, cast(count(*) as string) from metadata\""));
    assertThat(spark().table("metadata").columns())
        .containsExactly(
            "description",
            "elementType",
            "encoding",
            "falseValues",
            "fields",
            "formatters",
            "name",
            "nullable",
            "nullableValues",
            "precision",
            "scale",
            "timezoneId",
            "trim",
            "trueValues",
            "type");
    assertThat(rows("select name || ':' || type from metadata order by name"))
        .containsExactly(
            "[arr:array]",
            "[at:timestamp]",
            "[b:integer]",
            "[bin:binary]",
            "[bool:boolean]",
            "[d:double]",
            "[day:date]",
            "[dec:decimal]",
            "[f:double]",
            "[i:integer]",
            "[l:long]",
            "[local:timestamp]",
            "[m:map]",
            "[s:integer]",
            "[str:struct]",
            "[t:string]");
    spark().catalog().dropTempView("metadata");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          select sum(if(metadata.level > 1, 1, 0)) = 0, to_json(named_struct('count', count(*), 'high', sum(if(metadata.level > 1, 1, 0)))) from metadata | MetadataValidate failed with message: '{"count":4,"high":2}'.
          select cast(null as boolean), 'x'  | MetadataValidate requires query to return 1 row with [outcome: boolean, message: string] signature. Query returned [null, not null].
          select name from metadata          | MetadataValidate requires query to return 1 row with [outcome: boolean, message: string] signature. Query returned 4 rows of type [string].
          """)
  void aValidationOfMetadataFailsTheJob(String sql, String message) {
    assertThatThrownBy(
            () ->
                run(
                    classify("")
                        + stage(
                            "MetadataValidate",
                            "inputView: classified, sql: \"\"\"" + sql + "\"\"\"")))
        .hasMessageStartingWith(message);
    spark().catalog().dropTempView("metadata");
  }
}
