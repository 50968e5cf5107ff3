package io.sqletl.engine.job;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the author of a cell meant that is neither a magic nor stages. A check that does not run is
 * worse than a job that does not, so that such a cell is an error, and this says what it lacks.
 */
final class CellGuess {

  /** Lines that are a magic of a job and hardly anything else, the remainder of a division say. */
  private static final Pattern MAGIC_LINE =
      Pattern.compile(
          "^\\s*(%{1,2}\\s*(?:sql\\w*|configexecute|metadatafilter|metadatavalidate|configplugin"
              + "|lifecycleplugin|log(?=\\s+\\w+=)|env(?=\\s*$)))(?:\\s.*)?$",
          Pattern.CASE_INSENSITIVE);

  /** A word, and a sign before it that is no percent sign. */
  private static final Pattern OTHER_SIGN =
      Pattern.compile("^[!@$&:/\\\\\uFF05\uFE6A\u066A]*%?\\s*([A-Za-z_-]+)(?=\\s|$).*");

  private static final Pattern STATEMENT =
      Pattern.compile(
          "^\\(?\\s*(?:SELECT|WITH|FROM|VALUES|INSERT|MERGE|CREATE|DROP|DELETE|UPDATE|SET|SHOW)"
              + "(?:\\s.*)?$",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern STAGE = Pattern.compile("(?s).*\\btype\"?\\s*[:=].*");

  private CellGuess() {}

  /** What a cell was meant to be that could not be read as stages; empty if nobody can tell. */
  static Optional<Problem> of(Cell cell) {
    SourceText source = cell.source();
    List<String> lines = source.lines();
    for (int number = 1; number <= lines.size(); number++) {
      String line = lines.get(number - 1).strip();
      if (line.isEmpty()
          || line.startsWith("#")
          || line.startsWith("//")
          || line.startsWith("--")) {
        continue;
      }
      return first(source, number, line).or(() -> later(source, cell.firstLine()));
    }
    return Optional.empty();
  }

  private static Optional<Problem> first(SourceText source, int number, String line) {
    Matcher word = OTHER_SIGN.matcher(line);
    if (word.matches() && isNearMagic(word.group(1), line)) {
      String written = line.substring(0, word.end(1));
      return Optional.of(unknown(source, number, written));
    }
    if (line.startsWith("!")) {
      return Optional.of(
          Problem.of(
                  ErrorCode.UNKNOWN_MAGIC, source.at(number), "A job runs no commands of the shell")
              .withRemedy("remove the cell, or make it a Markdown cell"));
    }
    return STATEMENT.matcher(line).matches()
        ? Optional.of(
            Problem.of(
                    ErrorCode.CONFIG_SYNTAX,
                    source.at(number),
                    "This cell is SQL without a magic, so that nobody knows what to do with it")
                .withRemedy(
                    "begin it with a line such as %sql name=\"…\" outputView=…, or %sqlvalidate"
                        + " name=\"…\" for a check"))
        : Optional.empty();
  }

  /** A word alone is a magic's only if it is spelt right; after a sign it may be near. */
  private static boolean isNearMagic(String word, String line) {
    String magic = "%" + word;
    boolean bare = line.startsWith(word);
    return bare
        ? Magic.of(magic).isPresent() && !word.equalsIgnoreCase("log")
        : Magic.of(magic).isPresent() || NearestName.of(magic, Magic.words()).isPresent();
  }

  /** A magic on a line after a cell's first. */
  private static Optional<Problem> later(SourceText source, int firstLine) {
    List<String> lines = source.lines();
    for (int number = firstLine + 1; number <= lines.size(); number++) {
      Matcher magic = MAGIC_LINE.matcher(lines.get(number - 1));
      if (magic.matches()) {
        return Optional.of(
            Problem.of(
                    ErrorCode.UNKNOWN_MAGIC,
                    source.find(number, magic.group(1)),
                    magic.group(1) + " stands below something else, and a magic begins its cell")
                .withRemedy("put it and what follows it into a cell of its own"));
      }
    }
    return Optional.empty();
  }

  /** A second magic in the cell of a magic, which would be lost or taken for SQL. */
  static Optional<Problem> secondMagic(Cell cell) {
    return later(cell.source(), cell.firstLine());
  }

  /** The problem of a word that looks like a magic and is none. */
  static Problem unknown(SourceText source, int line, String word) {
    String magic = word.replaceFirst("^[^A-Za-z]*", "%").toLowerCase(Locale.ROOT);
    String remedy =
        Magic.of(magic)
            .map(Magic::word)
            .or(() -> NearestName.of(magic, Magic.words()))
            .map(nearest -> "did you mean \"" + nearest + "\"?")
            .orElse(
                magic.startsWith("%sql")
                    ? "did you mean \"%sql\" or \"%sqlvalidate\"?"
                    : "a job knows %sql, %sqlvalidate, %log, %env and those of the README;"
                        + " remove the cell, or make it a Markdown cell");
    return Problem.of(ErrorCode.UNKNOWN_MAGIC, source.find(line, word), word + " is no magic")
        .withRemedy(remedy);
  }

  /** Whether a text is that of a cell that a job runs: a stage's magic, or a stage. */
  static boolean isStage(String text) {
    Cell cell = new Cell(new SourceText("", 0, text));
    if (cell.isMagic()) {
      return Magic.of(cell.firstWord()).isPresent();
    }
    return cell.firstText().startsWith("{") && STAGE.matcher(text).matches();
  }
}
