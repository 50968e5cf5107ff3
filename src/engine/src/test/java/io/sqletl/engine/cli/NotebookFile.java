package io.sqletl.engine.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes notebooks for tests. */
final class NotebookFile {

  private static final ObjectMapper JSON = new ObjectMapper();

  private NotebookFile() {}

  static Path write(Path file, String... cells) {
    ObjectNode notebook = JSON.createObjectNode();
    ArrayNode all = notebook.putArray("cells");
    for (String cell : cells) {
      ArrayNode source = all.addObject().put("cell_type", "code").putArray("source");
      for (String line : cell.split("(?<=\n)")) {
        source.add(line);
      }
    }
    notebook.putObject("metadata").putObject("kernelspec").put("name", "arc");
    notebook.put("nbformat", 4).put("nbformat_minor", 5);
    try {
      return Files.writeString(file, JSON.writeValueAsString(notebook));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
