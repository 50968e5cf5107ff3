package io.sqletl.engine.cli;

import io.sqletl.engine.job.JobException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The part of a command line that says for whom jobs are, and on which data. */
class JobArguments {

  /** The environment of a run that names none. */
  private static final String DEFAULT_ENVIRONMENT = "test";

  private static final Path DEFAULT_LAKE = Path.of(".lake");

  @Option(
      names = {"-e", "--environment"},
      paramLabel = "NAME",
      description = "Runs the stages of this environment (default: test).")
  private String environment;

  @Option(names = "--all-environments", description = "Runs every stage, whatever it names.")
  private boolean allEnvironments;

  @Option(
      names = "--lake",
      paramLabel = "DIR",
      description = "The folder whose subfolders are the buckets of s3a: (default: .lake).")
  private Path lake;

  @Option(
      names = "--s3",
      description =
          "Reads and writes s3a: on S3 itself, with the usual AWS credentials; so does --master k8s"
              + " without --lake.")
  private boolean s3;

  @Option(
      names = "--secret-file",
      paramLabel = "FILE",
      description =
          "Takes variables of the job from the NAME=VALUE lines of a file that only you can read;"
              + " their values are masked wherever they would be shown.")
  private Path secretFile;

  /**
   * The arguments of the command line with the secrets of the file.
   *
   * @throws JobException if the file is wrong
   */
  ArcArguments withSecrets(ArcArguments arc) {
    return secretFile == null ? arc : arc.withSecrets(SecretFile.read(secretFile));
  }

  String environment(ArcArguments arc) {
    return Optional.ofNullable(environment).or(arc::environmentName).orElse(DEFAULT_ENVIRONMENT);
  }

  /** Whether the command line says which environment is meant. */
  boolean namesEnvironment(ArcArguments arc) {
    return environment != null || arc.environmentName().isPresent();
  }

  boolean allEnvironments() {
    return allEnvironments;
  }

  /** Whether a folder for the buckets was named. */
  boolean namesLake() {
    return lake != null;
  }

  /**
   * The folder that stands in for S3; empty where S3 itself is used.
   *
   * @param session where executors run: those of a cluster do not reach this machine's folders,
   *     unless the user says that they do
   */
  Optional<Path> lakeFolder(SessionArguments session) {
    if (s3 || session.isOnKubernetes() && lake == null) {
      return Optional.empty();
    }
    return Optional.of(lake == null ? DEFAULT_LAKE : lake);
  }
}
