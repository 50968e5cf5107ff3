package io.sqletl.engine.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventLogTest {

  private static final String FOLDER = "s3a://datalake/app_code/logs/spark-events";

  @TempDir private Path folder;

  @Test
  void theFolderIsMadeInABucketThatHasNone() throws IOException {
    try (Lake lake = Lake.at(folder)) {
      EventLog.createFolder(FOLDER, settings(lake));

      assertThat(folder.resolve("datalake/app_code/logs/spark-events")).isDirectory();
    }
  }

  @Test
  void aBucketThatThisRunMayNotWriteIsTold() {
    try (Lake lake = Lake.at(folder)) {
      Map<String, String> settings = settings(lake);
      settings.put("spark.hadoop.fs.s3a.secret.key", "wrong");

      assertThatThrownBy(() -> EventLog.createFolder(FOLDER, settings))
          .isInstanceOf(IOException.class);
    }
  }

  private static Map<String, String> settings(Lake lake) {
    Map<String, String> settings = new HashMap<>();
    lake.hadoopConfiguration()
        .forEach((name, value) -> settings.put("spark.hadoop." + name, value));
    return settings;
  }
}
