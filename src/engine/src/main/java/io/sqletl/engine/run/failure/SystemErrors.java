package io.sqletl.engine.run.failure;

import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What goes wrong below Spark: memory, disks and storage. */
final class SystemErrors {

  private static final Pattern S3_PLACE = Pattern.compile("s3a?://([^/\\s:]+)[^\\s:]*");

  /** As the lake's server words it. */
  private static final Pattern FULL =
      Pattern.compile("(/[^:\\n]+): (No space left on device|Disk quota exceeded)");

  private SystemErrors() {}

  static Optional<Diagnosis> of(Chain chain) {
    return memory(chain)
        .or(() -> disk(chain))
        .or(() -> bucket(chain))
        .or(() -> access(chain))
        .or(() -> host(chain));
  }

  private static Optional<Diagnosis> memory(Chain chain) {
    Optional<Throwable> error = chain.innermost(OutOfMemoryError.class::isInstance);
    if (error.isEmpty() && !chain.says("java.lang.OutOfMemoryError")) {
      return chain.outermost(StackOverflowError.class::isInstance).isPresent()
          ? Optional.of(
              Diagnosis.of(
                  "A query is nested too deeply (stack overflow)",
                  "split it into several stages with \"persist\": true, or set"
                      + " ETL_JAVA_OPTS=-Xss16m"))
          : Optional.empty();
    }
    String what = error.map(Throwable::getMessage).orElse("Java heap space");
    return Optional.of(
        Diagnosis.of(
            String.format(
                Locale.ROOT,
                "Out of memory (%s): this process may use %.1f GB",
                what,
                Runtime.getRuntime().maxMemory() / 1e9),
            "give it more with ETL_JAVA_OPTS=-Xmx8g (on a cluster with --spark-conf"
                + " spark.executor.memory=8g), or let each task have less with"
                + " \"numPartitions\""));
  }

  private static Optional<Diagnosis> disk(Chain chain) {
    Optional<Diagnosis> place =
        place(chain, FULL)
            .map(
                found ->
                    Diagnosis.of(
                        found.group(2).startsWith("Disk quota")
                            ? "The disk quota is used up, at " + found.group(1)
                            : "The disk is full, at " + found.group(1),
                        "make room there, or let the job write elsewhere"));
    if (place.isPresent()) {
      return place;
    }
    if (chain.says("No space left on device") || chain.says("Disk quota exceeded")) {
      return Optional.of(
          Diagnosis.of(
              "A disk is full (no space left on device)",
              "make room where the job writes and where Spark keeps its temporary files, "
                  + System.getProperty("java.io.tmpdir")
                  + " unless --spark-conf spark.local.dir=DIR says otherwise"));
    }
    return chain.says("Too many open files")
        ? Optional.of(
            Diagnosis.of(
                "Too many files are open at once", "raise the limit with `ulimit -n 65536`"))
        : Optional.empty();
  }

  private static Optional<Diagnosis> bucket(Chain chain) {
    boolean unknown =
        chain
                .outermost(
                    error -> error.getClass().getSimpleName().equals("UnknownStoreException"))
                .isPresent()
            || chain.says("NoSuchBucket");
    return unknown
        ? Optional.of(
            Diagnosis.of(
                "There is no bucket"
                    + place(chain, S3_PLACE).map(place -> " \"" + place.group(1) + "\"").orElse(""),
                "correct its name, or make it"))
        : Optional.empty();
  }

  private static Optional<Diagnosis> access(Chain chain) {
    if (chain
        .outermost(error -> error.getClass().getSimpleName().equals("NoAuthWithAWSException"))
        .isPresent()) {
      return Optional.of(
          Diagnosis.of(
              "There are no AWS credentials",
              "log in, or set AWS_PROFILE; `aws sts get-caller-identity` says who you are"));
    }
    Optional<Throwable> denied =
        chain.innermost(
            error ->
                error instanceof AccessDeniedException
                    || error.getClass().getSimpleName().equals("AccessControlException"));
    if (denied.isEmpty()) {
      return Optional.empty();
    }
    Optional<Matcher> s3 = place(chain, S3_PLACE);
    return Optional.of(
        s3.isPresent()
            ? Diagnosis.of(
                "Access to " + s3.get().group() + " is denied",
                "let the user or role of this run read, or write, there; `aws sts"
                    + " get-caller-identity` says who it is. In the lake's folder, the file must"
                    + " be one that you may read, or write, and no link that leaves the lake")
            : Diagnosis.of(
                "Access is denied: " + SparkText.of(denied.get()),
                "give the user of this run the right to read, or write, there"));
  }

  private static Optional<Diagnosis> host(Chain chain) {
    return chain
        .innermost(UnknownHostException.class::isInstance)
        .map(
            error ->
                Diagnosis.of(
                    "There is no host " + SparkText.of(error),
                    "correct the address, or see to the network"));
  }

  private static Optional<Matcher> place(Chain chain, Pattern pattern) {
    return chain.outermostFirst().stream()
        .filter(error -> error.getMessage() != null)
        .map(error -> pattern.matcher(error.getMessage()))
        .filter(Matcher::find)
        .findFirst();
  }
}
