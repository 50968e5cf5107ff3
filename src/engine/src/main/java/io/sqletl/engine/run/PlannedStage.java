package io.sqletl.engine.run;

import io.sqletl.engine.job.Block;
import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.Position;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageHeader;
import io.sqletl.engine.stage.ViewReferences;
import io.sqletl.engine.stage.plugin.PluginTypes;
import java.util.List;
import java.util.Map;

/**
 * A stage that was checked, with all that the run tells of it.
 *
 * @param block where it stands
 * @param type its type's name
 * @param header the keys that every stage has
 * @param plugin the class that does it and the engine's version, as Arc's log names it
 * @param keys its own keys, ready for a log: secrets masked, absent ones left out
 * @param references what its keys refer to, by role
 * @param views what its SQL reads and makes
 * @param stage what runs
 */
public record PlannedStage(
    Block block,
    String type,
    StageHeader header,
    String plugin,
    Map<String, Object> keys,
    List<Reference> references,
    ViewReferences views,
    Stage stage) {

  /** A key whose value stands for something beyond the stage. */
  public record Reference(Key.Role role, String key, String value) {}

  /** What keys of this role say. */
  public List<String> references(Key.Role role) {
    return references.stream()
        .filter(reference -> reference.role() == role)
        .map(Reference::value)
        .toList();
  }

  /** What it reads, in order. */
  public List<StageIo> reads() {
    return StageIo.reads(this);
  }

  /** What it makes or changes, in order. */
  public List<StageIo> makes() {
    return StageIo.makes(this);
  }

  /** The same stage, done otherwise. */
  public PlannedStage withStage(Stage other) {
    return new PlannedStage(block, type, header, plugin, keys, references, views, other);
  }

  /** The stage's type, also of one whose variables are put in as it runs. */
  String ownType() {
    return type.equals(LazyPlanner.TYPE) ? PluginTypes.simpleName(header.type()) : type;
  }

  public Position position() {
    return block.position();
  }

  /** {@code stage "type trips" (cell 3)}, or with a line for a job that is no notebook. */
  public String describe() {
    int cell = block.source().cell();
    String place = cell > 0 ? "cell " + cell : "line " + block.line();
    return "stage \"" + header.name() + "\" (" + place + ")";
  }
}
