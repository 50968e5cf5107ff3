package io.sqletl.engine.stage;

import com.typesafe.config.ConfigValue;
import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.session.UriScheme;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.GlobPattern;
import org.apache.hadoop.shaded.com.google.re2j.PatternSyntaxException;

/** Checks addresses of data as far as that goes without looking at the storage. */
public final class DataUri {

  /** What an extract takes for a pattern, so that it would not find what was written there. */
  private static final Pattern PATTERN_SIGN = Pattern.compile("[*?\\[\\]{}]");

  /** In other languages of patterns folders of any depth; in Hadoop's the same as one star. */
  private static final Pattern ANY_DEPTH = Pattern.compile("(^|/)\\*\\*(/|$)");

  private DataUri() {}

  /** Checks the place of a table, which is one folder. */
  public static void checkTable(StagePlanning planning, String key, String uri) {
    if (!isBlank(planning, key, uri)) {
      isRefused(planning, key, uri);
    }
  }

  /** Checks where data is written: a directory's address. */
  public static void checkTarget(StagePlanning planning, String key, String uri) {
    if (isBlank(planning, key, uri) || isRefused(planning, key, uri)) {
      return;
    }
    Matcher sign = PATTERN_SIGN.matcher(uri);
    if (sign.find()) {
      planning.invalid(
          key,
          "\""
              + uri
              + "\" names one place, and \""
              + sign.group()
              + "\" would be read as a pattern",
          "choose a name without * ? [ ] { }");
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
      return;
    }
    if (ANY_DEPTH.matcher(glob).find() && !(glob.endsWith("**") && isRecursive(planning))) {
      planning
          .warnings()
          .accept(
              Problem.of(
                      ErrorCode.FILES_NOT_READ,
                      planning.block().valuePosition(key),
                      "\"**\" stands for one level of folders here, as \"*\" does, so that files at"
                          + " other depths are not read")
                  .withRemedy(
                      "name each depth, such as FOLDER/{*.csv,*/*.csv,*/*/*.csv}; DelimitedExtract"
                          + " has \"recursiveFileLookup\": true for all below a folder"));
    }
  }

  /** Whether all below what a pattern stands for is read anyway. */
  private static boolean isRecursive(StagePlanning planning) {
    ConfigValue said = planning.block().object().get("recursiveFileLookup");
    return said != null && "true".equals(String.valueOf(said.unwrapped()));
  }

  private static boolean isBlank(StagePlanning planning, String key, String uri) {
    if (uri.isBlank()) {
      planning.invalid(key, "\"" + key + "\" is empty", "give a path or a URI");
      return true;
    }
    return false;
  }

  private static boolean isRefused(StagePlanning planning, String key, String uri) {
    Optional<UriScheme.Refused> refused = UriScheme.dataRefusal(uri);
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
