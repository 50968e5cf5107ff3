package io.sqletl.engine.kernel;

import io.sqletl.engine.job.Cell;
import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeySpec;
import io.sqletl.engine.job.SourceText;
import io.sqletl.engine.stage.StageHeader;
import io.sqletl.engine.stage.StageType;
import io.sqletl.engine.stage.StageTypes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Completes and explains what an author writes. It knows stages and magics at once, views and
 * columns as soon as Spark is there, and never waits for it.
 */
public final class Assistant {

  private static final int MOST = 200;
  private static final String WORD = "[\\w.`%]*";

  private final NotebookState state;
  private final StageTypes types = StageTypes.load();

  Assistant(NotebookState state) {
    this.state = state;
  }

  /**
   * What could stand at a cursor.
   *
   * @param texts the choices, the likeliest first
   * @param start where what they replace begins, in characters of Java
   * @param end where it ends
   */
  public record Completion(List<String> texts, int start, int end) {

    public Completion {
      texts = texts.stream().distinct().limit(MOST).toList();
    }
  }

  /** Whether a cell can run as it is, for consoles that ask at each line. */
  public enum Completeness {
    COMPLETE,
    INCOMPLETE,
    INVALID
  }

  /** What could stand at a cursor, in characters of Java. */
  public Completion complete(String code, int cursor) {
    Optional<Completion> variable = variable(code, cursor);
    if (variable.isPresent()) {
      return variable.get();
    }
    String before = code.substring(0, cursor);
    if (before.isBlank() || before.strip().matches("%\\w*")) {
      return magic(before, cursor);
    }
    Cell cell = new Cell(new SourceText("", 0, code));
    if (!cell.isMagic() || cell.firstWord().equalsIgnoreCase("%arc")) {
      return stage(code, cursor);
    }
    boolean onFirstLine = before.stripLeading().indexOf('\n') < 0;
    if (onFirstLine && !isInStatement(before)) {
      return argument(cell, before, cursor);
    }
    Optional<AuthoringMagic> magic = AuthoringMagic.of(cell.firstWord());
    if (magic.isPresent()) {
      return magic.get() == AuthoringMagic.CONF
          ? words(before, cursor, DisplaySettings.NAMES.stream().map(name -> name + "=").toList())
          : words(before, cursor, state.views());
    }
    return sql(code, before, cursor);
  }

  /** {@code ${ETL_…}}, wherever it stands. */
  private Optional<Completion> variable(String code, int cursor) {
    String before = code.substring(0, cursor);
    int open = before.lastIndexOf("${");
    if (open < 0 || !before.substring(open + 2).matches("\\??[\\w.]*")) {
      return Optional.empty();
    }
    int start = open + 2 + (before.startsWith("?", open + 2) ? 1 : 0);
    String prefix = before.substring(start);
    boolean isClosed = code.startsWith("}", cursor);
    return Optional.of(
        new Completion(
            matching(state.variableNames(), prefix).stream()
                .map(name -> isClosed ? name : name + "}")
                .toList(),
            start,
            cursor));
  }

  private static Completion magic(String before, int cursor) {
    String prefix = before.strip();
    return new Completion(
        matching(AuthoringMagic.allWords(), prefix), cursor - prefix.length(), cursor);
  }

  // --- Stages ---

  private Completion stage(String code, int cursor) {
    StageText text = StageText.at(code, cursor);
    if (text.object().isEmpty()) {
      return new Completion(List.of(), cursor, cursor);
    }
    List<String> candidates = text.key().isPresent() ? values(text, text.key().get()) : keys(text);
    boolean isNumberLike =
        text.key()
            .flatMap(key -> spec(text, key))
            .map(spec -> spec.typeName().equals("boolean"))
            .orElse(false);
    List<String> matches = matching(candidates, text.word());
    if (!text.isQuoted() && !isNumberLike) {
      matches = matches.stream().map(match -> '"' + match + '"').toList();
    }
    return new Completion(matches, text.start(), cursor);
  }

  private List<String> keys(StageText text) {
    List<String> known = specs(text).stream().map(KeySpec::name).toList();
    if (known.isEmpty() && text.path().isEmpty()) {
      known = KeySpec.of(StageHeader.class).stream().map(KeySpec::name).toList();
    }
    List<String> used = new ArrayList<>(text.path().isEmpty() ? text.keys() : List.of());
    used.remove(text.word());
    return known.stream().filter(name -> !used.contains(name)).toList();
  }

