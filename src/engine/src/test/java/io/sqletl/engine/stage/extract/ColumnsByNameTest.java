package io.sqletl.engine.stage.extract;

import static io.sqletl.engine.stage.SqlJob.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.Folder;
import io.sqletl.engine.stage.SqlJob;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where both sides have names, columns go by name, and what differs is told. */
class ColumnsByNameTest {

  @TempDir Path directory;
  private Folder folder;

  @BeforeEach
  void makeFolder() {
    folder = new Folder(directory);
  }

  private SqlJob extract(String input, String keys) throws Exception {
    return SqlJob.run(
        SqlJob.stage(
            "DelimitedExtract",
            "inputURI: \"" + folder.of(input) + "\", outputView: v, header: true\n" + keys));
  }

  private static List<String> warnings(SqlJob job, ErrorCode code) {
    return job.runWarnings().stream()
        .filter(problem -> problem.code() == code)
        .map(Problem::message)
        .toList();
  }

  @Test
  void filesWithTheirColumnsInAnotherOrderAreReadByName() throws Exception {
    folder.with("in/p1.csv", "id,city,amount\n1,Oslo,10\n");
    folder.with("in/p2.csv", "Amount,ID,city\n20,2,Rome\n");
    for (String keys : List.of("", "multiLine: true")) {
      SqlJob job = extract("in", keys);
      assertThat(rows("select id, city, amount, size(_errors) from v order by id"))
          .containsExactly("[1,Oslo,10,0]", "[2,Rome,20,0]");
      assertThat(warnings(job, ErrorCode.COLUMN_NAMES))
          .singleElement()
          .asString()
          .contains("another order", "p2.csv");
    }
  }

  @Test
  void aColumnMoreOrLessIsToldWithItsFile() throws Exception {
    folder.with("in/p1.csv", "id,city\n1,Oslo\n");
    folder.with("in/p2.csv", "id,city,amount\n2,Rome,20\n");
    folder.with("in/p3.csv", "id\n3\n");
    SqlJob job = extract("in", "");
    assertThat(rows("select id, city, size(_errors) from v order by id"))
        .containsExactly("[1,Oslo,0]", "[2,Rome,0]", "[3,null,0]");
    assertThat(warnings(job, ErrorCode.COLUMN_NAMES))
        .hasSize(2)
        .anyMatch(text -> text.contains("with amount, which is not read: p2.csv"))
        .anyMatch(text -> text.contains("without city, which is NULL there: p3.csv"));
  }

  @Test
  void filesOfNothingInCommonAreRefused() {
    folder.with("in/p1.csv", "id,city\n1,Oslo\n").with("in/p2.csv", "2,Rome\n3,Bern\n");
    assertThatThrownBy(() -> extract("in", ""))
        .hasMessageContaining("p2.csv has none of the columns of p1.csv");
  }

  private SqlJob typed(String described, String schema) throws Exception {
    folder.with("in/p1.csv", "1,2\n").with("schema.conf", "[" + columns(described) + "]");
    return SqlJob.run(
        SqlJob.stage(
                "DelimitedExtract",
                "inputURI: \""
                    + folder.of("in")
                    + "\", outputView: v, header: false, schemaURI: \""
                    + folder.of("schema.conf")
                    + "\"")
            + SqlJob.stage(
                "TypingTransform",
                "inputView: v, outputView: t, schema: [" + columns(schema) + "]"));
  }

  private static String columns(String names) {
    return Arrays.stream(names.split(" "))
        .map(name -> "{name: " + name + ", type: integer, nullable: true}")
        .collect(Collectors.joining(", "));
  }

  @Test
  void filesWithoutNamesAreTypedByTheNamesThatTheirSchemaGives() throws Exception {
    SqlJob job = typed("amount qty", "Qty amount");
    assertThat(rows("select qty, amount from t")).containsExactly("[2,1]");
    assertThat(warnings(job, ErrorCode.COLUMN_NAMES))
        .singleElement()
        .asString()
        .contains("schema of the extract", "another order", "amount, qty");
    SqlJob ofTexts =
        SqlJob.run(
            SqlJob.view("texts", "select '1,2' as value")
                + SqlJob.stage(
                    "DelimitedExtract",
                    "inputView: texts, outputView: v, schemaURI: \""
                        + folder.of("schema.conf")
                        + "\", header: false")
                + SqlJob.stage(
                    "TypingTransform",
                    "inputView: v, outputView: t, schema: [" + columns("qty amount") + "]"));
    assertThat(rows("select qty, amount from t")).containsExactly("[2,1]");
    assertThat(warnings(ofTexts, ErrorCode.COLUMN_NAMES)).hasSize(1);
    assertThatThrownBy(() -> typed("amount qty", "qty price"))
        .hasMessageContaining("the schema of the extract has amount, qty; the schema has qty");
    for (String described : List.of("a b", "amount qty", "amount b", "amount")) {
      assertThat(typed(described, "amount qty").runWarnings()).isEmpty();
      assertThat(rows("select amount, qty from t")).containsExactly("[1,2]");
    }
  }

