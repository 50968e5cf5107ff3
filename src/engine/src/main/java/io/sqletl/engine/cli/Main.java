package io.sqletl.engine.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code etl}. */
@Command(
    name = "etl",
    description = "Runs declarative SQL ETL jobs on Apache Spark.",
    subcommands = {
      RunCommand.class,
      CheckCommand.class,
      StagesCommand.class,
      KernelCommand.class,
      WorkflowCommand.class
    },
    versionProvider = Versions.class,
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExit status:%n",
    footer = {
      "  0    done",
      "  1    a stage or a validation failed",
      "  2    the job or the command line is wrong, and nothing ran",
      "  130  interrupted"
    })
public final class Main implements Runnable {

  /** The variable with further arguments. */
  private static final String MORE_ARGUMENTS = "ETL_ARGUMENTS";

  private static final Set<String> JOB_COMMANDS = Set.of("run", "check");

  @Spec private CommandSpec spec;

  private final ArcArguments arcArguments;

  private Main(ArcArguments arcArguments) {
    this.arcArguments = arcArguments;
  }

  /** The pairs of Arc's form, which no command declares. */
  ArcArguments arcArguments() {
    return arcArguments;
  }

  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  static int run(String... arguments) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    try {
      return run(out, err, withMore(arguments, System.getenv()));
    } catch (IllegalArgumentException e) {
      err.println(MORE_ARGUMENTS + " cannot be read: " + e.getMessage());
      err.println(
          "Write --NAME=VALUE or --NAME='VALUE OF SEVERAL WORDS', as in a shell; the time of a"
              + " workflow is in ETL_CONF_EPOCH and ETL_CONF_CURRENT_TIMESTAMP.");
      return ExitStatus.WRONG;
    }
  }

  /**
   * The arguments of a command line with those of the variable ETL_ARGUMENTS after them, in which
   * the templates of workflows hand on what a workflow's author wrote. Only commands that take a
   * job have them.
   *
   * @throws IllegalArgumentException if they cannot be told apart
   */
  static String[] withMore(String[] arguments, Map<String, String> environment) {
    String more = environment.getOrDefault(MORE_ARGUMENTS, "");
    if (arguments.length == 0 || !JOB_COMMANDS.contains(arguments[0])) {
      return arguments;
    }
    return Stream.concat(Arrays.stream(arguments), ShellWords.split(more).stream())
        .toArray(String[]::new);
  }

  static int run(PrintWriter out, PrintWriter err, String... arguments) {
    List<String> pairs = Arrays.stream(arguments).filter(ArcArguments::isPair).toList();
    String[] others =
        Arrays.stream(arguments).filter(token -> !pairs.contains(token)).toArray(String[]::new);
    CommandLine command = new CommandLine(new Main(ArcArguments.parse(pairs, System.getenv())));
    command.setCaseInsensitiveEnumValuesAllowed(true);
    command.setOut(out);
    command.setErr(err);
    command.setParameterExceptionHandler(Main::wrongCommandLine);
    command.setExecutionExceptionHandler(Main::unexpected);
    return command.execute(others);
  }

  /** In few lines: the whole usage would push the error out of sight. */
  private static int wrongCommandLine(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    command.getErr().println(e.getMessage());
    UnmatchedArgumentException.printSuggestions(e, command.getErr());
    command
        .getErr()
        .println("`" + command.getCommandSpec().qualifiedName() + " --help` has the options.");
    return ExitStatus.WRONG;
  }

  /** What is neither the job's fault nor a stage's; the trace is what a report of it needs. */
  private static int unexpected(
      Exception e, CommandLine command, CommandLine.ParseResult parseResult) {
    StringWriter trace = new StringWriter();
    e.printStackTrace(new PrintWriter(trace));
    command.getErr().println("This is an error of the engine, not of the job: " + e.getMessage());
    command.getErr().println(trace);
    return ExitStatus.FAILED;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Which command? For example: etl run JOB");
  }
}
