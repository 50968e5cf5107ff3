package io.sqletl.engine.stage.load;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * Lets a number of changes of an S3 store pass and no more: what a process that was killed there
 * would have left.
 */
public final class HaltingS3 implements ExecutionInterceptor {

  /** Settings of Hadoop's with which the requests of S3A go through here. */
  static final Map<String, String> SETTINGS =
      Map.of(
          "fs.s3a.audit.enabled", "true",
          "fs.s3a.audit.execution.interceptors", HaltingS3.class.getName(),
          "fs.s3a.retry.limit", "0",
          "fs.s3a.attempts.maximum", "1");

  private static final Set<String> CHANGES = Set.of("PUT", "POST", "DELETE");
  private static final AtomicLong LEFT = new AtomicLong(Long.MAX_VALUE);

  static void haltAfter(long changes) {
    LEFT.set(changes);
  }

  @Override
  public void beforeTransmission(Context.BeforeTransmission request, ExecutionAttributes about) {
    if (CHANGES.contains(request.httpRequest().method().name()) && LEFT.getAndDecrement() <= 0) {
      throw AbortedException.create("The process is dead");
    }
  }
}
