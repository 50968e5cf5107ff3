package io.sqletl.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The SQL of a notebook's cells by their names, so that both sides of a benchmark run the same
 * text.
 */
final class NotebookCells {
  private final List<String> cells;

  private NotebookCells(List<String> cells) {
    this.cells = cells;
  }

  static NotebookCells read(String file) {
    try {
      List<String> cells = new ArrayList<>();
      for (JsonNode cell :
          new ObjectMapper().readTree(Files.readString(Path.of(file))).get("cells")) {
        StringBuilder text = new StringBuilder();
        cell.get("source").forEach(line -> text.append(line.asText()));
        cells.add(text.toString());
      }
      return new NotebookCells(cells);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The lines after the magic of the cell with that name. */
  String sql(String name) {
    for (String cell : cells) {
      int head = cell.indexOf('\n');
      if (cell.startsWith("%sql") && cell.substring(0, head).contains("name=\"" + name + '"')) {
        return cell.substring(head + 1);
      }
    }
    throw new IllegalArgumentException("No SQL cell is named " + name);
  }
}