  private List<String> values(StageText text, String key) {
    if (text.path().isEmpty() && key.equals("type")) {
      return types.names();
    }
    if (text.path().isEmpty() && key.equals("environments")) {
      String told = state.variable("ETL_CONF_COMPLETION_ENVIRONMENTS").orElse("production,test");
      return Arrays.stream(told.split(",")).map(String::strip).toList();
    }
    Optional<KeySpec> spec = spec(text, key);
    if (spec.isEmpty()) {
      return List.of();
    }
    if (!spec.get().choices().isEmpty()) {
      return spec.get().choices();
    }
    if (spec.get().typeName().equals("boolean")) {
      return List.of("true", "false");
    }
    return switch (spec.get().declaration().role()) {
      case INPUT_VIEW, OUTPUT_VIEW -> state.views();
      default -> isColumns(key) ? columnsOfInput(text) : List.of();
    };
  }

  private static boolean isColumns(String key) {
    return key.equals("partitionBy") || key.toLowerCase(Locale.ROOT).endsWith("columns");
  }

  private List<String> columnsOfInput(StageText text) {
    java.util.regex.Matcher input =
        java.util.regex.Pattern.compile("\"?inputView\"?\\s*[:=]\\s*\"?(\\w+)")
            .matcher(text.object());
    return input.find() ? columns(input.group(1)) : List.of();
  }

  /** The keys that may stand where the cursor is. */
  private List<KeySpec> specs(StageText text) {
    Optional<StageType<?>> type = text.type().flatMap(types::find);
    List<KeySpec> specs = new ArrayList<>();
    type.ifPresent(known -> specs.addAll(KeySpec.of(known.configuration())));
    specs.addAll(0, KeySpec.of(StageHeader.class));
    List<KeySpec> inner = specs;
    for (String key : text.path()) {
      Optional<KeySpec> around = inner.stream().filter(spec -> spec.name().equals(key)).findFirst();
      if (around.isEmpty() || !around.get().valueType().isRecord()) {
        return List.of();
      }
      inner = KeySpec.of(around.get().valueType().asSubclass(Record.class));
    }
    return inner;
  }

  private Optional<KeySpec> spec(StageText text, String key) {
    return specs(text).stream().filter(spec -> spec.name().equals(key)).findFirst();
  }

  // --- Magics and SQL ---

  private static boolean isInStatement(String before) {
    Optional<io.sqletl.engine.job.Position> statement =
        new Cell(new SourceText("", 0, before)).sqlOnFirstLine();
    // The word under the cursor may still become an argument
    return statement.isPresent()
        && before.substring(statement.get().column() - 1).strip().contains(" ");
  }

  private Completion argument(Cell cell, String before, int cursor) {
    java.util.regex.Matcher value =
        java.util.regex.Pattern.compile("(\\w+)=\"?(\\w*)$").matcher(before);
    if (value.find()) {
      List<String> values =
          switch (value.group(1)) {
            case "inputView", "view" -> state.views();
            case "x", "y" -> columnsOfPlot(cell);
            case "kind" -> List.of("bar", "line", "hist");
            case "persist", "monospace", "leftAlign", "datasetLabels", "showLog", "count" ->
                List.of("true", "false");
            case "environments" -> List.of("production,test", "production", "test");
            default -> List.of();
          };
      return new Completion(
          matching(values, value.group(2)), cursor - value.group(2).length(), cursor);
    }
    List<String> names = new ArrayList<>();
    MagicsTable.find(cell.firstWord())
        .ifPresent(
            entry ->
                Arrays.stream(entry.arguments().split(" "))
                    .filter(name -> !name.isEmpty())
                    .map(name -> name.substring(0, name.indexOf('=') + 1))
                    .filter(name -> !before.contains(" " + name))
                    .forEach(names::add));
    if (AuthoringMagic.of(cell.firstWord()).isPresent()) {
      names.addAll(0, state.views());
    }
    return words(before, cursor, names);
  }

