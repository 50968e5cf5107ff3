package io.sqletl.engine.stage.extract;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.spark;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;

import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.SqlJob;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StatisticsExtractStageTest {

  private static SqlJob measure(String query, String keys) throws Exception {
    return SqlJob.run(
        view("v", query) + stage("StatisticsExtract", "inputView: v, outputView: s\n" + keys));
  }

  @Test
  void eachTypeHasItsFigures() throws Exception {
    measure(
        """
        select * from values
          (1, 1L, 1.5D, cast(2 as decimal(10,2)), 'abc', true, date'2020-01-01',
           timestamp'2020-01-01 10:00:00', null),
          (2, 2L, 2.5D, cast(2.5 as decimal(10,2)), 'secret', false, date'2020-01-03',
           timestamp'2020-01-01 12:00:00', null),
          (3, 4L, null, null, null, null, null, null, null)
          as t(i, `l.o`, d, m, `te xt`, b, `däte`, ts, n)
        """,
        "histogram: true");
    assertThat(
            rows(
                "select col_name, data_type, count, num_nulls, distinct_count, mean,"
                    + " cast(round(cast(stddev as double), 6) as string), min_col_len, avg_col_len,"
                    + " max_col_len, min, `25%`, `50%`, `75%`, max from s"))
        .containsExactly(
            "[i,int,3,0,3,2.0,1.0,null,null,null,1,1,2,3,3]",
            "[l.o,bigint,3,0,3,2,1.527525,null,null,null,1,1,2,4,4]",
            "[d,double,2,1,2,2.0,0.707107,null,null,null,1.5,1.5,1.5,2.5,2.5]",
            "[m,decimal(10,2),2,1,2,2.250000,0.353553,null,null,null,2.00,2.00,2.00,2.50,2.50]",
            "[te xt,string,2,1,2,null,null,3,4,6,null,null,null,null,null]",
            "[b,boolean,2,1,2,null,null,null,null,null,false,null,null,null,true]",
            "[däte,date,2,1,2,null,null,null,null,null,2020-01-01,2020-01-01,2020-01-01,2020-01-03,2020-01-03]",
            "[ts,timestamp,2,1,2,null,null,null,null,null,2020-01-01 10:00:00Z,2020-01-01"
                + " 10:00:00Z,2020-01-01 10:00:00Z,2020-01-01 12:00:00Z,2020-01-01 12:00:00Z]",
            "[n,void,null,3,0,null,null,null,null,null,null,null,null,null,null]");
    assertThat(spark().table("s").columns())
        .containsExactly(
            "col_name",
            "data_type",
            "count",
            "num_nulls",
            "distinct_count",
            "mean",
            "stddev",
            "min_col_len",
            "avg_col_len",
            "max_col_len",
            "min",
            "25%",
            "50%",
            "75%",
            "max");
  }

  @Test
  void exactFiguresAreThoseOfThePopulation() throws Exception {
    SqlJob job =
        measure(
            "select * from values (1), (2), (3) as t(i)",
            "approximate: false, histogram: true, persist: true");
    assertThat(rows("select stddev, distinct_count, `25%`, `50%` from s"))
        .containsExactly("[0.816496580927726,3,1.5,2.0]");
    @SuppressWarnings("unchecked") // A map of maps
    Map<String, Map<String, Object>> statistics =
        (Map<String, Map<String, Object>>) job.detail().get("statistics");
    assertThat(statistics.get("i"))
        .containsEntry("data_type", "int")
        .containsEntry("count", 3L)
        .containsEntry("mean", 2.0)
        .containsEntry("min_col_len", null);
  }

  @Test
  void timesHaveAllOfTheirDigits() throws Exception {
    measure(
        "select * from values (timestamp'2024-01-01 10:00:00.123456Z'),"
            + " (timestamp'2024-01-01 10:00:00.999999Z'), (timestamp'2024-01-01 10:00:01Z') as t(ts)",
        "histogram: true");
    assertThat(rows("select min, `50%`, max from s"))
        .containsExactly(
            "[2024-01-01 10:00:00.123456Z,2024-01-01 10:00:00.999999Z,2024-01-01 10:00:01Z]");
  }

  @Test
  void columnsOfOtherTypesAreLeftOut() throws Exception {
    measure("select array(1) as a, cast(1 as float) as f, named_struct('x', 1) as s", "");
    assertThat(rows("select * from s")).isEmpty();
  }

  @Test
  void aWrongKeyIsFoundBeforeTheRun() {
    assertThat(
            SqlJob.problems(
                view("v", "select 1")
                    + stage("StatisticsExtract", "inputView: v, outputView: s, hllRelativeSD: 0")))
        .extracting(Problem::headline)
        .singleElement()
        .asString()
        .contains("\"hllRelativeSD\" is 0.0; give a number above 0, such as 0.05");
  }

  @Test
  void theMetadataOfColumnsAreAView() throws Exception {
    SqlJob.run(
        view("v", "select 1 as `a.b`, 'x' as `c d`")
            + stage("MetadataExtract", "inputView: v, outputView: m, persist: true"));
    assertThat(rows("select name, type, nullable from m order by name"))
        .containsExactly("[a.b,integer,false]", "[c d,string,false]");
  }
}
