package io.sqletl.engine.kernel;

import io.sqletl.engine.job.Magic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The reference of the magics, for {@code %help}, shift-tab and the manual. */
public final class MagicsTable {

  /** One magic, ready to be read. */
  record Entry(String word, String arguments, String body, String description) {}

  private static final String DISPLAY =
      " numRows= truncate= streamingDuration= monospace= leftAlign= datasetLabels= showLog=";
  private static final String STAGE = "name= description= environments= sqlParams=";

  private MagicsTable() {}

  static List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    for (Magic magic : Magic.values()) {
      ofStage(magic).ifPresent(entries::add);
    }
    for (AuthoringMagic magic : AuthoringMagic.values()) {
      entries.add(new Entry(magic.word(), magic.arguments(), magic.body(), magic.description()));
    }
    return entries;
  }

  private static java.util.Optional<Entry> ofStage(Magic magic) {
    String view = " outputView= persist=";
    return java.util.Optional.ofNullable(
        switch (magic) {
          case ARC -> entry(magic, DISPLAY.strip(), "stages", "Runs the stages below.");
          case SQL ->
              entry(magic, STAGE + view + DISPLAY, "SQL", "A SQLTransform; shows its rows.");
          case SQL_VALIDATE ->
              entry(
                  magic,
                  STAGE,
                  "SQL",
                  "A SQLValidate: the query returns a boolean and a message, and fails on false.");
          case LOG -> entry(magic, STAGE, "SQL", "A LogExecute: writes a message to the log.");
          case CONFIG_EXECUTE ->
              entry(
                  magic,
                  STAGE + view,
                  "SQL",
                  "A ConfigExecute: a query whose JSON defines variables for later stages.");
          case METADATA_FILTER ->
              entry(
                  magic,
                  STAGE + " inputView=" + view,
                  "SQL",
                  "A MetadataFilterTransform: keeps the columns that a query over metadata names.");
          case METADATA_VALIDATE ->
              entry(
                  magic,
                  STAGE + " inputView=",
                  "SQL",
                  "A MetadataValidate: a SQLValidate over the metadata of a view.");
          case CONFIG_PLUGIN ->
              entry(magic, "", "plugins", "Dynamic configuration plugins of the job.");
          case LIFECYCLE_PLUGIN -> entry(magic, "", "plugins", "Lifecycle plugins of the job.");
          default -> null;
        });
  }

  private static Entry entry(Magic magic, String arguments, String body, String description) {
    return new Entry(magic.word(), arguments, body, description);
  }

  /** One magic by its word. */
  static java.util.Optional<Entry> find(String word) {
    return entries().stream().filter(entry -> entry.word().equalsIgnoreCase(word)).findFirst();
  }

  /** As a table in Markdown. */
  public static String markdown() {
    StringBuilder table =
        new StringBuilder("| magic | arguments | below it | |\n|---|---|---|---|\n");
    for (Entry entry : entries()) {
      table
          .append("| `")
          .append(entry.word())
          .append("` | ")
          .append(code(entry.arguments()))
          .append(" | ")
          .append(entry.body())
          .append(" | ")
          .append(entry.description())
          .append(" |\n");
    }
    return table.toString();
  }

  private static String code(String arguments) {
    return String.join(
        " ",
        Arrays.stream(arguments.split(" "))
            .filter(argument -> !argument.isEmpty())
            .map(argument -> "`" + argument.replace("|", "\\|") + "`")
            .toList());
  }

  /** As lines. */
  static String text() {
    StringBuilder text = new StringBuilder();
    for (Entry entry : entries()) {
      text.append(String.format("%-18s %s%n", entry.word(), entry.description()));
      if (!entry.arguments().isEmpty()) {
        text.append(String.format("%-18s   %s%n", "", entry.arguments()));
      }
    }
    return text.toString().replace("\r", "").stripTrailing();
  }
}
