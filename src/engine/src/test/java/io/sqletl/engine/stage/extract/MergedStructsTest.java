package io.sqletl.engine.stage.extract;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.spark;
import static io.sqletl.engine.stage.SqlJob.stage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.SqlJob;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Files whose columns differ within structs, lists and maps are read as those that differ above.
 */
class MergedStructsTest {

  @TempDir Path directory;

  private void write(String format, String name, String query) {
    spark().sql(query).coalesce(1).write().format(format).save(directory.resolve(name).toString());
  }

  private List<String> extract(String type) throws Exception {
    return SqlJob.run(stage(type, "outputView: v, inputURI: \"" + directory.toUri() + "{a,b}/*\""))
        .runWarnings()
        .stream()
        .map(Problem::message)
        .toList();
  }

  @ParameterizedTest
  @CsvSource({"parquet, ParquetExtract", "orc, ORCExtract", "avro, AvroExtract"})
  void whatDiffersWithinIsWidenedAndTold(String format, String type) throws Exception {
    write(
        format,
        "a",
        "select 1 as id, named_struct('x', 1) as s, array(named_struct('x', 1), null) as l,"
            + " array(1) as n, map('k', named_struct('x', 1)) as m");
    write(
        format,
        "b",
        "select 2 as id, named_struct('y', 'b', 'x', 2L) as s, array(named_struct('x', 2, 'y', 'b'))"
            + " as l, array(2L) as n, map('k', named_struct('x', 2, 'y', 'b')) as m");
    List<String> told = extract(type);
    assertThat(rows("select s.x, s.y, l.x, l.y, n[0], m['k'].x, m['k'].y from v order by id"))
        .containsExactly(
            "[1,null,ArraySeq(1, null),ArraySeq(null, null),1,1,null]",
            "[2,b,ArraySeq(2),ArraySeq(b),2,2,b]");
    assertThat(told)
        .hasSize(5)
        .anyMatch(text -> text.contains("column 's.x' is int and bigint in different files"))
        .anyMatch(text -> text.contains("column 'n[]' is int and bigint in different files"))
        .anyMatch(text -> text.contains("column 's.y' is not in 1 of 2 files"))
        .anyMatch(text -> text.contains("column 'l[].y' is not in 1 of 2 files"))
        .anyMatch(text -> text.contains("column 'm.value.y' is not in 1 of 2 files"));
  }

  @ParameterizedTest
  @CsvSource({"parquet, ParquetExtract", "orc, ORCExtract", "avro, AvroExtract"})
  void typesWithinThatNoneHoldsAreRefusedByTheirPath(String format, String type) {
    write(format, "a", "select array(named_struct('x', 1)) as l");
    write(format, "b", "select array(named_struct('x', 'text')) as l");
    assertThatThrownBy(() -> extract(type))
        .hasMessageContaining("column 'l[].x' is int in ")
        .hasMessageContaining("and string in ");
  }
}
