package io.sqletl.engine.stage;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyText;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.catalyst.csv.CSVExprUtils;

/** The keys that say how delimited text is written. */
public record DelimitedFormat(
    @Key(value = "What stands between two values of a line.", defaultValue = "Comma")
        Delimiter delimiter,
    @Key(
            "What stands between two values when \"delimiter\" is Custom: one or more characters,"
                + " \\t for a tab.")
        Optional<String> customDelimiter,
    @Key(
            value = "What stands around a value that holds a delimiter or a line break.",
            defaultValue = "DoubleQuote")
        Quote quote,
    @Key(value = "Whether the first line of each file names the columns.", defaultValue = "false")
        boolean header) {

  /** What stands between two values. */
  public enum Delimiter implements KeyText {
    COMMA("Comma", ","),
    PIPE("Pipe", "|"),
    DEFAULT_HIVE("DefaultHive", "\u0001"),
    CUSTOM("Custom", "");

    private final String text;
    private final String separator;

    Delimiter(String text, String separator) {
      this.text = text;
      this.separator = separator;
    }

    @Override
    public String text() {
      return text;
    }
  }

  /** What stands around a value. */
  public enum Quote implements KeyText {
    DOUBLE_QUOTE("DoubleQuote", "\""),
    SINGLE_QUOTE("SingleQuote", "'"),
    NONE("None", "\u0000");

    private final String text;
    private final String character;

    Quote(String text, String character) {
      this.text = text;
      this.character = character;
    }

    @Override
    public String text() {
      return text;
    }
  }

  /** Reports what is wrong with the keys. */
  public void check(StagePlanning planning) {
    if (delimiter != Delimiter.CUSTOM) {
      new IdleKeys(planning)
          .warn(customDelimiter.isPresent(), "customDelimiter", "with \"delimiter\": \"Custom\"");
      return;
    }
    if (customDelimiter.isEmpty()) {
      planning.missing(
          "customDelimiter", "\"delimiter\" is Custom, which needs the key \"customDelimiter\"");
      return;
    }
    try {
      String text = CSVExprUtils.toDelimiterStr(customDelimiter.get());
      if (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0 || text.equals(quote.character)) {
        planning.invalid(
            "customDelimiter",
            "\"customDelimiter\" cannot be a line end or the quote",
            "give one or more other characters, such as \";\" or \"\\t\" for a tab");
      }
    } catch (IllegalArgumentException e) {
      planning.invalid(
          "customDelimiter",
          "\"customDelimiter\" cannot be \"" + customDelimiter.get() + "\"",
          "give one or more characters, such as \";\" or \"\\t\" for a tab");
    }
  }

  /** The options of Spark's reader and writer that say the same. */
  public Map<String, String> options() {
    Map<String, String> options = new LinkedHashMap<>();
    options.put(
        "sep", delimiter == Delimiter.CUSTOM ? customDelimiter.orElse(",") : delimiter.separator);
    options.put("quote", quote.character);
    options.put("header", Boolean.toString(header));
    return options;
  }
}
