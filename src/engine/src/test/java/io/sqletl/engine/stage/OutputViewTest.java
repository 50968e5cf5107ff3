package io.sqletl.engine.stage;

import static io.sqletl.engine.stage.SqlJob.spark;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.job.JobOptions;
import org.apache.spark.storage.StorageLevel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The keys that every stage with an output view has. */
class OutputViewTest {

  private static final String ROWS = view("in_rows", "select id, id % 2 as `k.k` from range(10)");

  private static SqlJob run(String keys, JobOptions options) throws Exception {
    String job = ROWS + stage("JSONTransform", "inputView: in_rows, outputView: out_rows\n" + keys);
    return SqlJob.plan("job.conf", "stages = [" + job + "]", options).run();
  }

  private static JobOptions options(boolean immutableViews, String storageLevel) {
    return new JobOptions(
        "test", false, false, immutableViews, storageLevel, true, true, true, true);
  }

  @AfterEach
  void clear() {
    spark().catalog().clearCache();
    spark().catalog().dropTempView("in_rows");
    spark().catalog().dropTempView("out_rows");
  }

  @Test
  void rowsAreDealtOutAsTheKeysSay() throws Exception {
    SqlJob job = run("numPartitions: 3", SqlJob.options());
    assertThat(spark().table("out_rows").javaRDD().getNumPartitions()).isEqualTo(3);
    assertThat(job.detail()).containsEntry("numPartitions", 3).containsEntry("outputColumns", 1);
    run("numPartitions: 4, partitionBy: [value]", SqlJob.options());
    assertThat(spark().table("out_rows").javaRDD().getNumPartitions()).isEqualTo(4);
  }

  @Test
  void aColumnToDealOutByThatIsNotThereFailsTheStage() {
    assertThatThrownBy(() -> run("partitionBy: [nobody]", SqlJob.options()))
        .hasMessageContaining("nobody");
  }

  @Test
  void keptRowsAreKeptAtTheRunsLevelAndCounted() throws Exception {
    SqlJob job = run("persist: true", options(false, "disk_only"));
    assertThat(spark().table("out_rows").storageLevel()).isEqualTo(StorageLevel.DISK_ONLY());
    assertThat(job.detail()).containsEntry("records", 10L);
  }

  @Test
  void aSecondViewOfTheSameNameIsRefusedWhereViewsAreImmutable() throws Exception {
    run("", SqlJob.options());
    spark().catalog().dropTempView("in_rows");
    assertThatThrownBy(() -> run("", options(true, "DISK_ONLY")))
        .isInstanceOf(StageException.class)
        .hasMessageContaining("The view \"out_rows\" cannot be made")
        .hasMessageContaining("already exists");
  }
}
