package io.sqletl.engine.kernel;

import java.util.ArrayList;
import java.util.List;

/** A result as plain text, for consoles and for what reads notebooks without a browser. */
final class TextTable {

  private static final String NULL = "NULL";
  private static final int LONGEST_TYPE = 30;

  private TextTable() {}

  /**
   * @param label what stands above; null for nothing
   */
  static String of(ResultTable table, String label) {
    List<List<String>> lines = new ArrayList<>();
    lines.add(table.columns().stream().map(ResultTable.Heading::name).toList());
    lines.add(table.columns().stream().map(column -> start(column.type())).toList());
    table.rows().forEach(row -> lines.add(row.stream().map(TextTable::cell).toList()));
    int[] widths = new int[table.columns().size()];
    for (List<String> line : lines) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], length(line.get(i)));
      }
    }
    StringBuilder text = new StringBuilder();
    if (label != null) {
      text.append(label).append('\n');
    }
    for (int number = 0; number < lines.size(); number++) {
      appendLine(text, lines.get(number), widths, table.columns());
      if (number == 1) {
        appendRule(text, widths);
      }
    }
    if (table.rows().isEmpty()) {
      text.append("no rows\n");
    }
    table.notes().forEach(note -> text.append(note).append('\n'));
    return text.toString().stripTrailing();
  }

  private static void appendLine(
      StringBuilder text, List<String> line, int[] widths, List<ResultTable.Heading> columns) {
    StringBuilder built = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String blanks = " ".repeat(widths[i] - length(line.get(i)));
      built.append(i == 0 ? "" : " | ");
      built.append(columns.get(i).isNumber() ? blanks + line.get(i) : line.get(i) + blanks);
    }
    text.append(built.toString().stripTrailing()).append('\n');
  }

  private static void appendRule(StringBuilder text, int[] widths) {
    for (int i = 0; i < widths.length; i++) {
      text.append(i == 0 ? "" : "-+-").append("-".repeat(widths[i]));
    }
    text.append('\n');
  }

  /** On one line, since a line is a row. */
  private static String cell(String value) {
    return value == null
        ? NULL
        : value.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t");
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  private static String start(String type) {
    return type.length() <= LONGEST_TYPE ? type : type.substring(0, LONGEST_TYPE - 1) + "…";
  }
}