  private List<String> columnsOfPlot(Cell cell) {
    return cell.source()
        .text()
        .lines()
        .flatMap(line -> Arrays.stream(line.split("\\s+")))
        .filter(word -> state.views().stream().anyMatch(word::equalsIgnoreCase))
        .findFirst()
        .map(this::columns)
        .orElse(List.of());
  }

  private Completion sql(String code, String before, int cursor) {
    SqlText sql = new SqlText(code);
    String word = before.substring(before.replaceFirst(WORD + "$", "").length()).replace("`", "");
    int dot = word.lastIndexOf('.');
    if (dot > 0) {
      String qualifier = word.substring(0, dot);
      List<String> columns = columns(sql.view(qualifier).orElse(qualifier));
      String prefix = word.substring(dot + 1);
      return new Completion(
          matching(columns, prefix).stream().map(Assistant::quoted).toList(),
          cursor - prefix.length(),
          cursor);
    }
    Set<String> candidates = new LinkedHashSet<>();
    boolean wantsView =
        before
            .toUpperCase(Locale.ROOT)
            .matches("(?s).*\\b(FROM|JOIN|INTO|USING|TABLE)\\s+[\\w.`]*");
    if (!wantsView) {
      sql.views()
          .forEach(view -> columns(view).stream().map(Assistant::quoted).forEach(candidates::add));
    }
    candidates.addAll(state.views());
    if (!wantsView) {
      candidates.addAll(SqlText.KEYWORDS);
      if (word.length() > 1) {
        state.functions().stream().map(name -> name + "(").forEach(candidates::add);
      }
    }
    return new Completion(matching(candidates, word), cursor - word.length(), cursor);
  }

  private Completion words(String before, int cursor, List<String> candidates) {
    String word = before.substring(before.replaceFirst(WORD + "$", "").length());
    return new Completion(matching(candidates, word), cursor - word.length(), cursor);
  }

  private static List<String> matching(java.util.Collection<String> candidates, String prefix) {
    String lower = prefix.toLowerCase(Locale.ROOT);
    return candidates.stream()
        .filter(candidate -> candidate.toLowerCase(Locale.ROOT).startsWith(lower))
        .toList();
  }

  private static String quoted(String column) {
    return column.matches("[A-Za-z_]\\w*") ? column : '`' + column.replace("`", "``") + '`';
  }

  private List<String> columns(String view) {
    return schema(view).map(schema -> List.of(schema.fieldNames())).orElse(List.of());
  }

  private Optional<StructType> schema(String view) {
    Optional<SparkSession> spark = state.spark().ready();
    if (spark.isEmpty() || state.views().stream().noneMatch(view::equalsIgnoreCase)) {
      return Optional.empty();
    }
    try {
      return Optional.of(spark.get().table(view).schema());
    } catch (Exception e) {
      if (e instanceof AnalysisException) {
        // The table behind the view may be gone; then it has no columns to offer
        return Optional.empty();
      }
      throw e;
    }
  }

  // --- Explaining ---

  /** What is known of what stands at a cursor, in characters of Java. */
  public Optional<Content> inspect(String code, int cursor) {
    String word = wordAt(code, cursor);
    if (word.startsWith("%")) {
      return MagicsTable.find(word)
          .map(entry -> explained(entry.word(), entry.arguments(), entry.description()));
    }
    Cell cell = new Cell(new SourceText("", 0, code));
    if (!cell.isMagic() || cell.firstWord().equalsIgnoreCase("%arc")) {
      Optional<Content> ofStage = inspectStage(code, cursor, word);
      if (ofStage.isPresent()) {
        return ofStage;
      }
    }
    return inspectName(code, word);
  }

  private Optional<Content> inspectStage(String code, int cursor, String word) {
    StageText text = StageText.at(code, cursor);
    Optional<StageType<?>> named = types.find(word);
    if (named.isPresent()) {
      return named.map(Assistant::explained);
    }
    Stream<String> keys = Stream.concat(Stream.of(word), text.key().stream());
    return keys.flatMap(key -> spec(text, key).stream())
        .findFirst()
        .map(spec -> explained(spec.name(), spec.facts(), spec.declaration().value()));
  }

