package io.sqletl.engine.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;

/** The code cells of a Jupyter notebook, format 4. */
final class Notebook {

  /** What the kernel specification of these notebooks is called. */
  private static final String KERNEL = "arc";

  private static final ObjectMapper JSON = new ObjectMapper();

  private Notebook() {}

  /**
   * The cells in order; markdown, raw and empty cells left out, and not counted, as Jupyter does.
   *
   * @throws JobException if the text is no notebook, or one for another kernel
   */
  static List<Cell> cells(String file, String text) {
    JsonNode notebook = parse(file, text);
    if (!notebook.path("cells").isArray()) {
      throw notNotebook(file, "it has no \"cells\"", "was it saved by Jupyter?");
    }
    String kernel = notebook.at("/metadata/kernelspec/name").asText("");
    if (!kernel.equals(KERNEL)) {
      throw notNotebook(
          file,
          kernel.isEmpty()
              ? "it names no kernel"
              : "its kernel is \"" + kernel + "\", not \"" + KERNEL + "\"",
          "choose the kernel Arc in Jupyter, or set metadata.kernelspec.name to \""
              + KERNEL
              + "\"");
    }
    List<Cell> cells = new ArrayList<>();
    for (JsonNode cell : notebook.get("cells")) {
      String source = sourceOf(cell);
      if (cell.path("cell_type").asText().equals("code") && !source.isBlank()) {
        cells.add(new Cell(new SourceText(file, cells.size() + 1, source)));
      }
    }
    return cells;
  }

  private static JsonNode parse(String file, String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      throw notNotebook(
          file, "it is no JSON (line " + line + ": " + e.getOriginalMessage() + ")", null);
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

  private static JobException notNotebook(String file, String why, String remedy) {
    return new JobException(
        new Problem(
            ErrorCode.NOT_A_NOTEBOOK,
            null,
            file + " is no notebook of this engine: " + why,
            remedy));
  }
}
