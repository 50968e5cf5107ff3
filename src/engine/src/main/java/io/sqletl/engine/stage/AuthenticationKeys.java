package io.sqletl.engine.stage;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.session.Authentication;
import java.util.Map;

/** The key by which a stage says who it is to the store that it reads or writes. */
public record AuthenticationKeys(
    @Key(
            value =
                "Who the stage is to the store: \"method\" and what that method needs. S3 methods"
                    + " count for the stage's bucket only.",
            role = Key.Role.SECRET)
        Map<String, String> authentication) {

  /** Reports a method that there is not, or that lacks a parameter. */
  public void check(StagePlanning planning) {
    try {
      Authentication.of(authentication);
    } catch (IllegalArgumentException e) {
      planning.invalid("authentication", e.getMessage(), null);
    }
  }

  /** Sets the session to reach a URI as the key says. */
  public void apply(StageContext context, String uri) {
    Authentication.of(authentication)
        .apply(uri, context.spark().sparkContext().hadoopConfiguration()::set);
  }
}
