package io.sqletl.engine.cli;

import io.sqletl.engine.job.KeySpec;
import io.sqletl.engine.job.NearestName;
import io.sqletl.engine.job.Refusal;
import io.sqletl.engine.stage.Refusals;
import io.sqletl.engine.stage.StageHeader;
import io.sqletl.engine.stage.StageType;
import io.sqletl.engine.stage.StageTypes;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code etl stages}: the reference, from the same declarations that jobs are read by. */
@Command(
    name = "stages",
    description = "Lists the stages, or the keys of one.",
    mixinStandardHelpOptions = true)
final class StagesCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(arity = "0..1", paramLabel = "TYPE", description = "A stage, for its keys.")
  private String type;

  @Option(names = "--markdown", description = "Prints the whole reference as Markdown.")
  private boolean markdown;

  @Option(
      names = "--json-schema",
      description = "Prints a JSON Schema of jobs, for editors such as VS Code.")
  private boolean jsonSchema;

  @Override
  public Integer call() {
    StageTypes types = StageTypes.load();
    Refusals refusals = Refusals.load();
    PrintWriter out = spec.commandLine().getOut();
    if (markdown) {
      out.print(StageReference.markdown(types, refusals));
      out.flush();
      return ExitStatus.DONE;
    }
    if (jsonSchema) {
      out.print(JobSchema.json(types));
      out.flush();
      return ExitStatus.DONE;
    }
    if (type == null) {
      int width = types.names().stream().mapToInt(String::length).max().orElse(0);
      for (StageType<?> stage : types.all()) {
        out.printf("%-" + width + "s  %s%n", stage.name(), stage.description());
      }
      out.printf(
          "%nRefused, and `etl stages TYPE` says why: %s%n",
          String.join(", ", refusals.types().keySet()));
      return ExitStatus.DONE;
    }
    Optional<Refusal> refused = refusals.type(type);
    if (refused.isPresent()) {
      out.printf(
          "%s is refused because %s; %s.%n", type, refused.get().reason(), refused.get().instead());
      return ExitStatus.DONE;
    }
    Optional<StageType<?>> stage = types.find(type);
    if (stage.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "No stage is called \""
              + type
              + "\""
              + NearestName.question(type, types.names()).map(text -> "; " + text).orElse(""));
    }
    out.println(stage.get().name() + ": " + stage.get().description());
    print(out, KeySpec.of(stage.get().configuration()));
    refusals
        .keys(stage.get().name())
        .forEach(
            (key, refusal) ->
                out.printf(
                    "  %s is refused because %s; %s.%n", key, refusal.reason(), refusal.instead()));
    out.println("Every stage has");
    print(out, KeySpec.of(StageHeader.class));
    return ExitStatus.DONE;
  }

  private static void print(PrintWriter out, List<KeySpec> keys) {
    int width = keys.stream().mapToInt(key -> key.name().length()).max().orElse(0);
    for (KeySpec key : keys) {
      out.printf("  %-" + width + "s  %s%n", key.name(), key.declaration().value());
      out.printf("  %-" + width + "s    %s%n", "", key.facts());
    }
  }
}
