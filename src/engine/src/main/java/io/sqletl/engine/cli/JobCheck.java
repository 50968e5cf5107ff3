package io.sqletl.engine.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import io.sqletl.engine.cli.CheckedFile.Verdict;
import io.sqletl.engine.job.Block;
import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.JobException;
import io.sqletl.engine.job.JobOptions;
import io.sqletl.engine.job.JobReader;
import io.sqletl.engine.job.JobSource;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.job.SourceText;
import io.sqletl.engine.job.Variables;
import io.sqletl.engine.run.JobPlanner;
import io.sqletl.engine.run.PlannedJob;
import io.sqletl.engine.session.Authentication;
import io.sqletl.engine.session.NotUtf8Exception;
import io.sqletl.engine.session.UriScheme;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageTypes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks jobs as a run does before Spark starts, and touches nothing on disk. */
final class JobCheck {

  /** What variables and files that are not here may be blamed for. */
  private static final Set<ErrorCode> BY_VALUE =
      EnumSet.of(
          ErrorCode.WRONG_TYPE,
          ErrorCode.INVALID_VALUE,
          ErrorCode.FILE_NOT_FOUND,
          ErrorCode.SQL_SYNTAX,
          ErrorCode.UNKNOWN_STAGE);

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{\\??([^}]*)}");

  private final Workspace workspace;
  private final ArcArguments arc;
  private final JobOptions options;
  private final StageTypes types;
  private final JobPlanner.TableNames tables;
  private final Missing missing;

  /** What becomes of variables that nobody sets and files that are not here. */
  enum Missing {
    /** They are errors, as in a run. */
    REFUSED,
    /** A run will be given them; what depends on their values is not checked. */
    ASSUMED
  }

  JobCheck(
      Workspace workspace,
      ArcArguments arc,
      JobOptions options,
      StageTypes types,
      JobPlanner.TableNames tables,
      Missing missing) {
    this.workspace = workspace;
    this.arc = arc;
    this.options = options;
    this.types = types;
    this.tables = tables;
    this.missing = missing;
  }

  /** Whatever a file does to those who read it, the other files have their answer. */
  CheckedFile check(JobSearch.Candidate candidate) {
    if (candidate.problem() != null) {
      return fails(candidate.path(), Problem.of(ErrorCode.JOB_NOT_FOUND, candidate.problem()));
    }
    try {
      return checked(candidate);
    } catch (RuntimeException | StackOverflowError e) {
      String message = e.getMessage() == null ? "" : e.getMessage();
      return fails(
          candidate.path(),
          Problem.of(
                  ErrorCode.ENGINE,
                  SourceText.ofFile(candidate.path(), "").at(1),
                  "This file cannot be checked: "
                      + message.lines().findFirst().orElse(e.getClass().getSimpleName()))
              .withRemedy("report it with the file: this is an error of the engine"));
    }
  }

  private CheckedFile checked(JobSearch.Candidate candidate) {
    String path = candidate.path();
    boolean isNotebook = path.endsWith(".ipynb");
    JobSource source;
    try {
      String text = workspace.storage().readText(path, arc.jobFileAccess().authentication(path));
      if (!candidate.named() && !isNotebook && !FolderFiles.mayBeJob(path, text)) {
        return CheckedFile.noJob(path, "it has no stages");
      }
      source =
          JobReader.read(
              path,
              text,
              (job, name) ->
                  workspace
                      .storage()
                      .readBeside(job, name, arc.jobFileAccess().authentication(job)));
    } catch (NotUtf8Exception e) {
      return candidate.named() || isNotebook || FolderFiles.mayBeJob(path, e.guess())
          ? fails(path, Problem.of(ErrorCode.JOB_NOT_FOUND, e.getMessage()))
          : CheckedFile.noJob(path, "it is no text");
    } catch (IOException e) {
      return fails(path, Problem.of(ErrorCode.JOB_NOT_FOUND, e.getMessage()));
    } catch (IllegalArgumentException e) {
      return fails(path, Problem.of(ErrorCode.USAGE, String.valueOf(e.getMessage())));
    } catch (JobException e) {
      return unread(candidate, e.problems());
    }
    return check(path, source);
  }

  private static CheckedFile fails(String path, Problem problem) {
    return CheckedFile.fails(path, List.of(), List.of(problem), List.of());
  }

  /** A folder may hold notebooks of other kernels. */
  private static CheckedFile unread(JobSearch.Candidate candidate, List<Problem> problems) {
    if (!candidate.named() && problems.get(0).code() == ErrorCode.NOT_A_NOTEBOOK) {
      return CheckedFile.noJob(candidate.path(), problems.get(0).message());
    }
    return CheckedFile.fails(candidate.path(), List.of(), problems, List.of());
  }

  private CheckedFile check(String path, JobSource source) {
    List<String> used = source.blocks().stream().map(JobCheck::typeOf).toList();
    Variables variables =
        Variables.of(arc.values(), source, arc.environment(), workspace.defaultVariables());
    try {
      return right(path, used, plan(source, variables));
    } catch (JobException e) {
      return missing == Missing.REFUSED
          ? CheckedFile.fails(path, used, e.problems(), source.warnings())
          : assuming(path, source, variables, used, e.problems());
    }
  }

  private PlannedJob plan(JobSource source, Variables variables) {
    return JobPlanner.plan(source, variables, options, texts(source.uri()), types, tables);
  }

  private static CheckedFile right(String path, List<String> used, PlannedJob planned) {
    return CheckedFile.runs(path, used, planned.stages().size(), planned.warnings());
  }

  /**
   * Checks once more with a text for each variable that nobody sets, and sets apart what a run will
   * be given, and what cannot be told without it.
   */
  private CheckedFile assuming(
      String path,
      JobSource source,
      Variables variables,
      List<String> used,
      List<Problem> problems) {
    Set<String> names = new TreeSet<>();
    Set<Block> unsure = new HashSet<>();
    Config texts = ConfigFactory.empty();
    for (Problem problem : problems) {
      if (problem.code() == ErrorCode.UNRESOLVED_VARIABLE) {
        String name = nameIn(problem);
        names.add(name);
        texts = texts.withFallback(text(name));
        source.blockAt(problem.position()).ifPresent(unsure::add);
      }
    }
    List<Problem> remaining = problems;
    List<Problem> warnings = source.warnings();
    if (!names.isEmpty()) {
      try {
        warnings = plan(source, variables.withOverride(texts)).warnings();
        remaining = List.of();
      } catch (JobException e) {
        remaining = e.problems();
      }
    }
    Set<String> files = new TreeSet<>();
    List<Problem> certain = new ArrayList<>();
    for (Problem problem : remaining) {
      boolean mayBeTheValue =
          BY_VALUE.contains(problem.code())
              && source.blockAt(problem.position()).filter(unsure::contains).isPresent();
      if (problem.code() == ErrorCode.FILE_NOT_FOUND && !mayBeTheValue) {
        files.add(problem.message());
      } else if (!mayBeTheValue) {
        certain.add(problem);
      }
    }
    return new CheckedFile(
        path,
        certain.isEmpty() ? Verdict.NEEDS : Verdict.FAILS,
        used,
        0,
        certain,
        warnings,
        names,
        files,
        null);
  }

  /** The name that a message has, for its place may be that of the whole stage. */
  private static String nameIn(Problem problem) {
    Matcher name = VARIABLE.matcher(problem.message());
    return name.find() ? name.group(1) : problem.message();
  }

  /** A variable with its own name for a text, whether or not it can be a path of keys. */
  private static Config text(String name) {
    ConfigValue value = ConfigValueFactory.fromAnyRef(name);
    try {
      return value.atPath(name);
    } catch (ConfigException e) {
      return value.atKey(name);
    }
  }

  private static String typeOf(Block block) {
    ConfigValue type = block.object().get("type");
    try {
      return type == null ? "(none)" : String.valueOf(type.unwrapped());
    } catch (ConfigException e) {
      return "(a variable)";
    }
  }

  /**
   * What the repository ships to the bucket is read from the repository, since a check brings
   * nothing there; jobs of other repositories may mean other files by the same address.
   */
  private StagePlanning.TextFiles texts(String job) {
    Path home = Path.of(System.getProperty("sqletl.home", ".")).toAbsolutePath().normalize();
    boolean isOwn =
        UriScheme.of(job).isEmpty() && Path.of(job).toAbsolutePath().normalize().startsWith(home);
    return new StagePlanning.TextFiles() {
      @Override
      public String readBeside(String job, String name) throws IOException {
        return workspace.storage().readBeside(job, name, Authentication.none());
      }

      @Override
      public String read(String uri) throws IOException {
        return read(uri, Authentication.none());
      }

      @Override
      public String read(String uri, Authentication authentication) throws IOException {
        if (missing == Missing.ASSUMED && isElsewhere(uri)) {
          throw new IOException(uri + " is fetched by a run only");
        }
        Optional<Path> shipped =
            workspace.shipped(uri).filter(file -> isOwn && Files.isRegularFile(file));
        boolean inLake =
            workspace.lake().flatMap(lake -> lake.locate(uri)).filter(Files::exists).isPresent();
        return workspace
            .storage()
            .readText(
                shipped.isPresent() && !inLake ? shipped.get().toString() : uri, authentication);
      }

      @Override
      public boolean isMissing(String uri) {
        boolean isShipped =
            workspace.shipped(uri).filter(file -> isOwn && Files.exists(file)).isPresent();
        return !isShipped && workspace.storage().isMissing(uri);
      }
    };
  }

  /** Whether a text is behind a network, for which a check of many files has no time. */
  private boolean isElsewhere(String uri) {
    return switch (UriScheme.of(uri)) {
      case "", "file", "local", "classpath" -> false;
      case "s3a" -> workspace.lake().isEmpty();
      default -> true;
    };
  }
}
