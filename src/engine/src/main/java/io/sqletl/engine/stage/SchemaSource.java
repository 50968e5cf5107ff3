package io.sqletl.engine.stage;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.typing.Schema;
import java.util.Optional;

/** The keys of a stage that knows what its data should look like. */
public record SchemaSource(
    @Key("The URI of the schema file; its columns' metadata go to the columns of the same name.")
        Optional<String> schemaURI,
    @Key(
            value =
                "The name of a view whose rows are the columns of the schema; counts before"
                    + " \"schemaURI\".",
            role = Key.Role.INPUT_VIEW)
        Optional<String> schemaView) {

  /** Whether the stage has a schema. */
  public boolean isGiven() {
    return schemaURI.isPresent() || schemaView.isPresent();
  }

  /** Reads a schema file, and reports what is wrong with it; a view is read when the stage runs. */
  public PlannedSchema plan(StagePlanning planning) {
    if (schemaView.isPresent()) {
      return PlannedSchema.ofView(schemaView.get());
    }
    Optional<Schema> schema = schemaURI.flatMap(uri -> PlannedSchema.read(uri, planning));
    return PlannedSchema.of(schema);
  }
}
