package io.sqletl.engine.stage.extract;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.stage.SqlJob;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Records of delimited text that are none, or whose values are not what they stand for. */
class TrailerSignsTest {

  @TempDir Path directory;

  private List<String> told(String text, String keys) throws Exception {
    Files.writeString(directory.resolve("a.csv"), text.replace("~", "\n") + "\n");
    return told(keys);
  }

  private List<String> told(String keys) throws Exception {
    String input = "outputView: v, inputURI: \"" + directory.resolve("a.csv") + "\"\n";
    return SqlJob.run(stage("DelimitedExtract", input + keys)).runWarnings().stream()
        .map(problem -> problem.message() + "; " + problem.remedy())
        .toList();
  }

  /** The rows that the remedy leaves. */
  private static List<String> rowsOf(String told) throws IOException {
    Matcher condition = Pattern.compile("WHERE (.*), or take it out").matcher(told);
    assertThat(condition.find()).isTrue();
    return rows("select * except (_filename, _index, _errors) from v where " + condition.group(1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          date,region,n~d,N,10~e,S,20~,,30                      | (line 4) looks like sums of those above it, as it alone has no value of date | 2
          id,n~1,5~2,6~,11                                      | (line 4) looks like sums of those above it, as it alone has no value of id | 2
          id,n~1,5~2,6~"",11                                    | as it alone has no value of id | 2
          id,n~1,5~2,6~,12                                      |  | 0
          id,n~1,"5,5"~2,"6,5"~,"12,0"                          | as it alone has no value of id | 2
          id,n~1,5~2,6~,11~Source: ONS,                         | as it alone has no value of id | 3
          name,n~Ann,5~Bob,6~,7                                 |  | 0
          name,n~Ann,1~Bob,2~,3                                 |  | 0
          name,n~Ann,5~,1~Bob,6~,12                             |  | 0
          a,b,n~x,,5~y,,6~z,,11                                 |  | 0
          a,n,t~x,5,u~y,6,v~,11,w                               |  | 0
          id,n~1,5~Subtotal,5~2,6~Subtotal,6~Total,11           | by 'Total', as do others between the records ('Subtotal') | 2
          id,n~1,5~Subtotal,5~2,6~Subtotal,6                    | by 'Subtotal' | 2
          id,n~1,5~2,3~Subtotal A,8~2,6~Subtotal B,6~Total,14   | ('Subtotal B', 'Subtotal A') | 3
          id,n~1,5~Subtotal,5~2,6~Subtotal,6~Total,12           |  | 0
          id,n~1,5~2,6~END OF FILE,                             | (line 4) looks like a mark of the end, 'END OF FILE' | 2
          id,n~1,5~2,6~eof,                                     | 'eof' | 2
          id,n~1,5~2,6~*** End of Report ***,                   | End of Report | 2
          id,n~1,5~2,6~2 rows selected.,                        | looks like a number of records, '2 rows selected.' | 2
          id,n~1,5~2,6~(2 rows affected),                       | '(2 rows affected)' | 2
          id,n~1,5~2,6~,2 records                               | '2 records' | 2
          id,n~1,5~2,6~Rows: 2,                                 | 'Rows: 2' | 2
          name~Ann~Bob~2 rows selected.                         | '2 rows selected.' | 2
          name~Ann~Bob~End of report                            | 'End of report' | 2
          size~3 records~2 records                              |  | 0
          state~open~eof~closed                                 |  | 0
          name,note~Ann,new~Bob,end of file~Cid,eof             |  | 0
          name,note~Ann,new~Bob,                                |  | 0
          name~# exported by tool v2~Ann                        | a.csv below the header looks like a comment, and is read as a record (a.csv:2: name # exported by tool v2) | 1
          name~~# exported by tool v2~Ann                       | (a.csv:3: name # exported by tool v2) | 1
          name~Ann~# exported by tool v2                        | (line 3) looks like a comment, '# exported by tool v2' | 1
          name,n~# exported by tool v2,~Ann,1                   | looks like a comment | 1
          name~# one~# two~Ann                                  |  | 0
          name~#1 of 2~Ann                                      |  | 0
          name~# Ann Lee~# Bob Ray                              |  | 0
          name,n~# 1 Elm Street,2~Oak Road,3                    |  | 0
          """)
  void aRecordThatIsNoneIsToldOnce(String text, String sign, int left) throws Exception {
    List<String> told = told(text, "header: true");
    if (sign == null) {
      assertThat(told).isEmpty();
    } else {
      assertThat(told).singleElement().asString().contains(sign);
      assertThat(rowsOf(told.get(0))).hasSize(left);
    }
  }

  @Test
  void filesWithoutAHeaderAreAddedUpFromTheirFirstLine() throws Exception {
    assertThat(told("a,5~b,6~Total,11", "header: false")).singleElement().asString().contains("3)");
    assertThat(told("a,5~b,6~,11", "header: false")).singleElement().asString().contains("_c0");
  }

  @Test
  void inLargeFilesSumsWithoutAWordAreNoLessThanThoseAboveThem() throws Exception {
    String records = "a,1~".repeat(2000);
    assertThat(told("name,n~" + records + ",2000", "header: true")).hasSize(1);
    assertThat(told("name,n~" + records + ",2", "header: true")).isEmpty();
    assertThat(told("name,n~" + records + ",1~" + records + ",4000", "header: true")).hasSize(1);
    assertThat(told("name,n~" + records + ",1~b,1~,4000", "header: true")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          id,name~1,'Ann'~2,'Bob'~3,'O''Hara'   | The values of name are in single quotes, which are read as part of them (a.csv:2: name 'Ann') | O'Hara
          'id','name'~'1','Ann'                 | set "quote": "SingleQuote" | Ann
          id,name~1,'Ann'                       |  |
          id,name~1,'t Hart~2,Rock 'n'~3,'x'    |  |
          id,name~1,"'Ann'"~2,"'Bob'"           |  |
          id,name~1,'Ann'~2,Bob~3,Cid~4,'Dee'   |  |
          """)
  void otherQuotesAreTold(String text, String sign, String value) throws Exception {
    List<String> told = told(text, "header: true");
    if (sign == null) {
      assertThat(told).isEmpty();
    } else {
      assertThat(told).singleElement().asString().contains(sign);
      assertThat(told("header: true, quote: \"SingleQuote\"")).isEmpty();
      assertThat(rows("select name from v")).contains("[" + value + "]");
    }
    assertThat(told("header: true, quote: \"None\"")).isEmpty();
  }

  @Test
  void textsOfSpreadsheetsAreToldWithWhatTakesThemOutOfTheirSigns() throws Exception {
    List<String> told = told("id,code~1,=\"00123\"~~2,=\"00456\"~3,7", "header: true");
    assertThat(told)
        .singleElement()
        .asString()
        .contains("2 values of the first 3 records of a.csv", "(a.csv:2: code =\"00123\")");
    String sql = told.get(0).replaceAll(".*such as (.*), or have.*", "$1");
    assertThat(rows("select " + sql + " from v")).containsExactly("[00123]", "[00456]", "[7]");
    assertThat(told("id,code~1,=x~2,a=\"b\"~3,\"=\"", "header: true")).isEmpty();
    assertThat(told("id,code~1,\"=\"\"00123\"\"\"", "header: true")).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          id  name   amt~1   Ann    10~2   Bob    200        | true  | trim(substring(value, 1, 2)) AS id
          name      amt~Ann        10~Bo         200         | true  | trim(substring(value, 1, 4)) AS name
          name      amt~Ann Lee    10~Bo                     | true  | AS name
          1   Ann    10~2   Bob    200                       | false | trim(substring(value, 1, 1))
          Full  name~Ann Lee~Bob Ray                         | true  |
          Full name~Ann  Lee~Bob  Ray                        | true  |
          Full  name~Anna Lee~Roby Ray                       | true  |
          text~Dear all.  We begin.~We  end.                 | true  |
          """)
  void columnsThatBlanksAlignAreTold(String text, boolean header, String sql) throws Exception {
    List<String> told = told(text, "header: " + header);
    if (sql == null) {
      assertThat(told).isEmpty();
    } else {
      assertThat(told).singleElement().asString().contains("are one column", "TextExtract", sql);
    }
    assertThat(told("header: " + header + ", delimiter: Custom, customDelimiter: \"  \""))
        .noneMatch(message -> message.contains("are one column"));
  }

  @ParameterizedTest
  @CsvSource({
    "ParquetLoad, TextExtract, 0, true",
    "DelimitedLoad, TextExtract, 0, true",
    "ParquetLoad, TextExtract, 4, true",
    "ParquetLoad, BytesExtract, 0, false"
  })
  void aLoadThatRefusesATextNamesTheLineOfTheInput(
      String load, String extract, int partitions, boolean isNamed) throws Exception {
    Files.write(
        directory.resolve("a.csv"), "x\nfine\nM\u00FCller\n".getBytes(StandardCharsets.ISO_8859_1));
    String job =
        stage(extract, "outputView: v, inputURI: \"" + directory.resolve("a.csv") + "\"")
            + view("q", "select trim(substr(cast(value as string), 1, 90)) as name from v")
            + stage(
                load,
                "inputView: q, outputURI: \""
                    + directory.resolve("out")
                    + "\""
                    + (partitions == 0 ? "" : "\nnumPartitions: " + partitions));
    assertThatThrownBy(() -> SqlJob.run(job))
        .hasMessageContaining("column 'name': a value is not valid UTF-8")
        .hasMessageContaining("make_valid_utf8")
        .satisfies(
            failure -> {
              assertThat(failure.getMessage().contains("such as in a.csv:3.")).isEqualTo(isNamed);
              assertThat(failure.getMessage().contains("BytesExtract and decode("))
                  .isEqualTo(isNamed);
            });
  }
}
