package io.sqletl.engine.stage.transform;

import com.typesafe.config.ConfigList;
import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.PlannedSchema;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.typing.Schema;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The keys of a stage that cannot do without a schema, and takes it from one of three places. */
public record SchemaChoice(
    @Key("The columns of the schema; one of \"schema\", \"schemaURI\", \"schemaView\" is needed.")
        Optional<ConfigList> schema,
    @Key("The URI of the schema file.") Optional<String> schemaURI,
    @Key(
            value = "The name of a view whose rows are the columns of the schema.",
            role = Key.Role.INPUT_VIEW)
        Optional<String> schemaView) {

  private static final String INLINE = "schema";

  /** Reads the schema, and reports what is wrong with it; a view is read when the stage runs. */
  PlannedSchema plan(StagePlanning planning) {
    List<String> given =
        Stream.of(
                schema.map(list -> INLINE),
                schemaURI.map(uri -> "schemaURI"),
                schemaView.map(view -> "schemaView"))
            .flatMap(Optional::stream)
            .toList();
    String type = planning.header().type();
    if (given.isEmpty()) {
      planning.missing(
          INLINE, type + " needs one of the keys \"schema\", \"schemaURI\" and \"schemaView\"");
      return context -> Optional.empty();
    }
    if (given.size() > 1) {
      planning
          .problems()
          .accept(
              Problem.of(
                      ErrorCode.INVALID_VALUE,
                      planning.at(given.get(1)),
                      type + " has both \"" + String.join("\" and \"", given) + "\"")
                  .withRemedy("leave one"));
      return context -> Optional.empty();
    }
    if (schemaView.isPresent()) {
      return PlannedSchema.ofView(schemaView.get());
    }
    Optional<Schema> read =
        schema
            .map(list -> inline(list, planning))
            .orElseGet(() -> PlannedSchema.read(schemaURI.orElseThrow(), planning));
    return PlannedSchema.of(read);
  }

  private static Optional<Schema> inline(ConfigList columns, StagePlanning planning) {
    if (!planning.options().inlineSchema()) {
      planning
          .problems()
          .accept(
              Problem.of(
                      ErrorCode.POLICY,
                      planning.at(INLINE),
                      "A policy of this run forbids schemas within a job")
                  .withRemedy("put it into a file and name that in \"schemaURI\""));
      return Optional.empty();
    }
    return Schema.parse(
        columns, planning.block().source(), planning.problems(), planning.warnings());
  }
}
