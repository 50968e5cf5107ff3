package io.sqletl.engine.cli;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeySpec;
import io.sqletl.engine.stage.StageHeader;
import io.sqletl.engine.stage.StageType;
import io.sqletl.engine.stage.StageTypes;
import java.util.List;

/** The reference of the stages as a Markdown page, from the declarations that jobs are read by. */
final class StageReference {

  private StageReference() {}

  static String markdown(StageTypes types) {
    StringBuilder page = new StringBuilder();
    page.append("# Stages\n\n");
    page.append("Made by `./etl stages --markdown`; a test fails when this page is stale.\n\n");
    page.append("Every stage has\n\n");
    table(page, KeySpec.of(StageHeader.class));
    for (StageType<?> type : types.all()) {
      page.append("\n## ").append(type.name()).append("\n\n");
      page.append(type.description()).append("\n\n");
      table(page, KeySpec.of(type.configuration()));
    }
    return page.toString();
  }

  private static void table(StringBuilder page, List<KeySpec> keys) {
    page.append("| key | type | default | |\n|---|---|---|---|\n");
    for (KeySpec key : keys) {
      page.append("| `").append(key.name()).append("` | ");
      page.append(cell(type(key))).append(" | ");
      page.append(cell(otherwise(key.declaration()))).append(" | ");
      page.append(cell(key.declaration().value())).append(" |\n");
    }
  }

  private static String type(KeySpec key) {
    return key.choices().isEmpty() ? key.typeName() : String.join(", ", key.choices());
  }

  private static String otherwise(Key key) {
    if (key.required()) {
      return "required";
    }
    return key.defaultValue().isEmpty() ? "" : "`" + key.defaultValue() + "`";
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("\n", " ");
  }
}
