package io.sqletl.engine.stage;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.session.UriScheme;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.regex.PatternSyntaxException;
import org.apache.hadoop.fs.GlobPattern;

/** Checks addresses of data as far as that goes without looking at the storage. */
public final class DataUri {

  private DataUri() {}

  /** Checks where data is written: a directory's address. */
  public static void checkTarget(StagePlanning planning, String key, String uri) {
    if (isBlank(planning, key, uri) || isRefused(planning, key, uri)) {
      return;
    }
    try {
      new URI(uri);
    } catch (URISyntaxException e) {
      planning.invalid(key, "\"" + uri + "\" is no URI: " + e.getReason(), null);
    }
  }

  /** Refuses a whole bucket or file system as the folder of one data set. */
  public static void refuseRoot(StagePlanning planning, String key, String uri) {
    if (!uri.isBlank() && UriScheme.refusal(uri).isEmpty() && DataLocation.of(uri).isRoot()) {
      planning.invalid(
          key,
          "\"" + uri + "\" is the root of a storage, with all that is in it",
          "name a folder of it");
    }
  }

  /** Checks where data is read: a file, a directory or a pattern of such. */
  public static void checkGlob(StagePlanning planning, String key, String glob) {
    if (isBlank(planning, key, glob) || isRefused(planning, key, glob)) {
      return;
    }
    try {
      GlobPattern.compile(glob);
    } catch (PatternSyntaxException e) {
      planning.invalid(key, "\"" + glob + "\" is no pattern: " + e.getDescription(), null);
    }
  }

  private static boolean isBlank(StagePlanning planning, String key, String uri) {
    if (uri.isBlank()) {
      planning.invalid(key, "\"" + key + "\" is empty", "give a path or a URI");
      return true;
    }
    return false;
  }

  private static boolean isRefused(StagePlanning planning, String key, String uri) {
    Optional<UriScheme.Refused> refused = UriScheme.refusal(uri);
    refused.ifPresent(
        refusal ->
            planning
                .problems()
                .accept(
                    new Problem(
                        ErrorCode.UNSUPPORTED,
                        planning.block().valuePosition(key),
                        refusal.message(),
                        refusal.remedy())));
    return refused.isPresent();
  }
}
