package io.sqletl.engine.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.sqletl.engine.stage.SqlJob;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Encoders;
import org.junit.jupiter.api.Test;

class SparkSettingsTest {

  private static String loaders() {
    List<String> names = new ArrayList<>();
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    for (; loader != null; loader = loader.getParent()) {
      names.add(loader.getClass().getName());
    }
    return String.join(" ", names);
  }

  /** The loader that asks the driver costs some 0.4 CPU-s of a short run. */
  @Test
  void tasksDoNotAskTheDriverForClasses() {
    List<String> loaders =
        SqlJob.spark()
            .range(1)
            .map((MapFunction<Long, String>) row -> loaders(), Encoders.STRING())
            .collectAsList();
    assertThat(loaders)
        .singleElement()
        .asString()
        .contains("MutableURLClassLoader")
        .doesNotContain("ExecutorClassLoader");
  }
}