  @Test
  void namesTwiceAndMissingOnesAreTold() throws Exception {
    folder.with("a.csv", "a,b,a,\n1,2,3,4\n");
    assertThat(warnings(extract("a.csv", ""), ErrorCode.COLUMN_NAMES))
        .hasSize(2)
        .anyMatch(text -> text.contains("twice (a)"))
        .anyMatch(text -> text.contains("without a name"));
  }

  @Test
  void aSchemaThatNamesOtherColumnsIsTold() throws Exception {
    folder.with("a.csv", "a,b\n1,2\n");
    folder.with("s.json", "[{\"name\": \"a\", \"type\": \"string\", \"nullable\": true}]");
    assertThat(
            warnings(
                extract("a.csv", "schemaURI: \"" + folder.of("s.json") + "\""),
                ErrorCode.COLUMN_NAMES))
        .containsExactly("The names of the schema and of the header differ: only in the header b");
  }

  private static SqlJob typed(String query, String... names) throws Exception {
    StringBuilder schema = new StringBuilder();
    for (String name : names) {
      schema.append("{name: ").append(name).append(", type: integer, nullable: true}\n");
    }
    return SqlJob.run(
        SqlJob.view("raw", query)
            + SqlJob.stage(
                "TypingTransform", "inputView: raw, outputView: t, schema: [" + schema + "]"));
  }

  @Test
  void typingGoesByNameWhereTheNamesAreTheSameInAnotherOrder() throws Exception {
    SqlJob job = typed("select '4' as QTY, '7' as price", "price", "qty");
    assertThat(rows("select price, qty from t")).containsExactly("[7,4]");
    assertThat(warnings(job, ErrorCode.COLUMN_NAMES))
        .singleElement()
        .asString()
        .contains("another order", "by name");
  }

  @Test
  void typingGoesByPositionInSilenceWhereThereAreNoNamesOrTheSame() throws Exception {
    SqlJob numbered = typed("select '4' as _c0, '7' as _c1", "price", "qty");
    assertThat(rows("select price, qty from t")).containsExactly("[4,7]");
    assertThat(numbered.runWarnings()).isEmpty();
    assertThat(typed("select '4' as Price, '7' as qty", "price", "qty").runWarnings()).isEmpty();
  }

  @Test
  void typingByPositionIsToldWhereTheNamesAreOthers() throws Exception {
    SqlJob job = typed("select '4' as id, '7' as Quantity", "id", "qty");
    assertThat(rows("select id, qty from t")).containsExactly("[4,7]");
    assertThat(warnings(job, ErrorCode.COLUMN_NAMES))
        .singleElement()
        .asString()
        .contains("by position: Quantity as qty");
  }

  @Test
  void namesThatStandElsewhereAmongOthersAreRefusedWithBothSides() {
    assertThatThrownBy(() -> typed("select '4' as qty, '7' as price", "amount", "qty"))
        .hasMessageContaining("the view has qty, price; the schema has amount, qty");
  }

  @Test
  void filesThatAreNotReadAreToldWithTheKey() throws Exception {
    folder
        .with("in/a.csv", "id,a\n1,x\n")
        .with("in/2024/b.csv", "id,a\n2,y\n")
        .with("in/_c.csv", "id,a\n3,z\n")
        .with("in/_SUCCESS", "");
    SqlJob job = extract("in", "");
    assertThat(rows("select id from v")).containsExactly("[1]");
    assertThat(warnings(job, ErrorCode.FILES_NOT_READ))
        .hasSize(2)
        .anyMatch(text -> text.contains("2024/b.csv"))
        .anyMatch(text -> text.contains("_c.csv"));
    job = extract("in", "recursiveFileLookup: true");
    assertThat(rows("select id from v order by id")).containsExactly("[1]", "[2]");
    assertThat(warnings(job, ErrorCode.FILES_NOT_READ)).singleElement().asString().contains("_c");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "recursiveFileLookup: true"})
  void filesInHiddenFoldersAreTold(String keys) throws Exception {
    folder
        .with("in/a.csv", "id\n1\n")
        .with("in/_2024/b.csv", "id\n2\n")
        .with("in/_2024/x/c.csv", "id\n3\n")
        .with("in/.x/d.csv", "id\n4\n")
        .with("in/_t/_delta_log/0.json", "{}")
        .with("in/_temporary/0/e.csv", "id\n5\n")
        .with("in/.ipynb_checkpoints/f.csv", "id\n6\n");
    SqlJob job = extract("in", keys);
    assertThat(rows("select id from v")).containsExactly("[1]");
    assertThat(warnings(job, ErrorCode.FILES_NOT_READ))
        .singleElement()
        .asString()
        .contains("3 files are not read", "folders whose names begin", ".x/d.csv", "_2024/b.csv");
    extract("in/_2024/*.csv", keys);
    assertThat(rows("select id from v")).containsExactly("[2]");
  }

  @Test
  void aNameThatLooksLikeAPatternIsRead() throws Exception {
    folder.with("a[1].csv", "id\n1\n");
    extract("a[1].csv", "");
    assertThat(rows("select id, _index from v")).containsExactly("[1,1]");
  }
}
