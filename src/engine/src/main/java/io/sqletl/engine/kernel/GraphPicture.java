package io.sqletl.engine.kernel;

import io.sqletl.engine.run.Redaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Draws what ran as SVG: views and places as boxes from left to right, stages as arrows. */
final class GraphPicture {

  private static final int BOX_WIDTH = 190;
  private static final int BOX_HEIGHT = 44;
  private static final int GAP_X = 130;
  private static final int GAP_Y = 26;
  private static final int MARGIN = 16;
  private static final int LONGEST = 28;

  private final JobGraph graph;
  private final Redaction redaction;
  private final Map<String, JobGraph.Node> nodes = new LinkedHashMap<>();
  private final Map<String, Integer> ranks = new HashMap<>();
  private final Map<String, int[]> places = new HashMap<>();
  private final List<Arrow> arrows = new ArrayList<>();

  private record Arrow(String from, String to, String name, String type) {}

  private GraphPicture(JobGraph graph, Redaction redaction) {
    this.graph = graph;
    this.redaction = redaction;
  }

  static Content of(JobGraph graph, Redaction redaction) {
    GraphPicture picture = new GraphPicture(graph, redaction);
    picture.gather();
    return Content.of(picture.text(), Content.SVG, picture.svg());
  }

  private void gather() {
    for (JobGraph.Step step : graph.steps()) {
      step.reads().forEach(this::node);
      step.makes().forEach(this::node);
      int from = step.reads().stream().mapToInt(node -> ranks.get(id(node))).max().orElse(-1);
      for (JobGraph.Node made : step.makes()) {
        // What was read before it was made again keeps its place: no arrow then goes in a circle
        ranks.merge(id(made), from + 1, Math::max);
        for (JobGraph.Node read : step.reads()) {
          if (!id(read).equals(id(made))) {
            arrows.add(new Arrow(id(read), id(made), step.name(), step.type()));
          }
        }
      }
      if (step.makes().isEmpty()) {
        String end = "check " + step.name();
        nodes.put(end, new JobGraph.Node(step.name(), false));
        ranks.put(end, from + 1);
        step.reads().forEach(read -> arrows.add(new Arrow(id(read), end, "", step.type())));
      }
    }
    Map<Integer, Integer> filled = new HashMap<>();
    for (String id : nodes.keySet()) {
      int rank = ranks.get(id);
      places.put(id, new int[] {rank, filled.merge(rank, 1, Integer::sum) - 1});
    }
  }

  private void node(JobGraph.Node node) {
    nodes.putIfAbsent(id(node), node);
    ranks.putIfAbsent(id(node), 0);
  }

  private static String id(JobGraph.Node node) {
    return JobGraph.key(node.name());
  }

  private String rows(JobGraph.Node node) {
    return graph.rows(node.name()).map(number -> ResultTable.count(number, "row")).orElse("");
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    for (JobGraph.Step step : graph.steps()) {
      text.append(names(step.reads()))
          .append(" --[")
          .append(redaction.apply(step.name()))
          .append("]--> ")
          .append(names(step.makes()))
          .append('\n');
    }
    return text.toString().stripTrailing();
  }

  private String names(List<JobGraph.Node> some) {
    return String.join(
        ", ",
        some.stream()
            .map(
                node ->
                    redaction.apply(node.name())
                        + (rows(node).isEmpty() ? "" : " (" + rows(node) + ")"))
            .toList());
  }

  private String svg() {
    int columns = places.values().stream().mapToInt(place -> place[0]).max().orElse(0) + 1;
    int lines = places.values().stream().mapToInt(place -> place[1]).max().orElse(0) + 1;
    int width = 2 * MARGIN + columns * BOX_WIDTH + (columns - 1) * GAP_X;
    int height = 2 * MARGIN + lines * BOX_HEIGHT + (lines - 1) * GAP_Y;
    StringBuilder svg = new StringBuilder();
    svg.append(
        format(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d"
                + " %d\" font-family=\"sans-serif\" font-size=\"11\" fill=\"#333\"><defs><marker"
                + " id=\"sqletl-arrow\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"7\""
                + " markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\""
                + " fill=\"#777\"/></marker></defs><rect width=\"100%%\" height=\"100%%\""
                + " fill=\"#fff\"/>",
            width, height, width, height));
    arrows.forEach(arrow -> draw(svg, arrow));
    nodes.forEach((id, node) -> draw(svg, id, node));
    return svg.append("</svg>").toString();
  }

  private void draw(StringBuilder svg, Arrow arrow) {
    int[] from = places.get(arrow.from());
    int[] to = places.get(arrow.to());
    double x1 = x(from) + BOX_WIDTH;
    double y1 = y(from) + BOX_HEIGHT / 2.0;
    double x2 = x(to);
    double y2 = y(to) + BOX_HEIGHT / 2.0;
    double bend = Math.max(40, Math.abs(x2 - x1) / 2);
    svg.append(
        format(
            "<path d=\"M%.0f %.0fC%.0f %.0f %.0f %.0f %.0f %.0f\" fill=\"none\" stroke=\"#777\""
                + " marker-end=\"url(#sqletl-arrow)\"><title>",
            x1, y1, x1 + bend, y1, x2 - bend, y2, x2, y2));
    svg.append(Html.escape(redaction.apply(arrow.name() + " (" + arrow.type() + ")")));
    svg.append("</title></path>");
    String label = start(redaction.apply(arrow.name().isEmpty() ? arrow.type() : arrow.name()), 22);
    svg.append(
        format(
            "<text x=\"%.0f\" y=\"%.0f\" text-anchor=\"end\" font-size=\"9\" fill=\"#666\">",
            x2 - 10, y2 - 5));
    svg.append(Html.escape(label)).append("</text>");
  }

  private void draw(StringBuilder svg, String id, JobGraph.Node node) {
    int[] place = places.get(id);
    boolean isCheck = id.startsWith("check ");
    String fill = node.isPlace() ? "#fdf3d8" : isCheck ? "#e4f3e4" : "#e6f0fa";
    svg.append(
        format(
            "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"5\" fill=\"%s\""
                + " stroke=\"#99a\"><title>",
            x(place), y(place), BOX_WIDTH, BOX_HEIGHT, fill));
    String name = redaction.apply(node.name());
    svg.append(Html.escape(name)).append("</title></rect>");
    String shown =
        name.length() <= LONGEST
            ? name
            : node.isPlace()
                ? "…" + name.substring(name.length() - LONGEST + 1)
                : start(name, LONGEST);
    String rows = rows(node);
    int middle = y(place) + (rows.isEmpty() ? 26 : 19);
    svg.append(
        format(
            "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">", x(place) + BOX_WIDTH / 2, middle));
    svg.append(Html.escape(shown)).append("</text>");
    if (!rows.isEmpty()) {
      svg.append(
          format(
              "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\" font-size=\"10\" fill=\"#666\">",
              x(place) + BOX_WIDTH / 2, y(place) + 34));
      svg.append(Html.escape(rows)).append("</text>");
    }
  }

  private static int x(int[] place) {
    return MARGIN + place[0] * (BOX_WIDTH + GAP_X);
  }

  private static int y(int[] place) {
    return MARGIN + place[1] * (BOX_HEIGHT + GAP_Y);
  }

  private static String start(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length - 1) + "…";
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
