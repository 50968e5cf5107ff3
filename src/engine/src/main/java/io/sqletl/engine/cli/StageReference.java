package io.sqletl.engine.cli;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeySpec;
import io.sqletl.engine.job.Refusal;
import io.sqletl.engine.stage.Refusals;
import io.sqletl.engine.stage.StageHeader;
import io.sqletl.engine.stage.StageType;
import io.sqletl.engine.stage.StageTypes;
import java.util.Locale;
import java.util.Map;

/** The reference of the stages as a Markdown page, from the declarations that jobs are read by. */
final class StageReference {

  private final StageTypes types;
  private final Refusals refusals;
  private final StringBuilder page = new StringBuilder();

  private StageReference(StageTypes types, Refusals refusals) {
    this.types = types;
    this.refusals = refusals;
  }

  static String markdown(StageTypes types, Refusals refusals) {
    return new StageReference(types, refusals).markdown();
  }

  private String markdown() {
    line("# Stages");
    line("");
    line("Made by `./etl stages --markdown`; a test fails when this page is stale.");
    line("");
    overview();
    line("");
    line("## Every stage");
    line("");
    table(StageHeader.class, Map.of());
    for (StageType<?> type : types.all()) {
      line("");
      line("## " + type.name());
      line("");
      line(type.description());
      line("");
      table(type.configuration(), refusals.keys(type.name()));
    }
    line("");
    line("## Refused");
    line("");
    line("What the format knows and this engine does not do; a job that holds it is told so.");
    line("");
    line("| | why | instead |");
    line("|---|---|---|");
    refusals.types().forEach(this::refused);
    refusals.plugins().forEach((name, refusal) -> refused(name + " (plugin)", refusal));
    return page.toString();
  }

  private void overview() {
    line("| stage | keys | refused keys | |");
    line("|---|---|---|---|");
    for (StageType<?> type : types.all()) {
      String name = type.name();
      String refused = String.join(", ", refusals.keys(name).keySet());
      line(
          "| [%s](#%s) | %d | %s | %s |",
          name,
          name.toLowerCase(Locale.ROOT),
          KeySpec.of(type.configuration()).size(),
          refused,
          cell(type.description()));
    }
    refusals.types().forEach((name, refusal) -> line("| %s | | | [refused](#refused) |", name));
  }

  private void table(Class<? extends Record> configuration, Map<String, Refusal> refused) {
    line("| key | type | default | |");
    line("|---|---|---|---|");
    rows("", configuration);
    refused.forEach(
        (key, refusal) ->
            line(
                "| `%s` | | | Refused because %s; %s. |",
                key, cell(refusal.reason()), cell(refusal.instead())));
  }

  private void rows(String path, Class<? extends Record> configuration) {
    for (KeySpec key : KeySpec.of(configuration)) {
      line(
          "| `%s` | %s | %s | %s |",
          path + key.name(),
          cell(type(key)),
          cell(otherwise(key.declaration())),
          cell(key.declaration().value()));
      if (key.valueType().isRecord()) {
        rows(path + key.name() + ".", key.valueType().asSubclass(Record.class));
      }
    }
  }

  private void refused(String name, Refusal refusal) {
    line("| %s | %s | %s |", name, cell(refusal.reason()), cell(refusal.instead()));
  }

  private static String type(KeySpec key) {
    return key.choices().isEmpty() ? key.typeName() : String.join(", ", key.choices());
  }

  private static String otherwise(Key key) {
    if (key.required()) {
      return "required";
    }
    String value = key.defaultValue().replace("\n", "\\n");
    return value.isEmpty() ? "" : "`" + value + "`";
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("\n", " ");
  }

  private void line(String format, Object... arguments) {
    page.append(arguments.length == 0 ? format : String.format(Locale.ROOT, format, arguments));
    page.append('\n');
  }
}
