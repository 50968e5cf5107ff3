package io.sqletl.engine.stage.load;

import static io.sqletl.engine.stage.SqlJob.spark;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Runs what a test class asks of Spark as one task and as it is planned, which is enough for small
 * frames; as before when the class ends. For {@link ExtendWith}.
 */
public final class OneTask implements BeforeAllCallback, AfterAllCallback {

  private static final String PARTITIONS = "spark.sql.shuffle.partitions";
  private static final String ADAPTIVE = "spark.sql.adaptive.enabled";

  @Override
  public void beforeAll(ExtensionContext context) {
    spark().conf().set(PARTITIONS, "1");
    spark().conf().set(ADAPTIVE, "false");
  }

  @Override
  public void afterAll(ExtensionContext context) {
    spark().conf().set(PARTITIONS, "2");
    spark().conf().unset(ADAPTIVE);
  }
}
