package io.sqletl.engine.kernel;

import io.sqletl.engine.job.Magic;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The magics that a kernel carries out itself; a job that runs passes over most of them. */
enum AuthoringMagic {
  ENV(
      "%env",
      "",
      "NAME=value, one a line",
      "Defines variables for ${NAME}; without any, lists those there are, secrets masked."),
  SECRET(
      "%secret",
      "",
      "a name a line",
      "Asks for the value of each in a password field, so that it stands in no notebook."),
  CONF(
      "%conf",
      "",
      "setting=value, one a line",
      "Changes how results are shown, and Spark's master; without any, lists the settings."),
  SCHEMA("%schema", "", "a view", "The schema of a view as JSON, as Spark writes it."),
  PRINT_SCHEMA("%printschema", "", "a view", "The schema of a view as a tree."),
  PRINT_METADATA(
      "%printmetadata", "", "a view", "The schema of a view as a schema file of a job has it."),
  METADATA(
      "%metadata",
      "outputView= persist=",
      "a view",
      "The columns of a view with their types and metadata, as a table."),
  SUMMARY(
      "%summary",
      "outputView= persist=", "a view", "Counts, extremes and quartiles of the columns of a view."),
  LIST(
      "%list",
      "numRows= outputView= persist=",
      "a folder",
      "The files of a folder of S3, the lake or this machine."),
  PLOT(
      "%plot",
      "x= y= kind=bar|line|hist rows= title=",
      "",
      "A picture of a view: %plot VIEW x=COLUMN y=COLUMN."),
  GRAPH(
      "%graph",
      "count=true|false",
      "",
      "The job so far: views and places as boxes, stages as arrows, rows on them."),
  VERSION("%version", "", "", "The versions of the engine, Spark and Java, and the memory."),
  HELP("%help", "", "", "The magics.");

  private final String word;
  private final String arguments;
  private final String body;
  private final String description;

  AuthoringMagic(String word, String arguments, String body, String description) {
    this.word = word;
    this.arguments = arguments;
    this.body = body;
    this.description = description;
  }

  String word() {
    return word;
  }

  /** The names of the arguments on the magic's line, each with an equals sign. */
  String arguments() {
    return arguments;
  }

  /** What stands on the lines below; empty for nothing. */
  String body() {
    return body;
  }

  String description() {
    return description;
  }

  static Optional<AuthoringMagic> of(String firstWord) {
    String text = firstWord.toLowerCase(Locale.ROOT);
    return Arrays.stream(values()).filter(magic -> magic.word.equals(text)).findFirst();
  }

  /** The magics of a job and these, each once. */
  static List<String> allWords() {
    return Stream.concat(
            Arrays.stream(Magic.values()).map(Magic::word),
            Arrays.stream(values()).map(AuthoringMagic::word))
        .distinct()
        .toList();
  }
}
