package io.sqletl.engine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The launcher in a process of its own, on a copy of the repository in a folder with a blank in its
 * name, as a user has it after a clone.
 */
class LauncherIT {

  private static final Path REPOSITORY =
      Path.of(System.getProperty("user.dir")).getParent().getParent();
  private static final String SCD2 = "example/notebook/scd2-job.ipynb";
  private static final String TAXI = "example/notebook/nyctaxi-job.ipynb";

  @TempDir private static Path folder;

  @TempDir private Path work;

  private static Path clone;
  private static Outcome firstUse;

  /** How a process ended, and what it said. */
  private record Outcome(int status, String out, String err) {}

  @BeforeAll
  static void cloneAndUseOnce() throws Exception {
    clone = folder.resolve("a clone");
    for (String part :
        List.of(
            "pom.xml",
            "mvnw",
            "etl",
            ".mvn",
            "src/engine/pom.xml",
            "src/engine/src/main",
            "deployment/app_code",
            "example")) {
      copy(REPOSITORY.resolve(part), clone.resolve(part));
    }
    keepModulesThatWereCopied();
    firstUse = etl(clone, "run", "--log", "text", SCD2);
  }

  @Test
  void theFirstUseBuildsAndSaysSoAndRunsTheJob() {
    assertThat(firstUse.status()).as(firstUse.err()).isZero();
    assertThat(firstUse.err())
        .contains("Building the engine.")
        .containsPattern("Built in \\d+ s\\.");
    assertThat(firstUse.out())
        .containsPattern("(?m)^Done\\. stages=\\d+ failed=0 skipped=0 rejected=0 in [\\d.]+ s");
    assertThat(clone.resolve(".lake/datalake/app_code/output")).isNotEmptyDirectory();
  }

  @Test
  void theSecondUseBuildsNothingAndGivesTheSame() throws Exception {
    Outcome again = etl(clone, "run", "--log", "text", SCD2);

    assertThat(again.status()).as(again.err()).isZero();
    assertThat(again.err()).doesNotContain("Building");
  }

  @Test
  void theTaxiJobNamesTheFirstRejectedValues() throws Exception {
    Outcome taxi =
        etl(work, "run", "--log", "text", "--lake", "lake", clone.resolve(TAXI).toString());

    assertThat(taxi.status()).as(taxi.err()).isZero();
    assertThat(taxi.out())
        .contains(
            "yellow_trips.csv:4711: trip_distance '3,4x' is no decimal(9, 2)"
                + " -> stage \"type trips\" (cell 3)")
        .containsPattern("(?m)^Done\\. .* rejected=14 in ");
  }

