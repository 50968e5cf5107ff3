package io.sqletl.engine.cli;

import io.sqletl.engine.run.Redaction;
import io.sqletl.engine.run.RunSummary;
import java.io.PrintWriter;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.classic.Dataset;

/** The last lines of a run: where its outputs are, what was rejected, and the sum of it. */
final class ClosingLines {

  private static final int ROWS_SHOWN = 20;
  private static final int WIDTH_SHOWN = 50;

  private final Workspace workspace;
  private final RunSummary summary;
  private final SessionChoice choice;
  private final Redaction redaction;

  ClosingLines(Workspace workspace, RunSummary summary, SessionChoice choice, Redaction redaction) {
    this.workspace = workspace;
    this.summary = summary;
    this.choice = choice;
    this.redaction = redaction;
  }

  /** Prints the first rows of views; what they reject is told below them. */
  static void show(String view, SparkSession spark, PrintWriter out) {
    out.println(view);
    Dataset<Row> rows = (Dataset<Row>) spark.table(view);
    out.print(rows.showString(ROWS_SHOWN, WIDTH_SHOWN, false));
  }

  void print(PrintWriter out) {
    if (!summary.outputs().isEmpty()) {
      out.println("Written:");
      for (String uri : summary.outputs()) {
        String place = workspace.localPlace(uri).map(path -> "  ->  " + path).orElse("");
        out.println("  " + redaction.apply(uri) + place);
      }
    }
    if (summary.rejected().total() > 0) {
      out.println("Rejected:");
      summary.rejected().first().forEach(line -> out.println("  " + redaction.apply(line)));
      long more = summary.rejected().total() - summary.rejected().first().size();
      if (more > 0) {
        out.println("  and " + more + " more");
      }
    }
    String word = summary.succeeded() ? "Done. " : "Failed. ";
    out.println(word + summary.counts() + " " + choice.describe());
  }
}