  private Optional<Content> inspectName(String code, String word) {
    String name = word.replace("`", "");
    Optional<StructType> view = schema(name);
    if (view.isPresent()) {
      return view.map(schema -> Content.text(name + "\n" + schema.treeString().stripTrailing()));
    }
    SqlText sql = new SqlText(code);
    int dot = name.lastIndexOf('.');
    String column = name.substring(dot + 1);
    List<String> views =
        dot > 0 ? List.of(sql.view(name.substring(0, dot)).orElse("")) : sql.views();
    for (String source : views) {
      Optional<StructField> field =
          schema(source).stream()
              .flatMap(schema -> Arrays.stream(schema.fields()))
              .filter(some -> some.name().equalsIgnoreCase(column))
              .findFirst();
      if (field.isPresent()) {
        return field.map(
            found ->
                explained(
                    source + "." + found.name(),
                    found.dataType().catalogString() + (found.nullable() ? "" : ", never NULL"),
                    found.metadata().json().equals("{}") ? "" : found.metadata().json()));
      }
    }
    return state.describeFunction(name).map(Content::text);
  }

  private static String wordAt(String code, int cursor) {
    int start = cursor;
    while (start > 0 && isWord(code.charAt(start - 1))) {
      start--;
    }
    int end = cursor;
    while (end < code.length() && isWord(code.charAt(end))) {
      end++;
    }
    return code.substring(start, end);
  }

  private static boolean isWord(char c) {
    return Character.isLetterOrDigit(c) || "_.%`".indexOf(c) >= 0;
  }

  private static Content explained(String name, String facts, String description) {
    String text = name + (facts.isEmpty() ? "" : "\n" + facts) + "\n" + description;
    String markdown =
        "**" + name + "**" + (facts.isEmpty() ? "" : "  \n`" + facts + "`") + "\n\n" + description;
    return Content.of(text.strip(), Content.MARKDOWN, markdown);
  }

  private static Content explained(StageType<?> type) {
    StringBuilder text = new StringBuilder(type.name() + "\n" + type.description() + "\n");
    StringBuilder markdown =
        new StringBuilder("**" + type.name() + "**\n\n" + type.description() + "\n\n");
    markdown.append("| key | type | |\n|---|---|---|\n");
    for (KeySpec key : KeySpec.of(type.configuration())) {
      Key declaration = key.declaration();
      text.append("\n  ").append(key.name()).append(": ").append(key.facts());
      text.append("\n    ").append(declaration.value());
      markdown.append("| `").append(key.name()).append("` | ").append(key.facts()).append(" | ");
      markdown.append(declaration.value().replace("|", "\\|")).append(" |\n");
    }
    return Content.of(text.toString(), Content.MARKDOWN, markdown.toString());
  }

  // --- Whether a cell is whole ---

  /** Whether a cell can run as it is. */
  public Completeness completeness(String code) {
    Cell cell = new Cell(new SourceText("", 0, code));
    if (code.isBlank() || cell.isOnlyComments()) {
      return Completeness.COMPLETE;
    }
    if (!cell.isMagic()) {
      return isClosed(code) ? Completeness.COMPLETE : Completeness.INCOMPLETE;
    }
    String body = MagicsTable.find(cell.firstWord()).map(MagicsTable.Entry::body).orElse("");
    boolean needsMore = !body.isEmpty() && cell.body().isEmpty() && cell.sqlOnFirstLine().isEmpty();
    boolean mayBeEmpty =
        List.of("%env", "%conf").contains(cell.firstWord().toLowerCase(Locale.ROOT));
    if (needsMore && !mayBeEmpty) {
      return Completeness.INCOMPLETE;
    }
    boolean endsWithBlankLine = code.endsWith("\n") || code.stripTrailing().endsWith(";");
    boolean isOneLine = cell.body().isEmpty();
    return isOneLine || endsWithBlankLine ? Completeness.COMPLETE : Completeness.INCOMPLETE;
  }

  private static boolean isClosed(String code) {
    int depth = 0;
    boolean quoted = false;
    for (int i = 0; i < code.length(); i++) {
      char c = code.charAt(i);
      if (quoted) {
        i += c == '\\' ? 1 : 0;
        quoted = c != '"';
      } else if (c == '"') {
        quoted = true;
      } else if (c == '{' || c == '[') {
        depth++;
      } else if (c == '}' || c == ']') {
        depth--;
      }
    }
    return depth <= 0 && !quoted;
  }
}
