package io.sqletl.engine.stage;

import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;

import io.sqletl.engine.job.ErrorCode;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WideViewTest {

  private static final String CONSTRAINTS = "spark.sql.constraintPropagation.enabled";

  @AfterEach
  void asBefore() {
    SqlJob.spark().conf().unset(CONSTRAINTS);
  }

  private static String columns(int number) {
    return IntStream.range(0, number)
        .mapToObj(i -> "id AS c" + i)
        .collect(Collectors.joining(", ", "SELECT ", " FROM range(1)"));
  }

  @Test
  void sparkComparesNotEachColumnWithEachOther() throws Exception {
    SqlJob narrow = SqlJob.run(view("narrow", columns(500)));
    assertThat(SqlJob.spark().conf().get(CONSTRAINTS)).isEqualTo("true");
    assertThat(narrow.runWarnings()).isEmpty();

    SqlJob wide = SqlJob.run(view("wide", columns(501)));
    assertThat(SqlJob.spark().conf().get(CONSTRAINTS)).isEqualTo("false");
    assertThat(wide.runWarnings()).isEmpty();
  }

  @Test
  void thousandsAreToldOnce() throws Exception {
    SqlJob job = SqlJob.run(view("wide", columns(3001)) + view("again", "SELECT * FROM wide"));
    assertThat(job.runWarnings()).hasSize(1);
    assertThat(job.runWarnings().get(0).code()).isEqualTo(ErrorCode.WIDE_VIEW);
    assertThat(job.runWarnings().get(0).message())
        .startsWith("The view \"wide\" has 3,001 columns");
  }
}
