package io.sqletl.engine.job;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;

/** The code cells of a Jupyter notebook, format 4. */
final class Notebook {

  /** What the kernel specification of these notebooks is called. */
  private static final String KERNEL = "arc";

  /** What follows the document and keys that stand twice are what merges leave behind. */
  private static final ObjectMapper JSON =
      JsonMapper.builder(
              // Pictures that cells left are longer than the texts that are read by default
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
                  .build())
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final String ANOTHER_KERNEL =
      "choose the kernel Arc in Jupyter, or set metadata.kernelspec.name to \"" + KERNEL + "\"";

  private final SourceText whole;
  private final List<Cell> cells = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();

  private Notebook(SourceText whole) {
    this.whole = whole;
  }

  /**
   * The cells in order; markdown, raw and empty cells left out, and not counted, as Jupyter does.
   *
   * @throws JobException if the text is no notebook, or one for another kernel, or if what a job
   *     would run stands in a cell that does not run
   */
  static List<Cell> cells(String file, String text) {
    Notebook notebook = new Notebook(SourceText.ofFile(file, text));
    notebook.read();
    if (!notebook.problems.isEmpty()) {
      throw new JobException(notebook.problems);
    }
    return notebook.cells;
  }

  private void read() {
    JsonNode notebook = parse();
    if (notebook.path("worksheets").isArray()) {
      throw broken(1, "it is in format 3 of notebooks", "open and save it in Jupyter");
    }
    if (!notebook.path("cells").isArray()) {
      throw broken(1, "it has no \"cells\"", "was it saved by Jupyter?");
    }
    JsonNode all = notebook.get("cells");
    String kernel = notebook.at("/metadata/kernelspec/name").asText("");
    if (!kernel.equals(KERNEL)) {
      throw otherKernel(kernel, all);
    }
    for (JsonNode cell : all) {
      String source = sourceOf(cell);
      String type = cell.path("cell_type").asText("");
      if (source.isBlank()) {
        continue;
      }
      if (type.equals("code")) {
        cells.add(new Cell(new SourceText(whole.file(), cells.size() + 1, source)));
      } else if (!type.equals("markdown") && !type.equals("raw")) {
        problems.add(
            misplaced(
                source,
                "A cell has the type \"" + type + "\", which is none of notebooks",
                "set its \"cell_type\" to \"code\", \"markdown\" or \"raw\""));
      } else if (CellGuess.isStage(source)) {
        problems.add(
            misplaced(
                source,
                "The "
                    + type
                    + " cell after code cell "
                    + cells.size()
                    + " holds what a job would run, and does not run",
                "make it a code cell; to keep a stage out of runs, list another environment"));
      }
    }
  }

  /** The problem of a cell that has no number, at its place in the file. */
  private Problem misplaced(String source, String message, String remedy) {
    String first = source.strip().lines().findFirst().orElse("").strip();
    String escaped = JSON.getNodeFactory().textNode(first).toString();
    String written = escaped.substring(1, escaped.length() - 1);
    List<String> lines = whole.lines();
    int line = 1;
    while (line <= lines.size() && !lines.get(line - 1).contains(written)) {
      line++;
    }
    return new Problem(
        ErrorCode.UNKNOWN_MAGIC, whole.at(line > lines.size() ? 1 : line), message, remedy);
  }

  /** Whether it is for this engine all the same, so that it is no notebook of somebody else's. */
  private JobException otherKernel(String kernel, JsonNode all) {
    boolean hasStages = false;
    for (JsonNode cell : all) {
      hasStages |=
          cell.path("cell_type").asText().equals("code") && CellGuess.isStage(sourceOf(cell));
    }
    String why =
        kernel.isEmpty()
            ? "it names no kernel"
            : "its kernel is \"" + kernel + "\", not \"" + KERNEL + "\"";
    return hasStages
        ? broken(1, why + ", though its cells hold stages", ANOTHER_KERNEL)
        : new JobException(
            new Problem(
                ErrorCode.NOT_A_NOTEBOOK,
                null,
                whole.file() + " is no notebook of this engine: " + why,
                ANOTHER_KERNEL));
  }

  private JsonNode parse() {
    if (whole.text().isBlank()) {
      throw broken(1, "it is empty", "restore it, or remove it");
    }
    int conflict = whole.conflict();
    if (conflict > 0) {
      throw broken(
          conflict, "a merge conflict is left in it", "choose one side, as with git mergetool");
    }
    try {
      return JSON.readTree(whole.text());
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getLineNr());
      throw broken(
          line,
          "it is no JSON: " + e.getOriginalMessage(),
          "restore it, or save it in Jupyter again");
    } catch (StackOverflowError e) {
      throw broken(1, "it is nested too deeply", "was it saved by Jupyter?");
    }
  }

  /** The format allows a string as well as a list of strings. */
  private static String sourceOf(JsonNode cell) {
    JsonNode source = cell.path("source");
    if (!source.isArray()) {
      return source.asText("");
    }
    StringBuilder text = new StringBuilder();
    source.forEach(line -> text.append(line.asText()));
    return text.toString();
  }

  private JobException broken(int line, String why, String remedy) {
    return new JobException(
        new Problem(
            ErrorCode.BROKEN_NOTEBOOK,
            whole.at(line),
            "This is no notebook of this engine: " + why,
            remedy));
  }
}
