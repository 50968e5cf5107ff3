package io.sqletl.engine.run;

import io.sqletl.engine.job.Block;
import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.NearestName;
import io.sqletl.engine.job.Position;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.job.Refusal;
import io.sqletl.engine.stage.plugin.PluginTypes.Found;
import java.util.List;
import java.util.Optional;

/** Says what is wrong with a type that a job file names. */
final class UnknownType {

  private UnknownType() {}

  /**
   * @param kind what should have the name: {@code stage}
   * @param found what became of it
   * @param names the names that there are
   */
  static Problem of(
      Block block,
      String kind,
      String typeName,
      Found<?> found,
      List<String> names,
      Optional<Refusal> refusal) {
    Position position = block.valuePosition("type");
    if (refusal.isPresent()) {
      return refusal.get().problem(position, typeName + " is refused");
    }
    if (found instanceof Found.Several<?> several) {
      return Problem.of(
              ErrorCode.UNKNOWN_STAGE,
              position,
              "More than one " + kind + " is called \"" + typeName + "\"")
          .withRemedy("name the class: one of " + String.join(", ", several.classes()));
    }
    if (found instanceof Found.OtherVersion<?> other) {
      return Problem.of(
              ErrorCode.UNKNOWN_STAGE,
              position,
              "No " + kind + " is called \"" + typeName + "\" in that version")
          .withRemedy("the versions are " + String.join(", ", other.versions()));
    }
    return Problem.of(
            ErrorCode.UNKNOWN_STAGE, position, "No " + kind + " is called \"" + typeName + "\"")
        .withRemedy(
            NearestName.question(typeName, names)
                .orElse(
                    kind.equals("stage")
                        ? "`etl stages` lists the stages that there are; a stage of a plugin needs"
                            + " its jar in ETL_CLASSPATH"
                        : "there are "
                            + String.join(", ", names)
                            + "; others need their jar in ETL_CLASSPATH"));
  }
}
