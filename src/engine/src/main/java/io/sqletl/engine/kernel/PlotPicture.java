package io.sqletl.engine.kernel;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Draws a plot as SVG, with the same numbers as its text. */
final class PlotPicture {

  private static final int WIDTH = 720;
  private static final int HEIGHT = 320;
  private static final int LEFT = 70;
  private static final int RIGHT = 20;
  private static final int TOP = 30;
  private static final int BOTTOM = 70;
  private static final int TICKS = 5;
  private static final int MOST_LABELS = 20;
  private static final int LONGEST_LABEL = 18;

  private final String title;
  private final String xName;
  private final String yName;
  private final String note;
  private final StringBuilder svg = new StringBuilder();
  private double least;
  private double most;

  /**
   * @param note what is not shown; empty for nothing
   */
  PlotPicture(String title, String xName, String yName, String note) {
    this.title = title;
    this.xName = xName;
    this.yName = yName;
    this.note = note;
  }

  Content bars(List<String> labels, double[] values) {
    begin(values, true);
    double step = (double) (WIDTH - LEFT - RIGHT) / Math.max(1, values.length);
    for (int i = 0; i < values.length; i++) {
      double top = Math.min(y(values[i]), y(0));
      double height = Math.abs(y(values[i]) - y(0));
      svg.append(
          format(
              "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"#4a90c2\"><title>",
              LEFT + i * step + step * 0.1, top, step * 0.8, height));
      svg.append(Html.escape(labels.get(i) + ": " + label(values[i]))).append("</title></rect>");
    }
    labels(labels, i -> LEFT + (i + 0.5) * step);
    return end(labels, values);
  }

  /**
   * @param places where the points stand; null for one after the other
   */
  Content line(List<String> labels, double[] places, double[] values) {
    begin(values, false);
    int count = values.length;
    double first = places == null ? 0 : Arrays.stream(places).min().orElse(0);
    double last = places == null ? count - 1 : Arrays.stream(places).max().orElse(1);
    double span = last > first ? last - first : 1;
    Integer[] order = new Integer[count];
    Arrays.setAll(order, i -> i);
    if (places != null) {
      Arrays.sort(order, java.util.Comparator.comparingDouble(i -> places[i]));
    }
    java.util.function.IntToDoubleFunction x =
        i ->
            LEFT
                + 5
                + ((places == null ? i : places[i]) - first) / span * (WIDTH - LEFT - RIGHT - 10);
    svg.append("<polyline fill=\"none\" stroke=\"#4a90c2\" stroke-width=\"2\" points=\"");
    for (int i : order) {
      svg.append(format("%.1f,%.1f ", x.applyAsDouble(i), y(values[i])));
    }
    svg.append("\"/>");
    List<String> ordered = Arrays.stream(order).map(labels::get).toList();
    labels(ordered, i -> x.applyAsDouble(order[i]));
    return end(labels, values);
  }

  private void begin(double[] values, boolean fromZero) {
    least = Arrays.stream(values).filter(Double::isFinite).min().orElse(0);
    most = Arrays.stream(values).filter(Double::isFinite).max().orElse(1);
    if (fromZero) {
      least = Math.min(0, least);
      most = Math.max(0, most);
    }
    if (most <= least) {
      most = least + 1;
    }
    svg.append(
        format(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d"
                + " %d\" font-family=\"sans-serif\" font-size=\"11\" fill=\"#333\">",
            WIDTH, HEIGHT, WIDTH, HEIGHT));
    svg.append("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>");
    text(WIDTH / 2.0, 18, "middle", title + (note.isEmpty() ? "" : " (" + note + ")"), 13);
    for (int i = 0; i <= TICKS; i++) {
      double value = least + (most - least) * i / TICKS;
      svg.append(
          format(
              "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>",
              LEFT, WIDTH - RIGHT, y(value), y(value)));
      text(LEFT - 6, y(value) + 4, "end", label(value), 11);
    }
    text(WIDTH / 2.0, HEIGHT - 6, "middle", xName, 12);
    svg.append(format("<g transform=\"translate(14 %d) rotate(-90)\">", HEIGHT / 2));
    text(0, 0, "middle", yName, 12);
    svg.append("</g>");
  }

  private void labels(List<String> labels, java.util.function.IntToDoubleFunction x) {
    int step = Math.max(1, (labels.size() + MOST_LABELS - 1) / MOST_LABELS);
    for (int i = 0; i < labels.size(); i += step) {
      String label = labels.get(i);
      String shown =
          label.length() > LONGEST_LABEL ? label.substring(0, LONGEST_LABEL - 1) + "…" : label;
      svg.append(
          format(
              "<g transform=\"translate(%.1f %d) rotate(-30)\">",
              x.applyAsDouble(i), HEIGHT - BOTTOM + 14));
      text(0, 0, "end", shown, 10);
      svg.append("</g>");
    }
  }

  private void text(double x, double y, String anchor, String text, int size) {
    svg.append(
        format(
            "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" font-size=\"%d\">",
            x, y, anchor, size));
    svg.append(Html.escape(text)).append("</text>");
  }

  private double y(double value) {
    double share = Double.isFinite(value) ? (value - least) / (most - least) : 0;
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
  }

  private Content end(List<String> labels, double[] values) {
    svg.append("</svg>");
    StringBuilder text = new StringBuilder(title + ": " + yName + " by " + xName);
    if (!note.isEmpty()) {
      text.append(" (").append(note).append(')');
    }
    for (int i = 0; i < Math.min(MOST_LABELS, values.length); i++) {
      text.append('\n').append(labels.get(i)).append(": ").append(label(values[i]));
    }
    if (values.length > MOST_LABELS) {
      text.append("\n…");
    }
    return Content.of(text.toString(), Content.SVG, svg.toString());
  }

  /** A number as short as it can be told apart. */
  static String label(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return String.format(Locale.ROOT, "%,d", (long) value);
    }
    return String.format(Locale.ROOT, Math.abs(value) < 1 ? "%.3g" : "%,.2f", value);
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
