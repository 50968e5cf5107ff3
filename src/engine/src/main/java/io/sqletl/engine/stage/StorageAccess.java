package io.sqletl.engine.stage;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.session.Authentication;
import java.util.Map;

/** The key of a stage that reaches a storage of its own. */
public record StorageAccess(
    @Key(
            value =
                "How the storage is reached: \"method\", such as AmazonAccessKey or AmazonIAM, and"
                    + " what that method needs; as the session is set up when left out.",
            role = Key.Role.SECRET)
        Map<String, String> authentication) {

  /** Reports what is wrong with the key. */
  public void check(StagePlanning planning) {
    try {
      Authentication.of(authentication);
    } catch (IllegalArgumentException e) {
      planning.invalid("authentication", e.getMessage(), null);
    }
  }

  /**
   * Sets up the session to reach this place, for this stage and those that read its views later,
   * and tells the method. The bucket of another stage is not touched.
   */
  public void apply(String uri, StageContext context) {
    Authentication method = Authentication.of(authentication);
    if (!method.isNone()) {
      method.applyTo(uri, context.spark().sparkContext().hadoopConfiguration());
      context.detail("authentication", method.methodName());
    }
  }
}
