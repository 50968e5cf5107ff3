package io.sqletl.engine.stage.sql;

import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;

import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.SqlJob;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SQL that runs and seldom means what it says. */
class SqlSignsTest {

  @TempDir Path folder;
  private String extract;

  @BeforeEach
  void write() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("v.csv"), "id,name,amt,t,month\n1,Ann,0.1,2024-01-05 12:00:00,3\n");
    extract =
        stage("DelimitedExtract", "outputView: v, header: true, inputURI: \"" + file + "\"")
            + view(
                "n",
                "SELECT CAST(12 AS DECIMAL(20, 2)) AS d, CAST(1 AS DECIMAL(9, 2)) AS s, 2.5D AS f");
  }

  private List<String> told(String sql) throws Exception {
    SqlJob job = SqlJob.run(extract + view("q", sql));
    return Stream.concat(job.warnings().stream(), job.runWarnings().stream())
        .map(Problem::headline)
        .toList();
  }

  @Test
  void aDateWithoutQuotesIsToldBeforeTheRun() {
    SqlJob job =
        SqlJob.plan(
            stage(
                "SQLTransform",
                "outputView: v, sqlParams: {run_date: \"2024-1-05\"}\n"
                    + "sql: \"SELECT ${run_date} AS d, 2024-01-05 AS e\""));
    assertThat(job.warnings())
        .extracting(Problem::render)
        .containsExactly(
            """
            job.conf line 4: 2024-1-05 without quotes is no date but a subtraction, which gives\
             2018; write DATE '${run_date}' [DATE_WITHOUT_QUOTES]
                4 | sql: "SELECT ${run_date} AS d, 2024-01-05 AS e"}
                                 ^^^^^^^^^""",
            """
            job.conf line 4: 2024-01-05 without quotes is no date but a subtraction, which gives\
             2018; write DATE '2024-01-05' [DATE_WITHOUT_QUOTES]
                4 | sql: "SELECT ${run_date} AS d, 2024-01-05 AS e"}
                                                   ^^^^^^^^^^""");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT id FROM v WHERE 2018 = 2024-01-05|DATE_WITHOUT_QUOTES",
        "SELECT id FROM v WHERE 1 IN (SELECT 2024-01-05)|DATE_WITHOUT_QUOTES",
        "SELECT date_format(DATE '2024-01-05', 'HH:MM') AS a|has the month, MM, behind the hours",
        "SELECT date_format(DATE '2024-01-05', 'MM/DD/yyyy') AS a|has DD, the day of the year",
        "SELECT date_format(DATE '2024-01-05', 'hh:mm') AS a|hours to 12 without am or pm",
        "SELECT date_format(DATE '2024-01-05', 'yyyy-mm-dd') AS a|has minutes, mm, without hours",
        "SELECT from_unixtime(9, 'HHMM') AS a|of from_unixtime has the month, MM, behind the hours",
        "SELECT to_date('2024-01-05', 'y-MM-dd') AS a|any number of digits",
        "SELECT to_timestamp(t, 'yyyy-MM-dd hh:mm:ss') AS a FROM v|write HH, or add a",
        "SELECT try_to_timestamp(t, 'yyyy-MM-dd hh:mm:ss') AS a FROM v|write HH, or add a",
        "SELECT unix_timestamp(t, 'yyyy-MM-dd hh:mm:ss') AS a FROM v|write HH, or add a",
        "SELECT to_unix_timestamp(t, 'yyyy-MM-dd hh:mm:ss') AS a FROM v|write HH, or add a",
        "SELECT \"id\" FROM v|\"id\" in double quotes is a text; write `id` for the column",
        "SELECT id FROM v WHERE \"name\" = 'Ann'|write `name` for the column, 'name' for the text",
        "SELECT max(upper(\"name\")) AS m, max(\"name\") AS n FROM v|QUOTED_COLUMN",
        "SELECT id FROM v JOIN n ON v.id = \"d\"|QUOTED_COLUMN",
        "WITH w AS (SELECT id AS k FROM v) SELECT \"k\" FROM w|QUOTED_COLUMN",
        "SELECT id FROM v WHERE id IN (SELECT \"id\" FROM v)|QUOTED_COLUMN",
        "SELECT id name, amt FROM v|\"id name\" takes the column id under the name of the column name of the same input; put a comma between them, or write id AS name",
        "SELECT x.id name FROM v x|MISSING_COMMA",
        "SELECT sum(amt) AS s FROM v|The text column 'amt' is taken as DOUBLE by sum(amt): digits beyond 15 are lost; type it with TypingTransform, or write cast(amt AS DECIMAL(20,2))",
        "SELECT cast(sum(amt) AS DECIMAL(30,2)) AS s, max(amt) + 0.01 AS m FROM v|by sum(amt)",
        "SELECT CAST(max(amt) + 0.01 AS STRING) AS m FROM v|by max(amt) + 0.01",
        "SELECT amt / 3.5 AS m FROM v|by amt / 3.5",
        "SELECT coalesce(amt, 0.0) AS m FROM v|by coalesce(amt, 0.0)",
        "SELECT id FROM v JOIN n ON v.amt = n.d|by v.amt = n.d",
        "SELECT id FROM v WHERE amt IN (SELECT d FROM n)|TEXT_AS_DOUBLE",
        "SELECT amt FROM v UNION ALL SELECT s FROM n|TEXT_AS_DOUBLE",
        "SELECT id FROM v WHERE amt > '50'|The text column 'amt' is compared with '50' by the order of texts, in which '9' comes behind '10'; write 50 without quotes or type the column",
        "SELECT id FROM v WHERE amt BETWEEN '5' AND '9.5'|TEXT_ORDER",
        "SELECT id FROM v WHERE amt BETWEEN 0.5 AND 9.1234567890123456|TEXT_AS_DOUBLE",
        "SELECT id FROM v WHERE '50' <= amt|TEXT_ORDER",
        "SELECT CASE WHEN amt < '-1' THEN 1 END AS c FROM v|TEXT_ORDER"
      })
  void whatIsHardlyMeantIsToldOnce(String sql, String text) throws Exception {
    String part = text.replace(" is a text; ", " is a text, and not the column of this name; ");
    assertThat(told(sql)).singleElement().asString().contains(part, "job.conf line ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 2024 - 1 - 5 AS n, 2024-13-05 AS m, DATE '2024-01-05' AS d, '2024-01-05' AS s",
        "SELECT date_format(DATE '2024-01-05', 'mm') AS a, date_format(now(), 'y') AS b",
        "SELECT date_format(DATE '2024-01-05', \"yyyy-MM-dd'T'HH:mm:ss'Z'\") AS a",
        "SELECT date_format(DATE '2024-01-05', 'hh:mm a') AS a, date_format(now(), 'MMM d') AS b",
        "SELECT to_date(t, 'yyyy-MM-dd HH:mm:ss') AS a FROM v",
        "SELECT to_date('24', 'yy') AS a, unix_timestamp(t) AS b FROM v",
        "SELECT 'id' AS a, \"other\" AS b, \"ID \" AS c FROM v",
        "SELECT `id`, to_json(named_struct(\"id\", id)) AS j, map(\"id\", id)[\"id\"] AS m FROM v",
        "SELECT date_trunc(\"month\", CAST(t AS TIMESTAMP)) AS m FROM v",
        "SELECT id AS name FROM v",
        "SELECT id\n AS name, amt FROM v",
        "SELECT id k, name n FROM v",
        "SELECT id name, name id FROM v",
        "SELECT upper(id) name FROM v",
        "SELECT x.id, y.d s2 FROM v x CROSS JOIN n y",
        "SELECT sum(CAST(amt AS DOUBLE)) AS s, sum(CAST(amt AS DECIMAL(20, 2))) AS d FROM v",
        "SELECT id + 1 AS n, id = 1 AS e, amt > 50.5 AS g, amt BETWEEN 0.5 AND 2 AS b, length(amt) AS l FROM v",
        "SELECT amt * f AS p, amt = f AS e, amt = s AS d FROM v CROSS JOIN n",
        "SELECT max(sqrt(amt)) AS r, stddev(amt) AS s FROM v",
        "SELECT concat(amt, 1.5) AS c, amt / 3 AS d FROM v",
        "SELECT id FROM v WHERE amt > '007' AND name > 'M' AND t > '2024-01-05' AND id = '50'",
        "SELECT id FROM v WHERE cast(amt AS STRING) > '50'",
        "SELECT d FROM n WHERE d > '50'"
      })
  void ordinarySqlIsNotTold(String sql) throws Exception {
    assertThat(told(sql)).filteredOn(text -> !text.contains("NON_DETERMINISTIC")).isEmpty();
  }

  @Test
  void aMissingCommaIsToldAtItsLine() throws Exception {
    SqlJob job = SqlJob.run(extract + view("q", "SELECT amt, name, id\n  name FROM v"));
    assertThat(job.runWarnings())
        .singleElement()
        .extracting(Problem::headline)
        .asString()
        .startsWith("job.conf line ")
        .contains("\"id name\" takes the column id", "[MISSING_COMMA]");
  }

  @Test
  void sqlOfValidationsAndInsertsIsLookedAtToo() throws Exception {
    String table = "delta.`" + folder.resolve("t") + "`";
    SqlJob job =
        SqlJob.run(
            extract
                + view("made", "CREATE TABLE " + table + " (s STRING, m DOUBLE) USING delta")
                + view("i", "INSERT INTO " + table + " SELECT \"id\", 0.5D FROM v")
                + view("j", "INSERT INTO " + table + " SELECT id, cast(amt AS DOUBLE) FROM v")
                + stage("SQLValidate", "sql: \"SELECT sum(amt) < 5, 'sum' FROM v\""));
    assertThat(job.runWarnings())
        .extracting(each -> each.code().name())
        .containsExactly("QUOTED_COLUMN", "TEXT_AS_DOUBLE");
  }
}