  /** Driver and executors in processes of their own, so that nothing works only in one. */
  @ParameterizedTest
  @ValueSource(strings = {SCD2, TAXI})
  void theJobsRunOnExecutorsInOtherProcesses(String job) throws Exception {
    Path state = clone.resolve(".etl");
    ProcessBuilder builder =
        command(
            work,
            "run",
            "--log",
            "text",
            "--lake",
            "lake",
            "--master",
            "local-cluster[2,1,1024]",
            "--spark-conf",
            "spark.executor.extraClassPath="
                + state.resolve("engine.jar")
                + ":"
                + Files.readString(state.resolve("classpath")).strip(),
            clone.resolve(job).toString());
    // Spark's own tests start executors without an installation of Spark this way
    builder.environment().put("SPARK_HOME", work.toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    builder.environment().put("SPARK_TESTING", "1");

    Outcome outcome = outcome(builder.start(), work);

    assertThat(outcome.status()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .containsPattern(
            job.equals(TAXI) ? "(?m)^Done\\. .* rejected=14 in " : "(?m)^Done\\. stages=15 ");
  }

  /** As under cron. */
  @Test
  void filesOfAnyNameAreFoundWithoutALocale() throws Exception {
    Files.writeString(work.resolve("données.csv"), "a\n1\n");
    Path job = work.resolve("job.conf");
    Files.writeString(
        job,
        """
        stages = [{type: DelimitedExtract, name: e, environments: [test], header: true,
          inputURI: "%s/*.csv", outputView: v}]
        """
            .formatted(work));
    ProcessBuilder builder = command(work, "run", job.toString());
    builder.environment().keySet().removeIf(name -> name.matches("LANG|LC_.*"));

    Outcome run = outcome(builder.start(), work);

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).contains("\"inputFiles\":1,", "\"locale\":\"en_US\"");
  }

  /** The machine's zone decides nothing. */
  @Test
  void timesWithoutAZoneAreUtc() throws Exception {
    Path job = work.resolve("zone.conf");
    Files.writeString(
        job,
        """
        stages = [{type: SQLValidate, name: c, environments: [test], sql: \"\"\"
          SELECT cast('2024-07-01 23:00:00' AS timestamp) = timestamp'2024-07-01T23:00:00Z' AND
            current_timezone() = 'UTC', current_timezone()\"\"\"}]
        """);
    ProcessBuilder builder = command(work, "run", job.toString());
    builder.environment().put("TZ", "Asia/Tokyo");

    Outcome run = outcome(builder.start(), work);

    assertThat(run.status()).as(run.out() + run.err()).isZero();
  }

  @Test
  void withoutATerminalTheLogIsJson() throws Exception {
    Outcome run = etl(work, "run", "--etl.config.uri=" + clone.resolve("none.conf"));

    assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
    assertThat(run.out()).startsWith("{\"event\":\"exit\",\"status\":\"failure\"");
  }

  @Test
  void filesThatAreOnlyNewerAreNotBuiltAgainAndChangedOnesAre() throws Exception {
    Path source = clone.resolve("src/engine/src/main/java/io/sqletl/engine/run/package-info.java");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
    assertThat(etl(work, "--version").err()).isEmpty();

    Files.writeString(source, "// changed\n", StandardOpenOption.APPEND);
    assertThat(etl(work, "--version").err())
        .contains("Building the engine again, since its sources changed.");
    assertThat(etl(work, "--version").err()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 7, 10})
  void aKilledRunLeavesALakeInWhichTheSameCommandSucceeds(int seconds) throws Exception {
    Process killed = start(work, "run", "--lake", "lake", clone.resolve(SCD2).toString());
    killed.waitFor(seconds, TimeUnit.SECONDS);
    killed.destroyForcibly().waitFor();

    Outcome again =
        etl(work, "run", "--log", "text", "--lake", "lake", clone.resolve(SCD2).toString());

    assertThat(again.status()).as(again.err()).isZero();
  }

  @Test
  void anInterruptedRunEndsWith130() throws Exception {
    Path job =
        NotebookFile.write(
            work.resolve("long.ipynb"),
            "%sql name=long environments=test outputView=v persist=true\n"
                + "SELECT sum(sha2(cast(id AS string), 512) LIKE 'a%') FROM range(100000000000)"
                    .replace("sum(", "count_if("));
    Process process = interruptible(command(work, "run", "--log", "text", job.toString())).start();
    try {
      awaitWork(process);
      new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor();

      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).isEqualTo(ExitStatus.INTERRUPTED);
    assertThat(Files.readString(work.resolve("err"))).contains("Interrupted.");
  }

  /** A build in the background ignores the signal, and so would all that it starts. */
  private static ProcessBuilder interruptible(ProcessBuilder builder) {
    if (System.getProperty("os.name").equals("Linux")) {
      builder.command().addAll(0, List.of("env", "--default-signal=INT"));
    }
    return builder;
  }

  @Test
  void aJavaThatIsTooOldIsRefusedInOneLine() throws Exception {
    Path java = work.resolve("jdk/bin/java");
    Files.createDirectories(java.getParent());
    Files.writeString(java, "#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();

    Outcome outcome = etlWithJavaHome(work.resolve("jdk"), "--version");

    assertThat(outcome.status()).isEqualTo(ExitStatus.WRONG);
    assertThat(outcome.err())
        .hasLineCount(1)
        .startsWith("Java 11.0.2 in ")
        .contains("install a JDK 17 or newer");
  }

  @Test
  void aJavaHomeWithoutJavaIsRefusedInOneLine() throws Exception {
    Outcome outcome = etlWithJavaHome(work, "--version");

    assertThat(outcome.status()).isEqualTo(ExitStatus.WRONG);
    assertThat(outcome.err()).hasLineCount(1).contains("which has no bin/java");
  }

  /** Waits until Spark runs the query, which the report does not tell before its end. */
  private static void awaitWork(Process process) throws InterruptedException {
    Instant deadline = Instant.now().plus(Duration.ofSeconds(120));
    while (process.isAlive()
        && process.info().totalCpuDuration().orElse(Duration.ZERO).toSeconds() < 12
        && Instant.now().isBefore(deadline)) {
      TimeUnit.MILLISECONDS.sleep(200);
    }
    assertThat(process.isAlive()).isTrue();
  }

  private Outcome etlWithJavaHome(Path home, String... arguments) throws Exception {
    ProcessBuilder builder = command(work, arguments);
    builder.environment().put("JAVA_HOME", home.toString());
    return outcome(builder.start(), work);
  }

  private static Outcome etl(Path in, String... arguments) throws Exception {
    return outcome(start(in, arguments), in);
  }

  private static Process start(Path in, String... arguments) throws IOException {
    return command(in, arguments).start();
  }

  private static ProcessBuilder command(Path in, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(clone.resolve("etl").toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(in.toFile());
    builder.redirectOutput(in.resolve("out").toFile());
    builder.redirectError(in.resolve("err").toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return builder;
  }

  private static Outcome outcome(Process process, Path in) throws Exception {
    if (!process.waitFor(10, TimeUnit.MINUTES)) {
      process.destroyForcibly();
    }
    return new Outcome(
        process.exitValue(),
        Files.readString(in.resolve("out")),
        Files.readString(in.resolve("err")));
  }

  private static void keepModulesThatWereCopied() throws IOException {
    Path pom = clone.resolve("pom.xml");
    Files.writeString(
        pom, Files.readString(pom).replaceAll("<module>(?!src/engine<)[^<]*</module>", ""));
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(to.resolve(from.relativize(path).toString()));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes)
              throws IOException {
            Path target = path.equals(from) ? to : to.resolve(from.relativize(path).toString());
            Files.copy(path, target, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
