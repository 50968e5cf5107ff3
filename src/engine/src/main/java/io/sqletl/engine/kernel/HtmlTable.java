package io.sqletl.engine.kernel;

import java.util.List;

/** A result as HTML. Styles stand with the elements, since a notebook keeps no others. */
final class HtmlTable {

  private static final int LONGEST_TYPE = 60;

  private HtmlTable() {}

  /**
   * @param label what stands above; null for nothing
   */
  static String of(ResultTable table, DisplaySettings settings, String label) {
    StringBuilder html = new StringBuilder();
    if (label != null) {
      html.append("<div class=\"table_name\"><b>").append(Html.escape(label)).append("</b></div>");
    }
    html.append("<table class=\"tex2jax_ignore");
    html.append(settings.monospace() ? " monospace" : "");
    html.append(settings.leftAlign() ? " leftalign" : "").append('"');
    html.append(settings.monospace() ? " style=\"font-family:monospace\">" : ">");
    html.append("<thead><tr>");
    for (ResultTable.Heading column : table.columns()) {
      html.append("<th style=\"text-align:").append(side(column, settings)).append("\">");
      html.append(Html.escape(column.name()));
      html.append("<br><small style=\"font-weight:normal;opacity:.7\"");
      String type = column.type();
      if (type.length() > LONGEST_TYPE) {
        html.append(" title=\"").append(Html.escape(start(type, 2000))).append('"');
        type = start(type, LONGEST_TYPE);
      }
      html.append('>').append(Html.escape(type)).append("</small></th>");
    }
    html.append("</tr></thead><tbody>");
    for (List<String> row : table.rows()) {
      html.append("<tr>");
      for (int i = 0; i < row.size(); i++) {
        html.append("<td style=\"white-space:pre-wrap;text-align:");
        html.append(side(table.columns().get(i), settings)).append("\">");
        html.append(
            row.get(i) == null ? "<i style=\"opacity:.5\">NULL</i>" : Html.escape(row.get(i)));
        html.append("</td>");
      }
      html.append("</tr>");
    }
    html.append("</tbody></table>");
    if (table.rows().isEmpty()) {
      html.append("<div><i>no rows</i></div>");
    }
    table
        .notes()
        .forEach(
            note ->
                html.append("<div style=\"opacity:.7\">")
                    .append(Html.escape(note))
                    .append("</div>"));
    return html.toString();
  }

  private static String side(ResultTable.Heading column, DisplaySettings settings) {
    return column.isNumber() && !settings.leftAlign() ? "right" : "left";
  }

  private static String start(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length) + "…";
  }
}
