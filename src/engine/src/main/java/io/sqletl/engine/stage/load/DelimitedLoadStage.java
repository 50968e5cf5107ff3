package io.sqletl.engine.stage.load;

import io.sqletl.engine.stage.DelimitedFormat;
import io.sqletl.engine.stage.IdleKeys;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes a view as delimited text. */
public final class DelimitedLoadStage implements StageType<DelimitedLoad> {

  private static final List<String> ENCODINGS =
      List.of("UTF-8", "ISO-8859-1", "US-ASCII", "UTF-16", "UTF-16BE", "UTF-16LE");

  @Override
  public Class<DelimitedLoad> configuration() {
    return DelimitedLoad.class;
  }

  @Override
  public String description() {
    return "Writes a view as delimited text files such as CSV, as RFC 4180 says unless keys say"
        + " otherwise; columns of arrays are left out, with a warning.";
  }

  @Override
  public Stage plan(DelimitedLoad keys, StagePlanning planning) {
    keys.target().check(planning);
    keys.format().check(planning);
    keys.escape()
        .filter(escape -> escape.length() != 1)
        .ifPresent(
            escape ->
                planning.invalid(
                    "escape", "\"escape\" cannot be \"" + escape + "\"", "give one character"));
    if (!ENCODINGS.contains(keys.encoding().toUpperCase(Locale.ROOT))) {
      planning.invalid(
          "encoding",
          "\"encoding\" cannot be \"" + keys.encoding() + "\"",
          "choose one of " + String.join(", ", ENCODINGS));
    }
    Map<String, String> options = keys.format().options();
    boolean quotes = keys.format().quote() != DelimitedFormat.Quote.NONE;
    new IdleKeys(planning)
        .warn(!quotes && keys.escape().isPresent(), "escape", "where values are quoted");
    options.put("escape", keys.escape().orElse(options.get("quote")));
    // What stands around a value belongs to it
    options.put("ignoreLeadingWhiteSpace", "false");
    options.put("ignoreTrailingWhiteSpace", "false");
    // Spark's own is a pair of double quotes, whatever the quote is
    options.put("emptyValue", quotes ? options.get("quote").repeat(2) : "");
    keys.nullValue().ifPresent(text -> options.put("nullValue", text));
    options.put("encoding", keys.encoding().toUpperCase(Locale.ROOT));
    options.putAll(TextValues.TIMES);
    FormatRules rules =
        new FormatRules(
            UnsupportedColumns.WITHOUT_TYPE_AND_ARRAYS,
            WritableTypes.DELIMITED,
            new WritableNames(
                name -> !keys.format().header() || name.indexOf('\n') < 0 && name.indexOf('\r') < 0,
                "a header is one line"),
            new DelimitedValues(keys, options.get("sep")));
    return new FileLoad("csv", options, keys.target(), rules);
  }
}
