package io.sqletl.engine.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sqletl.engine.cli.CheckedFile.Verdict;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.run.Redaction;
import io.sqletl.engine.stage.Refusals;
import io.sqletl.engine.stage.StageTypes;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Tells what a check of many files found: file by file, then the types that they use. */
final class CheckReport {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<CheckedFile> files;
  private final StageTypes types;
  private final Refusals refusals;
  private final Redaction redaction;

  CheckReport(List<CheckedFile> files, StageTypes types, Refusals refusals, Redaction redaction) {
    this.files = files;
    this.types = types;
    this.refusals = refusals;
    this.redaction = redaction;
  }

  /** How much of a type there is. */
  private record Use(int stages, int files) {}

  boolean allRun() {
    return count(Verdict.FAILS) == 0;
  }

  void text(PrintWriter out) {
    for (CheckedFile file : files) {
      if (file.verdict() != Verdict.NO_JOB) {
        file(out, file);
      }
    }
    noJobs(out);
    types(out);
    out.printf(
        "%n%s: %d run, %d run when given what they need, %d would not run.%n",
        counted(files.size() - count(Verdict.NO_JOB), "job"),
        count(Verdict.RUNS),
        count(Verdict.NEEDS),
        count(Verdict.FAILS));
  }

  /** A notebook that is none is worth a line; JSON is many things. */
  private void noJobs(PrintWriter out) {
    int others = 0;
    for (CheckedFile file : files) {
      if (file.verdict() != Verdict.NO_JOB) {
        continue;
      }
      if (file.path().endsWith(".ipynb")) {
        out.println(file.reason());
      } else {
        others++;
      }
    }
    if (others > 0) {
      out.println(counted(others, "other file") + " without stages");
    }
  }

  private void file(PrintWriter out, CheckedFile file) {
    out.printf(
        "%s: %s, %s%n", file.path(), counted(file.types().size(), "stage"), file.verdict().text());
    file.problems().forEach(problem -> indented(out, problem.render()));
    file.warnings().forEach(warning -> indented(out, "warning: " + warning.headline()));
    if (!file.variables().isEmpty()) {
      indented(out, "needs the variables " + String.join(", ", file.variables()));
    }
    file.files().forEach(message -> indented(out, "needs a file: " + message));
  }

  private void indented(PrintWriter out, String text) {
    redaction.apply(text).lines().forEach(line -> out.println("  " + line));
  }

  private void types(PrintWriter out) {
    Map<String, Use> uses = uses();
    if (uses.isEmpty()) {
      return;
    }
    int width = uses.keySet().stream().mapToInt(String::length).max().orElse(0);
    out.printf("%n%-" + width + "s  stages  files%n", "type");
    uses.forEach(
        (type, use) ->
            out.printf(
                "%-" + width + "s  %6d  %5d  %s%n",
                type,
                use.stages(),
                use.files(),
                support(type)));
  }

  private String support(String type) {
    if (types.find(type).isPresent()) {
      return "runs";
    }
    return refusals.type(type).map(refusal -> "refused: " + refusal.reason()).orElse("unknown");
  }

  private Map<String, Use> uses() {
    Map<String, Use> uses = new TreeMap<>();
    for (CheckedFile file : files) {
      file.types().forEach(type -> uses.merge(type, new Use(1, 0), CheckReport::sum));
      file.types().stream()
          .distinct()
          .forEach(type -> uses.merge(type, new Use(0, 1), CheckReport::sum));
    }
    return uses;
  }

  private static Use sum(Use left, Use right) {
    return new Use(left.stages() + right.stages(), left.files() + right.files());
  }

  void json(PrintWriter out) {
    Map<String, Object> report = new LinkedHashMap<>();
    Map<String, Object> summary = new LinkedHashMap<>();
    for (Verdict verdict : Verdict.values()) {
      summary.put(name(verdict), count(verdict));
    }
    report.put("summary", summary);
    report.put("files", files.stream().map(CheckReport::json).toList());
    Map<String, Object> used = new LinkedHashMap<>();
    uses()
        .forEach(
            (type, use) -> {
              Map<String, Object> fields = new LinkedHashMap<>();
              fields.put("stages", use.stages());
              fields.put("files", use.files());
              fields.put("support", support(type));
              used.put(type, fields);
            });
    report.put("types", used);
    try {
      out.println(
          JSON.writerWithDefaultPrettyPrinter().writeValueAsString(redaction.applyTo(report)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A report that JSON cannot say", e);
    }
  }

  private static Map<String, Object> json(CheckedFile file) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("file", file.path());
    fields.put("verdict", name(file.verdict()));
    if (file.reason() != null) {
      fields.put("reason", file.reason());
      return fields;
    }
    fields.put("stages", file.types().size());
    fields.put("problems", file.problems().stream().map(CheckReport::json).toList());
    fields.put("warnings", file.warnings().stream().map(CheckReport::json).toList());
    fields.put("variables", List.copyOf(file.variables()));
    fields.put("missingFiles", new ArrayList<>(file.files()));
    return fields;
  }

  private static Map<String, Object> json(Problem problem) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("code", problem.code().name());
    fields.put("message", problem.message());
    if (problem.remedy() != null) {
      fields.put("remedy", problem.remedy());
    }
    if (problem.position() != null) {
      fields.put("file", problem.position().source().file());
      if (problem.position().source().cell() > 0) {
        fields.put("cell", problem.position().source().cell());
      }
      fields.put("line", problem.position().line());
      if (problem.position().column() > 0) {
        fields.put("column", problem.position().column());
      }
    }
    return fields;
  }

  private static String name(Verdict verdict) {
    return verdict.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private int count(Verdict verdict) {
    return (int) files.stream().filter(file -> file.verdict() == verdict).count();
  }

  private static String counted(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }
}
