package io.sqletl.engine.stage;

import io.sqletl.engine.typing.Schema;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A schema that is known when the stage runs. */
@FunctionalInterface
public interface PlannedSchema {

  /** The schema; nothing when the stage was given none. */
  Optional<Schema> schema(StageContext context);

  /** The schema as far as it is known before the stage runs. */
  default Optional<Schema> known() {
    return Optional.empty();
  }

  /** A schema that was read as the job was planned; nothing for a stage that was given none. */
  static PlannedSchema of(Optional<Schema> read) {
    return new PlannedSchema() {
      @Override
      public Optional<Schema> schema(StageContext context) {
        return read;
      }

      @Override
      public Optional<Schema> known() {
        return read;
      }
    };
  }

  /** A schema that is the rows of a view. */
  static PlannedSchema ofView(String view) {
    Logger log = LoggerFactory.getLogger(PlannedSchema.class);
    return context ->
        Optional.of(
            Schema.fromView(
                context.view(view), view, warning -> log.warn("{}", warning.headline())));
  }

  /** Reads a schema file that "schemaURI" names; nothing when a problem was reported. */
  static Optional<Schema> read(String uri, StagePlanning planning) {
    return planning
        .read("schemaURI", uri)
        .flatMap(
            text ->
                Schema.parse(text, planning.variables(), planning.problems(), planning.warnings()));
  }
}
