package io.sqletl.engine.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
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
    subcommands = {RunCommand.class, CheckCommand.class, StagesCommand.class, KernelCommand.class},
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
    return run(out, err, arguments);
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
