package io.sqletl.engine.stage.json;

import java.util.Optional;
import java.util.Set;

/** The fields that objects of one place have in the records that were looked at. */
public final class SeenFields {

  /** Of so many records one object is too few to say what fields the others have. */
  private static final int RARE = 10;

  private final JsonShape shape;
  private final long records;

  SeenFields(JsonShape shape, long records) {
    this.shape = shape;
    this.records = records;
  }

  /** Their names, as the records have them. */
  public Set<String> names() {
    return Set.copyOf(shape.names());
  }

  /** Those of the objects in a field, or in a list there; nothing if there is not one. */
  public Optional<SeenFields> within(String name) {
    return shape.within(name).map(inner -> new SeenFields(inner, records));
  }

  /** Whether there are so few objects that a field may be missing in them by chance. */
  public boolean areOfFew() {
    return shape.objects() < records / RARE;
  }
}
